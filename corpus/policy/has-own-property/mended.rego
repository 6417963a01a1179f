package kubernetes.admission

import future.keywords.in

deny[msg] {
	input.request.kind.kind == "Deployment"
	not "finops.apexlogic.com/cost-center" in object.keys(object.get(input.request.object.metadata, "labels", {}))
	msg := "a Deployment must have the label finops.apexlogic.com/cost-center"
}

deny[msg] {
	input.request.kind.kind == "Deployment"
	input.request.object.metadata.labels["ai.apexlogic.com/model-type"] == "multimodal"
	not "ai.apexlogic.com/responsible-ai-model-id" in object.keys(object.get(input.request.object.metadata, "annotations", {}))
	msg := "a multimodal model must name its responsible AI model"
}

deny[msg] {
	input.request.kind.kind == "Deployment"
	"finops.apexlogic.com/cost-center" in object.keys(object.get(input.request.object.metadata, "labels", {}))
	not is_cost_center(input.request.object.metadata.labels["finops.apexlogic.com/cost-center"])
	msg := "the cost center must be CC- and four digits"
}

is_cost_center(value) {
	regex.match("^CC-[0-9]{4}$", value)
}
