package kubernetes.admission

import rego.v1

# METADATA
# title: Production has at least two replicas
# custom:
#   id: replicas
#   severity: medium
deny contains msg if {
	labels.environment == "production"
	workload.spec.replicas < 2
	msg := sprintf("%d replicas are too few for production", [workload.spec.replicas])
}
