package kubernetes.admission

import rego.v1

# METADATA
# title: Containers do not run as root
# custom:
#   id: non-root
#   severity: high
deny contains msg if {
	some container in containers
	not pod.securityContext.runAsNonRoot
	not container.securityContext.runAsNonRoot
	msg := sprintf("container `%s` may run as root", [container.name])
}
