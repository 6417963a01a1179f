//! Who pays for what a controller makes: the object that it makes it for, once.
//!
//! A Deployment's ReplicaSets and Pods cost what the Deployment was charged. That something has an owner anybody can
//! write; that a controller of Kubernetes asks for it is authenticated by the API server. So only what these
//! controllers make for kinds that were charged is free; everything else pays for itself.

use tollgate_vocabulary::Value;

use super::transition::Transition;
use crate::{Change, Surface};

/// Service accounts of the controllers of `kube-controller-manager`, and itself where it runs without them.
const CONTROLLERS: &[&str] = &[
    "system:kube-controller-manager",
    "system:serviceaccount:kube-system:cronjob-controller",
    "system:serviceaccount:kube-system:daemon-set-controller",
    "system:serviceaccount:kube-system:deployment-controller",
    "system:serviceaccount:kube-system:ephemeral-volume-controller",
    "system:serviceaccount:kube-system:job-controller",
    "system:serviceaccount:kube-system:replicaset-controller",
    "system:serviceaccount:kube-system:replication-controller",
    "system:serviceaccount:kube-system:statefulset-controller",
];

/// Kinds that pay for what is made for them.
const PAYERS: &[(&str, &str)] = &[
    ("apps", "DaemonSet"),
    ("apps", "Deployment"),
    ("apps", "ReplicaSet"),
    ("apps", "StatefulSet"),
    ("", "ReplicationController"),
    ("batch", "CronJob"),
    ("batch", "Job"),
];

/// Whether the owner of what is asked for pays for it.
pub(super) fn pays(change: &Change, transition: &Transition<'_>) -> bool {
    change.surface == Surface::Admission
        && CONTROLLERS.contains(&change.actor.principal.username.as_str())
        && (payer(&transition.after).is_some() || is_claim_of_set(transition))
}

/// The owner that pays, where an object has one.
pub(super) fn payer(object: &Value) -> Option<&Value> {
    let owners = object.get("metadata")?.get("ownerReferences")?.as_array()?;
    let controls = |owner: &&Value| owner.get("controller").and_then(Value::as_bool) == Some(true);
    let owner = owners.iter().find(controls)?;
    let text = |key| owner.get(key).and_then(Value::as_str).unwrap_or_default();
    let group = text("apiVersion").rsplit_once('/').map_or("", |(group, _)| group);
    let is_claim = object.get("kind").and_then(Value::as_str) == Some("PersistentVolumeClaim");
    // A Pod pays for the claims of its ephemeral volumes, and for nothing else.
    let pays = PAYERS.contains(&(group, text("kind"))) || (is_claim && (group, text("kind")) == ("", "Pod"));
    pays.then_some(owner)
}

/// A StatefulSet's claims have no owner unless its retention policy says so, and were charged with the set.
fn is_claim_of_set(transition: &Transition<'_>) -> bool {
    &*transition.name.kind == "PersistentVolumeClaim" && transition.before.is_none()
}
