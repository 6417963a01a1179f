package main

import rego.v1

workload := input

labels := object.get(workload, ["metadata", "labels"], {})

pod := workload.spec.template.spec

containers := array.concat(object.get(pod, "initContainers", []), pod.containers)
