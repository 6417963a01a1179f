package kubernetes.admission

import rego.v1

# METADATA
# title: "Images are never `latest`"
# custom:
#   id: no-latest-tag
#   severity: medium
deny contains violation if {
	some container in containers
	endswith(container.image, ":latest")
	violation := {
		"msg": sprintf("container `%s` runs `%s`", [container.name, container.image]),
		"found": container.image,
	}
}
