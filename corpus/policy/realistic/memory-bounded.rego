package kubernetes.admission

import rego.v1

# METADATA
# title: Containers take at most 8 GiB
# custom:
#   id: memory-bounded
#   severity: medium
deny contains msg if {
	some container in containers
	units.parse_bytes(container.resources.limits.memory) > 8589934592
	msg := sprintf("container `%s` takes %s", [container.name, container.resources.limits.memory])
}
