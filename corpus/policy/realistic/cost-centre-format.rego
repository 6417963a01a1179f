package kubernetes.admission

import rego.v1

# METADATA
# title: Cost centres are well formed
# custom:
#   id: cost-centre-format
#   severity: medium
deny contains violation if {
	value := labels["finops.apexlogic.com/cost-center"]
	not regex.match(`^CC-[0-9]{4}$`, value)
	violation := {
		"msg": sprintf("cost centre `%s` is not well formed", [value]),
		"path": ["metadata", "labels", "finops.apexlogic.com/cost-center"],
		"expected": "must match ^CC-[0-9]{4}$",
		"found": value,
	}
}
