package main

import rego.v1

allowed_capabilities := {"NET_BIND_SERVICE", "CHOWN"}

# METADATA
# title: Containers drop all capabilities and add few
# custom:
#   id: capabilities
#   severity: high
deny contains msg if {
	some container in containers
	added := {capability | some capability in container.securityContext.capabilities.add}
	extra := added - allowed_capabilities
	count(extra) > 0
	msg := sprintf("container `%s` adds %s", [container.name, concat(", ", sort(extra))])
}

# METADATA
# title: Containers drop all capabilities and add few
# custom:
#   id: capabilities
#   severity: high
deny contains msg if {
	some container in containers
	not "ALL" in object.get(container, ["securityContext", "capabilities", "drop"], [])
	msg := sprintf("container `%s` does not drop all capabilities", [container.name])
}
