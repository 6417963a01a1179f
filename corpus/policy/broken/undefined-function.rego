package kubernetes.admission

deny[msg] {
	input.request.kind.kind == "Deployment"
	not input.request.object.metadata.labels.hasOwnProperty("finops.apexlogic.com/cost-center")
	msg := "no cost centre"
}
