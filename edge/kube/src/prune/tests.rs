use serde_json::{Value as Json, json};

use super::*;
use crate::json::value_of;

#[track_caller]
fn leaves(object: &Json, wanted: &Json) {
    let once = prune(value_of(object));
    assert_eq!(once, value_of(wanted), "{once:#?}");
    assert_eq!(prune(once.clone()), once, "twice is once");
}

/// With all that the API server and people put into one.
fn pod_spec() -> Json {
    json!({
        "containers": [{
            "name": "web", "image": "web:1", "command": ["sh"], "args": ["-c"], "workingDir": "/",
            "env": [{"name": "PASSWORD", "value": "hunter2"}], "envFrom": [{"secretRef": {"name": "s"}}],
            "ports": [{"containerPort": 80}], "volumeMounts": [{"name": "data", "mountPath": "/data"}],
            "livenessProbe": {"exec": {"command": ["true"]}}, "readinessProbe": {}, "startupProbe": {},
            "lifecycle": {}, "securityContext": {}, "imagePullPolicy": "Always",
            "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
            "resources": {"requests": {"cpu": "100m"}, "limits": {"nvidia.com/gpu": 1}},
        }],
        "initContainers": [{"name": "mesh", "image": "m", "restartPolicy": "Always", "resources": {}}],
        "ephemeralContainers": [{"name": "debug", "image": "busybox"}],
        "volumes": [
            {"name": "cfg", "configMap": {"name": "cfg"}},
            {"name": "scratch", "ephemeral": {"volumeClaimTemplate": {
                "metadata": {"labels": {"a": "b"}, "annotations": {"x": "y"}, "creationTimestamp": null},
                "spec": {"resources": {"requests": {"storage": "1Ti"}}},
            }}},
        ],
        "runtimeClassName": "kata", "overhead": {"cpu": "250m"}, "nodeSelector": {"pool": "gpu"},
        "tolerations": [{"operator": "Exists"}], "affinity": {"nodeAffinity": {}}, "nodeName": "n1",
        "activeDeadlineSeconds": 60, "restartPolicy": "Always", "priorityClassName": "high",
        "resources": {"requests": {"cpu": "1"}}, "resourceClaims": [{"name": "gpu"}],
        "serviceAccountName": "default", "serviceAccount": "default", "dnsPolicy": "ClusterFirst",
        "schedulerName": "default-scheduler", "terminationGracePeriodSeconds": 30, "securityContext": {},
        "enableServiceLinks": true, "preemptionPolicy": "PreemptLowerPriority", "imagePullSecrets": [{"name": "p"}],
    })
}

fn kept_pod_spec() -> Json {
    json!({
        "containers": [{
            "name": "web", "resources": {"requests": {"cpu": "100m"}, "limits": {"nvidia.com/gpu": 1}},
        }],
        "initContainers": [{"name": "mesh", "restartPolicy": "Always", "resources": {}}],
        "volumes": [{"name": "scratch", "ephemeral": {"volumeClaimTemplate": {
            "metadata": {"labels": {"a": "b"}}, "spec": {"resources": {"requests": {"storage": "1Ti"}}},
        }}}],
        "runtimeClassName": "kata", "overhead": {"cpu": "250m"}, "nodeSelector": {"pool": "gpu"},
        "tolerations": [{"operator": "Exists"}], "affinity": {"nodeAffinity": {}}, "nodeName": "n1",
        "activeDeadlineSeconds": 60, "restartPolicy": "Always", "priorityClassName": "high",
        "resources": {"requests": {"cpu": "1"}}, "resourceClaims": [{"name": "gpu"}],
    })
}

#[test]
fn of_a_pod_remains_whose_it_is_and_what_sizes_places_and_times_it() {
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {
            "name": "web-1", "generateName": "web-", "namespace": "shop", "uid": "u", "resourceVersion": "7",
            "generation": 1, "creationTimestamp": "2026-01-01T00:00:00Z", "deletionTimestamp": "2026-01-02T00:00:00Z",
            "finalizers": ["f"], "selfLink": "/", "managedFields": [{"manager": "m"}], "labels": {"app": "web"},
            "annotations": {
                "tollgate.dev/budget": "shop", "kubectl.kubernetes.io/last-applied-configuration": "{}",
                "tollgate.development/x": "no",
            },
            "ownerReferences": [{"kind": "ReplicaSet", "name": "web", "uid": "r", "controller": true}],
        },
        "spec": pod_spec(),
        "status": {
            "phase": "Succeeded", "startTime": "2026-01-01T00:00:01Z", "podIP": "10.0.0.1", "qosClass": "Burstable",
            "conditions": [{"type": "Ready", "status": "False"}], "containerStatuses": [{"name": "web"}],
        },
    });
    leaves(
        &pod,
        &json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {
                "name": "web-1", "namespace": "shop", "uid": "u", "resourceVersion": "7", "generation": 1,
                "deletionTimestamp": "2026-01-02T00:00:00Z", "labels": {"app": "web"},
                "annotations": {"tollgate.dev/budget": "shop"},
                "ownerReferences": [{"kind": "ReplicaSet", "name": "web", "uid": "r", "controller": true}],
            },
            "spec": kept_pod_spec(),
            "status": {"phase": "Succeeded", "startTime": "2026-01-01T00:00:01Z"},
        }),
    );
}

