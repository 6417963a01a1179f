package kubernetes.admission

import rego.v1

# METADATA
# title: Pods share no namespaces with the host
# custom:
#   id: no-host-namespaces
#   severity: critical
deny contains msg if {
	some field in ["hostNetwork", "hostPID", "hostIPC"]
	pod[field] == true
	msg := sprintf("the pod sets `%s`", [field])
}
