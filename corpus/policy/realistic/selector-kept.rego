package kubernetes.admission

import rego.v1

# METADATA
# title: A selector stays what it is
# custom:
#   id: selector-kept
#   severity: high
deny contains "the selector must not change" if {
	input.request.operation == "UPDATE"
	workload.spec.selector != input.request.oldObject.spec.selector
}
