package workload_test

import data.workload

good := {
	"name": "api",
	"image": "registry.apexlogic.com/shop/api:1.0",
	"resources": {"requests": {"cpu": "1", "memory": "1Gi"}},
}

gpu := object.union(good, {"resources": {"limits": {"nvidia.com/gpu": "1"}}})

pod(container) := {"containers": [container]}

deployment(container) := {"kind": "Deployment", "spec": {"replicas": 2, "template": {"spec": pod(container)}}}

paths(object) := {finding.path | some finding in workload.deny with input as object}

messages(object) := {finding.msg | some finding in workload.deny with input as object}

test_a_good_deployment_is_allowed if {
	messages(deployment(good)) == set()
}

test_an_object_without_pods_is_allowed if {
	messages({"kind": "ConfigMap", "data": {"image": "nginx"}}) == set()
}

test_other_registries_are_denied if {
	every image in ["nginx:1.27", "docker.io/library/nginx:1.27", "registry.apexlogic.com.evil.example/a:1"] {
		messages(deployment(object.union(good, {"image": image}))) == {sprintf("image `%s` does not come from an approved registry", [image])}
	}
}

test_an_unpinned_image_is_denied if {
	every image in ["registry.apexlogic.com/api", "registry.apexlogic.com/api:latest", "registry.apexlogic.com/api:"] {
		messages(deployment(object.union(good, {"image": image}))) == {sprintf("image `%s` is not pinned to a version", [image])}
	}
}

test_a_digest_pins if {
	messages(deployment(object.union(good, {"image": "registry.apexlogic.com/api@sha256:0a1b"}))) == set()
}

test_a_privileged_container_is_denied if {
	privileged := object.union(good, {"securityContext": {"privileged": true}})
	messages(deployment(privileged)) == {"container `api` is privileged"}
}

test_init_containers_count_too if {
	spec := {"containers": [good], "initContainers": [object.union(good, {"securityContext": {"privileged": true}})]}
	paths({"kind": "Pod", "spec": spec}) == {"spec.initContainers[0].securityContext.privileged"}
}

test_each_missing_request_is_denied if {
	without := {"name": "api", "image": good.image}
	messages(deployment(without)) == {"container `api` requests no cpu", "container `api` requests no memory"}
}

test_a_gpu_job_without_a_deadline_is_denied if {
	paths({"kind": "Job", "spec": {"template": {"spec": pod(gpu)}}}) == {"spec.activeDeadlineSeconds"}
}

test_a_gpu_cronjob_without_a_deadline_is_denied if {
	job := {"spec": {"template": {"spec": pod(gpu)}}}
	paths({"kind": "CronJob", "spec": {"jobTemplate": job}}) == {"spec.jobTemplate.spec.activeDeadlineSeconds"}
}

test_a_gpu_job_with_a_deadline_is_allowed if {
	messages({"kind": "Job", "spec": {"activeDeadlineSeconds": 3600, "template": {"spec": pod(gpu)}}}) == set()
}

test_a_job_without_gpus_needs_no_deadline if {
	messages({"kind": "Job", "spec": {"template": {"spec": pod(good)}}}) == set()
}

test_a_gpu_deployment_needs_no_deadline if {
	messages(deployment(gpu)) == set()
}

in_tier(tier, spec) := {
	"kind": "Deployment",
	"spec": object.union({"template": {"spec": pod(good)}}, spec),
	"context": {"namespace": {"metadata": {"labels": {"tier": tier}}}},
}

test_one_replica_in_production_is_denied if {
	messages(in_tier("production", {"replicas": 1})) == {"a production namespace needs 2 replicas or more, not 1"}
}

test_no_replicas_means_one if {
	messages(in_tier("production", {})) == {"a production namespace needs 2 replicas or more, not 1"}
}

test_two_replicas_in_production_are_allowed if {
	messages(in_tier("production", {"replicas": 2})) == set()
}

test_one_replica_elsewhere_is_allowed if {
	messages(in_tier("batch", {"replicas": 1})) == set()
}
