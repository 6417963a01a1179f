//! The resources that can be watched: where they are served, and how much of their objects is kept.
//!
//! ```text
//! Resource ──path──> list, watch, read        WATCHED ──> the watch of the gate, and its rights (`install`)
//! ```
//!
//! INVARIANTS: what is watched is what the gate has rights to, since both are this table. Secrets are not in it, nor
//! anything whose point is to hold data.

use std::fmt;

/// A resource as the API server serves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Resource {
    /// its API group; empty for the core group
    pub group: &'static str,
    /// the version to read it in
    pub version: &'static str,
    /// its name in paths and rights (`deployments`)
    pub plural: &'static str,
    /// its kind (`Deployment`)
    pub kind: &'static str,
    /// where its objects are
    pub scope: Scope,
    /// how much of an object is kept
    pub keep: Keep,
    /// whether every cluster has it
    pub presence: Presence,
}

/// Where objects of a resource are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// each in a namespace
    Namespaced,
    /// in none
    Cluster,
}

/// How much of an object is kept. Never `metadata.managedFields`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Keep {
    /// all of it
    Whole,
    /// what bears on cost, see [`prune`](crate::prune)
    Cost,
}

/// Whether a cluster has a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Presence {
    /// always: one that does not serve it is in trouble
    Always,
    /// where somebody installed it: in one that does not serve it there are no such objects
    Perhaps,
}

/// Namespaces, whole: rules read them.
pub const NAMESPACES: Resource =
    Resource { scope: Scope::Cluster, keep: Keep::Whole, ..served("", "v1", "namespaces", "Namespace") };

/// What the gate watches: namespaces, and what bears on cost.
pub const WATCHED: [Resource; 18] = [
    NAMESPACES,
    served("", "v1", "pods", "Pod"),
    served("", "v1", "services", "Service"),
    served("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim"),
    served("", "v1", "limitranges", "LimitRange"),
    served("", "v1", "resourcequotas", "ResourceQuota"),
    served("", "v1", "replicationcontrollers", "ReplicationController"),
    served("apps", "v1", "deployments", "Deployment"),
    served("apps", "v1", "replicasets", "ReplicaSet"),
    served("apps", "v1", "statefulsets", "StatefulSet"),
    served("apps", "v1", "daemonsets", "DaemonSet"),
    served("batch", "v1", "jobs", "Job"),
    served("batch", "v1", "cronjobs", "CronJob"),
    served("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler"),
    Resource { scope: Scope::Cluster, ..served("node.k8s.io", "v1", "runtimeclasses", "RuntimeClass") },
    perhaps("keda.sh", "v1alpha1", "scaledobjects", "ScaledObject"),
    perhaps("keda.sh", "v1alpha1", "scaledjobs", "ScaledJob"),
    perhaps("autoscaling.k8s.io", "v1", "verticalpodautoscalers", "VerticalPodAutoscaler"),
];

const fn served(
    group: &'static str,
    version: &'static str,
    plural: &'static str,
    kind: &'static str,
) -> Resource {
    Resource {
        group,
        version,
        plural,
        kind,
        scope: Scope::Namespaced,
        keep: Keep::Cost,
        presence: Presence::Always,
    }
}

const fn perhaps(
    group: &'static str,
    version: &'static str,
    plural: &'static str,
    kind: &'static str,
) -> Resource {
    Resource { presence: Presence::Perhaps, ..served(group, version, plural, kind) }
}

impl Resource {
    /// What stands in `apiVersion`.
    #[must_use]
    pub fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.to_owned()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// The path of all its objects, in all namespaces.
    pub(crate) fn path(&self) -> String {
        format!("{}/{}", self.root(), self.plural)
    }

    /// The path of its objects in one namespace, where they have one.
    pub(crate) fn path_in(&self, namespace: &str) -> String {
        match self.scope {
            Scope::Namespaced => format!("{}/namespaces/{namespace}/{}", self.root(), self.plural),
            Scope::Cluster => self.path(),
        }
    }

    fn root(&self) -> String {
        let under = if self.group.is_empty() { "/api" } else { "/apis" };
        format!("{under}/{}", self.api_version())
    }
}

/// As people and RBAC name it: `pods`, `deployments.apps`.
impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.plural)?;
        if self.group.is_empty() { Ok(()) } else { write!(f, ".{}", self.group) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_never_watched_and_nothing_is_watched_twice() {
        let names: Vec<String> = WATCHED.iter().map(Resource::to_string).collect();
        assert!(!names.iter().any(|name| name.contains("secret") || name.contains("configmap")));
        let different: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(different.len(), WATCHED.len());
    }

    #[test]
    fn paths_are_those_of_the_api_server() {
        let of = |name: &str| *WATCHED.iter().find(|resource| resource.to_string() == name).unwrap();
        assert_eq!(NAMESPACES.path_in("shop"), "/api/v1/namespaces");
        assert_eq!(of("pods").path_in("shop"), "/api/v1/namespaces/shop/pods");
        assert_eq!(of("deployments.apps").path(), "/apis/apps/v1/deployments");
        assert_eq!(of("runtimeclasses.node.k8s.io").path_in(""), "/apis/node.k8s.io/v1/runtimeclasses");
        assert_eq!(of("scaledobjects.keda.sh").api_version(), "keda.sh/v1alpha1");
    }
}
