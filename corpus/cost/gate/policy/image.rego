# METADATA
# title: Image named
# custom:
#   id: image-named
package bench.image

import rego.v1

deny contains "a container names its image" if {
	some container in input.spec.template.spec.containers
	not container.image
}
