package kubernetes.admission

import rego.v1

# METADATA
# title: Images come from approved registries
# custom:
#   id: approved-registry
#   severity: critical
deny contains violation if {
	some container in containers
	not from_approved(container.image)
	violation := {
		"msg": sprintf("container `%s` comes from a registry that is not approved", [container.name]),
		"found": container.image,
	}
}

from_approved(image) if {
	some registry in data.registries
	startswith(image, registry)
}
