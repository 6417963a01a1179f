package main

import rego.v1

# METADATA
# title: Cost centres are approved
# custom:
#   id: cost-centre-approved
#   severity: high
deny contains violation if {
	value := labels["finops.apexlogic.com/cost-center"]
	not data.cost_centers[value]
	violation := {"msg": sprintf("cost centre `%s` is not approved", [value]), "found": value}
}
