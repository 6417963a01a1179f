package main

import rego.v1

# METADATA
# title: Containers limit memory
# custom:
#   id: memory-limit
#   severity: high
deny contains msg if {
	some container in containers
	not container.resources.limits.memory
	msg := sprintf("container `%s` has no memory limit", [container.name])
}
