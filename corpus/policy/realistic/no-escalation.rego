package kubernetes.admission

import rego.v1

# METADATA
# title: Containers forbid privilege escalation
# custom:
#   id: no-escalation
#   severity: high
deny contains msg if {
	some container in containers
	not container.securityContext.allowPrivilegeEscalation == false
	msg := sprintf("container `%s` allows privilege escalation", [container.name])
}
