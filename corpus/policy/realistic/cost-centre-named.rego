package kubernetes.admission

import rego.v1

# METADATA
# title: Workloads name their cost centre
# custom:
#   id: cost-centre-named
#   severity: high
deny contains "no cost centre is named" if not labels["finops.apexlogic.com/cost-center"]
