package finops_test

import data.finops
import rego.v1

deployment(metadata) := {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata}

test_missing_labels_are_denied if {
	count(finops.deny) == 1 with input as deployment({"name": "api"})
}

test_malformed_cost_centre_is_denied if {
	found := finops.deny with input as deployment({"labels": {"finops.apexlogic.com/cost-center": "CC-12"}})
	some violation in found
	violation.found == "CC-12"
}

test_other_kinds_pass if {
	count(finops.deny) == 0 with input as {"kind": "ConfigMap"}
}

test_this_one_fails if finops.deny == {"never"}

todo_test_budget if false
