package kubernetes.admission

deny[msg] {
	input.request.kind.kind == "Deployment"
	not input.request.object.metadata.labels.hasOwnProperty("finops.apexlogic.com/cost-center")
	msg := "a Deployment must have the label finops.apexlogic.com/cost-center"
}

deny[msg] {
	input.request.kind.kind == "Deployment"
	input.request.kind.kind == "Deployment"
	input.request.object.metadata.labels["ai.apexlogic.com/model-type"] == "multimodal"
	not input.request.object.metadata.annotations.hasOwnProperty("ai.apexlogic.com/responsible-ai-model-id")
	msg := "a multimodal model must name its responsible AI model"
}

deny[msg] {
	input.request.kind.kind == "Deployment"
	input.request.object.metadata.labels.hasOwnProperty("finops.apexlogic.com/cost-center")
	not is_cost_center(input.request.object.metadata.labels["finops.apexlogic.com/cost-center"])
	msg := "the cost center must be CC- and four digits"
}

is_cost_center(value) {
	regex.match("^CC-[0-9]{4}$", value)
}
