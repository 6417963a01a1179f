# METADATA
# title: FinOps
# description: Every Deployment names who pays for it.
package finops

import rego.v1

deployment if input.kind == "Deployment"

labels := object.get(input, ["metadata", "labels"], {})

annotations := object.get(input, ["metadata", "annotations"], {})

cost_center := object.get(labels, "finops.apexlogic.com/cost-center", null)

# METADATA
# title: Cost centre is named
# custom:
#   severity: high
#   remedy: add the label `finops.apexlogic.com/cost-center`
deny contains violation if {
	deployment
	cost_center == null
	violation := {
		"msg": "a Deployment names no cost centre",
		"path": ["metadata", "labels", "finops.apexlogic.com/cost-center"],
		"expected": "a cost centre such as CC-1234",
	}
}

# METADATA
# title: Cost centre is well formed
# custom:
#   id: cost-centre-format
#   severity: medium
deny contains violation if {
	deployment
	cost_center != null
	not regex.match(`^CC-[0-9]{4}$`, cost_center)
	violation := {
		"msg": sprintf("cost centre `%v` is not well formed", [cost_center]),
		"path": `metadata.labels["finops.apexlogic.com/cost-center"]`,
		"expected": "must match ^CC-[0-9]{4}$",
		"found": cost_center,
	}
}

# METADATA
# title: A multimodal model names its responsible AI model
# custom:
#   severity: critical
deny contains msg if {
	deployment
	labels["ai.apexlogic.com/model-type"] == "multimodal"
	not annotations["ai.apexlogic.com/responsible-ai-model-id"]
	msg := "a multimodal model names no responsible AI model"
}
