package main

import rego.v1

# METADATA
# title: Containers limit CPU
# custom:
#   id: cpu-limit
#   severity: medium
deny contains msg if {
	some container in containers
	not container.resources.limits.cpu
	msg := sprintf("container `%s` has no CPU limit", [container.name])
}
