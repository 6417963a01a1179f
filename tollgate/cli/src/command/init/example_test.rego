package example

test_a_deployment_without_a_team_is_denied if {
	count(deny) == 1 with input as {"kind": "Deployment", "metadata": {"name": "api"}}
}

test_a_deployment_with_a_team_is_allowed if {
	labels := {"team": "shop"}
	count(deny) == 0 with input as {"kind": "Deployment", "metadata": {"name": "api", "labels": labels}}
}
