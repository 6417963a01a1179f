package main

import rego.v1

# METADATA
# title: Secrets do not stand in the environment
# custom:
#   id: env-secret-names
#   severity: high
deny contains violation if {
	some container in containers
	some variable in container.env
	regex.match(`(?i)(password|secret|token|api[_-]?key)`, variable.name)
	variable.value
	violation := {
		"msg": sprintf("container `%s` has `%s` in plain text", [container.name, variable.name]),
		"remedy": "use `valueFrom.secretKeyRef`",
	}
}
