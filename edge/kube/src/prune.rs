//! What is left of an object that is kept to know what it costs.
//!
//! ```text
//! Value (10 kB of a Pod) ──prune──> Value (1 kB): who it is, whose it is, how large, how many, since when, whether done
//! ```
//!
//! | part | what is kept |
//! |---|---|
//! | `metadata` | name, namespace, uid, resourceVersion, generation, deletionTimestamp, labels, ownerReferences; annotations of ours, of a storage class, of a paused scaler |
//! | `status` | phase, startTime, completionTime, the conditions Complete and Failed |
//! | pod specs | what sizes, places or times a pod; of containers name, resources and restartPolicy, of volumes those that make claims |
//! | KEDA triggers | their types: the rest says how to reach a queue, at times with its password |
//! | everything else | as it is |
//!
//! INVARIANTS: pure. What is kept is kept as it was, never changed or completed. Pruning twice is pruning once.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use tollgate_vocabulary::{Map, Value};

const METADATA: &[&str] = &[
    "name",
    "namespace",
    "uid",
    "resourceVersion",
    "generation",
    "deletionTimestamp",
    "labels",
    "ownerReferences",
];

/// How annotations begin that bear on cost: budgets and owners of ours, the storage class of old claims, replicas that
/// a paused scaler is held at.
const ANNOTATIONS: &[&str] =
    &["tollgate.dev/", "volume.beta.kubernetes.io/storage-class", "autoscaling.keda.sh/paused"];

/// What neither sizes nor places nor times a pod.
const NOT_OF_COST: &[&str] = &[
    "automountServiceAccountToken",
    "dnsConfig",
    "dnsPolicy",
    "enableServiceLinks",
    // the API server refuses resources in them
    "ephemeralContainers",
    "hostAliases",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostUsers",
    "hostname",
    "hostnameOverride",
    "imagePullSecrets",
    "preemptionPolicy",
    "readinessGates",
    "schedulerName",
    "securityContext",
    "serviceAccount",
    "serviceAccountName",
    "setHostnameAsFQDN",
    "shareProcessNamespace",
    "subdomain",
    "terminationGracePeriodSeconds",
];

/// The object without what does not bear on cost; what is no object, as it is.
#[must_use]
pub fn prune(object: Value) -> Value {
    let path = pod_spec(object.get("kind").and_then(Value::as_str).unwrap_or_default());
    let pruned = fields(object, |key, value| match key {
        "metadata" => Some(metadata(value)),
        "status" => {
            Some(status(value)).filter(|status| status.as_object().is_some_and(|map| !map.is_empty()))
        }
        "spec" => Some(fields(value, |key, value| match key {
            "volumeClaimTemplates" => Some(items(value, template)),
            "triggers" => Some(items(value, |trigger| only(trigger, &["type"]))),
            _ => Some(value),
        })),
        _ => Some(value),
    });
    within(pruned, path)
}

/// Where a kind has the spec of its pods.
fn pod_spec(kind: &str) -> &'static [&'static str] {
    match kind {
        "Pod" => &["spec"],
        "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" | "ReplicationController" | "Job" => {
            &["spec", "template", "spec"]
        }
        "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
        "ScaledJob" => &["spec", "jobTargetRef", "template", "spec"],
        _ => &[],
    }
}

/// Prunes the pod spec at the end of the path, and the metadata of every template on the way.
fn within(value: Value, path: &[&str]) -> Value {
    let Some((step, rest)) = path.split_first() else { return value };
    fields(value, |key, below| {
        Some(match key {
            _ if key != *step => below,
            _ if rest.is_empty() => pod(below),
            "spec" => within(below, rest),
            _ => template(within(below, rest)),
        })
    })
}

fn metadata(value: Value) -> Value {
    fields(value, |key, value| match key {
        "annotations" => {
            let ours = fields(value, |key, value| {
                ANNOTATIONS.iter().any(|begin| key.starts_with(begin)).then_some(value)
            });
            Some(ours).filter(|ours| ours.as_object().is_some_and(|map| !map.is_empty()))
        }
        _ => METADATA.contains(&key).then_some(value),
    })
}

fn status(value: Value) -> Value {
    fields(value, |key, value| match key {
        "phase" | "startTime" | "completionTime" => Some(value),
        "conditions" => {
            let Value::Array(all) = value else { return None };
            let is_end = |condition: &Value| {
                matches!(condition.get("type").and_then(Value::as_str), Some("Complete" | "Failed"))
            };
            let ends: Vec<Value> = all.into_iter().filter(is_end).collect();
            (!ends.is_empty()).then_some(Value::Array(ends))
        }
        _ => None,
    })
}

fn pod(spec: Value) -> Value {
    fields(spec, |key, value| match key {
        "containers" | "initContainers" => {
            Some(items(value, |container| only(container, &["name", "resources", "restartPolicy"])))
        }
        "volumes" => {
            let Value::Array(all) = value else { return None };
            let claims: Vec<Value> =
                all.into_iter().filter(|volume| volume.get("ephemeral").is_some()).map(volume).collect();
            (!claims.is_empty()).then_some(Value::Array(claims))
        }
        _ => (!NOT_OF_COST.contains(&key)).then_some(value),
    })
}

fn volume(value: Value) -> Value {
    fields(value, |key, value| match key {
        "ephemeral" => Some(fields(value, |key, value| {
            Some(if key == "volumeClaimTemplate" { template(value) } else { value })
        })),
        _ => Some(value),
    })
}

/// Of pods, jobs or claims: without a status, which claims have there for no reason.
fn template(value: Value) -> Value {
    fields(value, |key, value| match key {
        "metadata" => Some(metadata(value)),
        "status" => None,
        _ => Some(value),
    })
}

fn only(value: Value, keys: &[&str]) -> Value {
    fields(value, |key, value| keys.contains(&key).then_some(value))
}

fn items(value: Value, item: impl Fn(Value) -> Value) -> Value {
    match value {
        Value::Array(all) => Value::Array(all.into_iter().map(item).collect()),
        other => other,
    }
}

/// What is left of each field, in a map with no room to spare.
fn fields(value: Value, mut keep: impl FnMut(&str, Value) -> Option<Value>) -> Value {
    let Value::Object(mut map) = value else { return value };
    let mut kept: Vec<(Arc<str>, Value)> = Vec::with_capacity(map.len());
    for (key, value) in map.iter_mut() {
        if let Some(value) = keep(key, std::mem::take(value)) {
            kept.push((Arc::clone(key), value));
        }
    }
    kept.shrink_to_fit();
    // the keys of one map are all different
    Value::Object(Map::from_entries(kept).unwrap_or_default())
}
