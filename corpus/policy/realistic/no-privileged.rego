package kubernetes.admission

import rego.v1

# METADATA
# title: Containers are not privileged
# custom:
#   id: no-privileged
#   severity: critical
deny contains violation if {
	some at, container in pod.containers
	container.securityContext.privileged
	violation := {
		"msg": sprintf("container `%s` is privileged", [container.name]),
		"path": ["spec", "template", "spec", "containers", at, "securityContext", "privileged"],
	}
}
