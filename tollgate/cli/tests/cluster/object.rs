//! Objects that tests create, as JSON.

use serde_json::{Value, json};

/// A ConfigMap with one key.
pub(crate) fn map(name: &str, key: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {key: "1"}})
}

/// A Deployment that every rule of the example estate likes.
pub(crate) fn deployment(name: &str) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "labels": {"finops.apexlogic.com/cost-center": "CC-1001"}},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container("web")]}},
        },
    })
}

/// A Job on a GPU whose name the API server makes.
pub(crate) fn job(prefix: &str) -> Value {
    let mut container = container("train");
    container["resources"]["limits"] = json!({"nvidia.com/gpu": "1"});
    json!({
        "apiVersion": "batch/v1", "kind": "Job", "metadata": {"generateName": prefix},
        "spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [container]}}},
    })
}

/// A Pod that nobody schedules.
pub(crate) fn pod(name: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": name},
        "spec": {"containers": [container("web")]},
    })
}

fn container(name: &str) -> Value {
    json!({
        "name": name, "image": "registry.apexlogic.com/shop/web:1.0.0",
        "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}},
    })
}
