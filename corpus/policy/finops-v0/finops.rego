package finops

deployment {
	input.request.kind.kind == "Deployment"
}

labels := object.get(object.get(input.request.object, "metadata", {}), "labels", {})

annotations := object.get(object.get(input.request.object, "metadata", {}), "annotations", {})

# METADATA
# title: Cost centre is named
# custom:
#   severity: high
deny[msg] {
	deployment
	not labels["finops.apexlogic.com/cost-center"]
	msg := "a Deployment names no cost centre"
}

# METADATA
# title: Cost centre is well formed
# custom:
#   id: cost-centre-format
deny[{"msg": msg, "path": ["metadata", "labels", "finops.apexlogic.com/cost-center"], "found": value}] {
	deployment
	value := labels["finops.apexlogic.com/cost-center"]
	not regex.match("^CC-[0-9]{4}$", value)
	msg := sprintf("cost centre `%v` is not well formed", [value])
}

# METADATA
# title: A multimodal model names its responsible AI model
deny[msg] {
	deployment
	labels["ai.apexlogic.com/model-type"] == "multimodal"
	not annotations["ai.apexlogic.com/responsible-ai-model-id"]
	msg := "a multimodal model names no responsible AI model"
}
