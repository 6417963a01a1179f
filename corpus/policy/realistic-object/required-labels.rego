package main

import rego.v1

# METADATA
# title: Workloads name their team and application
# custom:
#   id: required-labels
#   severity: medium
deny contains violation if {
	some label in ["app.kubernetes.io/name", "app.kubernetes.io/part-of", "team"]
	not labels[label]
	violation := {
		"msg": sprintf("label `%s` is missing", [label]),
		"path": ["metadata", "labels", label],
	}
}
