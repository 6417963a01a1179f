package workload

# METADATA
# title: Images come from approved registries
# custom:
#   id: approved-registry
#   severity: high
#   remedy: mirror the image to registry.apexlogic.com, or ask the platform team to add its source to policy/registries.yaml
deny contains finding if {
	some place in containers
	not from_approved_registry(place.container.image)
	finding := {
		"msg": sprintf("image `%s` does not come from an approved registry", [place.container.image]),
		"path": sprintf("%s.image", [place.path]),
		"expected": sprintf("one of %s", [concat(", ", data.registries.approved)]),
		"found": place.container.image,
	}
}

# METADATA
# title: A Job on GPUs has a deadline
# description: A Job that hangs on four H100s costs more in a night than most services in a month.
# custom:
#   id: gpu-job-deadline
#   severity: high
#   remedy: set activeDeadlineSeconds to the longest run that you would pay for
deny contains finding if {
	path := job.path
	not job.spec.activeDeadlineSeconds
	some place in containers
	place.container.resources.limits["nvidia.com/gpu"]
	finding := {
		"msg": "a Job on GPUs without a deadline",
		"path": sprintf("%s.activeDeadlineSeconds", [path]),
		"expected": "a number of seconds",
		"found": "none",
	}
}

# METADATA
# title: Images are pinned
# description: What `latest` means changes without a commit.
# custom:
#   id: image-pinned
#   severity: medium
#   remedy: name the version, or better the digest
deny contains finding if {
	some place in containers
	not pinned(place.container.image)
	finding := {
		"msg": sprintf("image `%s` is not pinned to a version", [place.container.image]),
		"path": sprintf("%s.image", [place.path]),
		"expected": "a tag other than latest, or a digest",
		"found": place.container.image,
	}
}

# METADATA
# title: No container is privileged
# custom:
#   id: no-privileged-container
#   severity: critical
#   remedy: take `privileged` out, and add the one capability that is needed
deny contains finding if {
	some place in containers
	place.container.securityContext.privileged == true
	finding := {
		"msg": sprintf("container `%s` is privileged", [place.container.name]),
		"path": sprintf("%s.securityContext.privileged", [place.path]),
		"expected": "false",
		"found": "true",
	}
}

# METADATA
# title: A Deployment in production runs at least two replicas
# description: With one replica each node upgrade is an outage.
# custom:
#   id: replicas-in-production
#   severity: medium
#   remedy: set replicas to 2 or more
deny contains finding if {
	input.kind == "Deployment"
	input.context.namespace.metadata.labels.tier == "production"
	replicas := object.get(input.spec, "replicas", 1)
	replicas < 2
	finding := {
		"msg": sprintf("a production namespace needs 2 replicas or more, not %d", [replicas]),
		"path": "spec.replicas",
		"expected": "2 or more",
		"found": sprintf("%d", [replicas]),
	}
}

# METADATA
# title: Containers say what they need
# description: Without requests the scheduler packs blindly, and nobody can tell what a workload costs.
# custom:
#   id: resource-requests
#   severity: low
#   remedy: set resources.requests.cpu and resources.requests.memory
deny contains finding if {
	some place in containers
	some resource in ["cpu", "memory"]
	not place.container.resources.requests[resource]
	finding := {
		"msg": sprintf("container `%s` requests no %s", [place.container.name, resource]),
		"path": sprintf("%s.resources.requests.%s", [place.path, resource]),
		"expected": "a quantity",
		"found": "none",
	}
}

# The containers of whatever makes pods, and where they stand.
containers := [{"container": container, "path": path} |
	some field in ["initContainers", "containers"]
	some index, container in pod.spec[field]
	path := sprintf("%s.%s[%d]", [pod.path, field, index])
]

pod := {"spec": input.spec, "path": "spec"} if input.kind == "Pod"

pod := {"spec": input.spec.template.spec, "path": "spec.template.spec"} if {
	input.kind in {"Deployment", "StatefulSet", "DaemonSet", "Job"}
}

pod := {
	"spec": input.spec.jobTemplate.spec.template.spec,
	"path": "spec.jobTemplate.spec.template.spec",
} if {
	input.kind == "CronJob"
}

job := {"spec": input.spec, "path": "spec"} if input.kind == "Job"

job := {"spec": input.spec.jobTemplate.spec, "path": "spec.jobTemplate.spec"} if input.kind == "CronJob"

from_approved_registry(image) if {
	some prefix in data.registries.approved
	startswith(image, prefix)
}

pinned(image) if contains(image, "@sha256:")

pinned(image) if {
	steps := split(image, "/")
	parts := split(steps[count(steps) - 1], ":")
	count(parts) == 2
	not parts[1] in {"", "latest"}
}
