package kubernetes.admission

import rego.v1

workload := input.request.object

labels := object.get(workload, ["metadata", "labels"], {})

pod := workload.spec.template.spec

containers := array.concat(object.get(pod, "initContainers", []), pod.containers)
