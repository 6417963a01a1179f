package team

# METADATA
# title: Every Deployment names its team
# custom:
#   id: team-present
deny contains {"msg": "label `team` is missing", "path": "metadata.labels.team"} if {
	input.kind == "Deployment"
	not input.metadata.labels.team
}
