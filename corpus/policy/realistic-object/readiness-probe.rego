package main

import rego.v1

# METADATA
# title: Containers have a readiness probe
# custom:
#   id: readiness-probe
#   severity: medium
deny contains msg if {
	some container in pod.containers
	not container.readinessProbe
	msg := sprintf("container `%s` has no readiness probe", [container.name])
}