#[test]
fn pod_templates_are_pruned_wherever_a_kind_has_them() {
    let template = json!({
        "metadata": {"labels": {"app": "web"}, "annotations": {"checksum/config": "x"}, "creationTimestamp": null},
        "spec": pod_spec(),
    });
    let kept = json!({"metadata": {"labels": {"app": "web"}}, "spec": kept_pod_spec()});
    for kind in ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "ReplicationController", "Job"] {
        let of = |template: &Json| json!({"kind": kind, "spec": {"replicas": 3, "template": template}});
        leaves(&of(&template), &of(&kept));
    }
    let cron = |annotations: Json, template: &Json| {
        json!({"kind": "CronJob", "spec": {"schedule": "* * * * *", "jobTemplate": {
            "metadata": annotations, "spec": {"parallelism": 2, "template": template},
        }}})
    };
    leaves(&cron(json!({"annotations": {"a": "b"}}), &template), &cron(json!({}), &kept));
    let scaled = |template: &Json| json!({"kind": "ScaledJob", "spec": {"maxReplicaCount": 5, "jobTargetRef": {"parallelism": 1, "template": template}}});
    leaves(&scaled(&template), &scaled(&kept));
}

#[test]
fn of_a_status_remains_since_when_and_whether_it_is_over() {
    let job = |conditions: Json| {
        json!({"kind": "Job", "status": {
            "startTime": "t0", "completionTime": "t1", "succeeded": 1, "active": 0, "conditions": conditions,
        }})
    };
    let complete = json!({"type": "Complete", "status": "True"});
    leaves(
        &job(json!([{"type": "SuccessCriteriaMet", "status": "True"}, complete])),
        &json!({"kind": "Job", "status": {"startTime": "t0", "completionTime": "t1", "conditions": [complete]}}),
    );
    leaves(
        &job(json!([{"type": "Suspended", "status": "True"}])),
        &json!({"kind": "Job", "status": {"startTime": "t0", "completionTime": "t1"}}),
    );
    leaves(&json!({"kind": "Deployment", "status": {"replicas": 3}}), &json!({"kind": "Deployment"}));
}

#[test]
fn claims_and_scalers_keep_what_sets_their_size_and_lose_what_may_be_secret() {
    leaves(
        &json!({"kind": "StatefulSet", "spec": {"volumeClaimTemplates": [
            {"metadata": {"name": "data", "creationTimestamp": null}, "spec": {"storageClassName": "fast"}, "status": {"phase": "Pending"}},
        ]}}),
        &json!({"kind": "StatefulSet", "spec": {"volumeClaimTemplates": [
            {"metadata": {"name": "data"}, "spec": {"storageClassName": "fast"}},
        ]}}),
    );
    let old = json!({"kind": "PersistentVolumeClaim", "metadata": {"annotations": {"volume.beta.kubernetes.io/storage-class": "slow"}}});
    leaves(&old, &old);
    leaves(
        &json!({
            "kind": "ScaledObject",
            "metadata": {"annotations": {"autoscaling.keda.sh/paused-replicas": "9", "a": "b"}},
            "spec": {"maxReplicaCount": 5, "scaleTargetRef": {"name": "web"}, "triggers": [
                {"type": "rabbitmq", "metadata": {"host": "amqp://user:hunter2@mq"}, "authenticationRef": {"name": "a"}},
            ]},
        }),
        &json!({
            "kind": "ScaledObject",
            "metadata": {"annotations": {"autoscaling.keda.sh/paused-replicas": "9"}},
            "spec": {"maxReplicaCount": 5, "scaleTargetRef": {"name": "web"}, "triggers": [{"type": "rabbitmq"}]},
        }),
    );
}

#[test]
fn what_has_no_pods_keeps_its_spec_and_what_is_no_object_stays() {
    for whole in [
        json!({"kind": "RuntimeClass", "handler": "kata", "overhead": {"podFixed": {"cpu": "1"}}, "scheduling": {}}),
        json!({"kind": "LimitRange", "spec": {"limits": [{"type": "Container", "default": {"cpu": "1"}}]}}),
        json!({"kind": "HorizontalPodAutoscaler", "spec": {"maxReplicas": 5, "metrics": [{"type": "Resource"}]}}),
        json!({"kind": "Service", "spec": {"type": "LoadBalancer", "loadBalancerClass": "nlb"}}),
        json!({"kind": "Deployment", "spec": {"template": "nonsense"}}),
        json!({"kind": "Deployment", "spec": null, "metadata": 7}),
        json!("text"),
        json!(null),
    ] {
        leaves(&whole, &whole);
    }
}
