package finops

cost_centre := "finops.apexlogic.com/cost-center"

model_type := "ai.apexlogic.com/model-type"

responsible_ai_model := "ai.apexlogic.com/responsible-ai-model-id"

pattern := "^CC-[0-9]{4}$"

# METADATA
# title: Every Deployment names its cost centre
# description: What a Deployment costs is charged to the cost centre on its label. Without one nobody pays, so nobody looks.
# custom:
#   id: cost-centre-present
#   severity: high
#   remedy: add the label `finops.apexlogic.com/cost-center` with your team's cost centre, such as CC-1001
deny contains finding if {
	input.kind == "Deployment"
	not cost_centre in object.keys(labels)
	finding := {
		"msg": sprintf("label `%s` is missing", [cost_centre]),
		"path": sprintf("metadata.labels[\"%s\"]", [cost_centre]),
		"expected": "the cost centre that pays for it",
		"found": "no such label",
	}
}

# METADATA
# title: A cost centre is written as CC-0000
# description: The ledger of the finance department knows cost centres as CC- and four digits, and drops any other.
# custom:
#   id: cost-centre-format
#   severity: high
#   remedy: write CC- and the four digits of your cost centre
deny contains finding if {
	input.kind == "Deployment"
	value := labels[cost_centre]
	not well_formed(value)
	finding := {
		"msg": sprintf("cost centre `%v` is not of the form CC-0000", [value]),
		"path": sprintf("metadata.labels[\"%s\"]", [cost_centre]),
		"expected": sprintf("a value matching %s", [pattern]),
		"found": sprintf("%v", [value]),
	}
}

# METADATA
# title: A multimodal model is one that Responsible AI has reviewed
# description: Models that read images, sound or video need a review. Its number ties what is deployed to what was reviewed.
# custom:
#   id: responsible-ai-model
#   severity: critical
#   remedy: ask Responsible AI for a review, and put its number in the annotation `ai.apexlogic.com/responsible-ai-model-id`
deny contains finding if {
	input.kind == "Deployment"
	labels[model_type] == "multimodal"
	object.get(annotations, responsible_ai_model, "") == ""
	finding := {
		"msg": sprintf("multimodal model without annotation `%s`", [responsible_ai_model]),
		"path": sprintf("metadata.annotations[\"%s\"]", [responsible_ai_model]),
		"expected": "the number of its Responsible AI review",
		"found": "none",
	}
}

well_formed(value) if {
	is_string(value)
	regex.match(pattern, value)
}

# Missing altogether, or null, is the same as empty.
default labels := {}

labels := input.metadata.labels if is_object(input.metadata.labels)

default annotations := {}

annotations := input.metadata.annotations if is_object(input.metadata.annotations)
