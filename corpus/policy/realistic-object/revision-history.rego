package main

import rego.v1

# METADATA
# title: Old revisions are kept
# custom:
#   id: revision-history
#   severity: low
deny contains "fewer than two old revisions are kept" if {
	workload.spec.revisionHistoryLimit < 2
}
