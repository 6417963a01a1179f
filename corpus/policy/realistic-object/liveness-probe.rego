package main

import rego.v1

# METADATA
# title: Containers have a liveness probe
# custom:
#   id: liveness-probe
#   severity: low
warn contains msg if {
	some container in pod.containers
	not container.livenessProbe
	msg := sprintf("container `%s` has no liveness probe", [container.name])
}
