package kubernetes.admission

import rego.v1

# METADATA
# title: Images have a tag or a digest
# custom:
#   id: image-tagged
#   severity: medium
deny contains msg if {
	some container in containers
	not regex.match(`(:[A-Za-z0-9_][A-Za-z0-9_.-]*|@sha256:[0-9a-f]{64})$`, container.image)
	msg := sprintf("container `%s` runs `%s` without tag or digest", [container.name, container.image])
}
