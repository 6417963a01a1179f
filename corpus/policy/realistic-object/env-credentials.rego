package main

import rego.v1

# METADATA
# title: No URL in the environment holds credentials
# custom:
#   id: env-credentials
#   severity: critical
deny contains msg if {
	some container in containers
	some variable in container.env
	regex.match(`^[a-z][a-z0-9+.-]*://[^/:@]+:[^@]+@`, variable.value)
	msg := sprintf("`%s` of container `%s` holds credentials", [variable.name, container.name])
}
