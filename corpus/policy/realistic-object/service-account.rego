package main

import rego.v1

# METADATA
# title: Pods have a service account of their own
# custom:
#   id: service-account
#   severity: medium
deny contains "the pod uses the default service account" if {
	object.get(pod, "serviceAccountName", "default") == "default"
}
