package kubernetes.admission

import rego.v1

# METADATA
# title: Pods mount nothing from the host
# custom:
#   id: no-host-path
#   severity: critical
deny contains msg if {
	some volume in pod.volumes
	volume.hostPath
	msg := sprintf("volume `%s` mounts `%s` of the host", [volume.name, volume.hostPath.path])
}
