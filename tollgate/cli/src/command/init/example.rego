package example

# METADATA
# title: Every Deployment names its team
# description: Whoever is woken at night must know whom to call.
# custom:
#   id: team-present
#   severity: medium
#   remedy: add the label `team` with your team's name
deny contains finding if {
	input.kind == "Deployment"
	labels := object.get(input.metadata, "labels", {})
	object.get(labels, "team", "") == ""
	finding := {
		"msg": "label `team` is missing",
		"path": "metadata.labels.team",
		"expected": "a team's name",
	}
}
