package main

import rego.v1

# METADATA
# title: Containers have a read-only root
# custom:
#   id: read-only-root
#   severity: low
warn contains msg if {
	some container in containers
	not container.securityContext.readOnlyRootFilesystem
	msg := sprintf("container `%s` can write to its root", [container.name])
}
