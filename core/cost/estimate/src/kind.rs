//! Kinds that an estimate knows, and where in them the pods stand.

use tollgate_vocabulary::Value;

/// What an object is to an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Pod,
    Deployment,
    ReplicaSet,
    ReplicationController,
    StatefulSet,
    DaemonSet,
    Job,
    CronJob,
    /// KEDA's
    ScaledJob,
    Claim,
    Service,
    /// A custom resource: it may own pods in a way that only its controller knows.
    Custom,
    /// Kubernetes' own, or known otherwise, and without a cost.
    Free,
}

impl Kind {
    pub(crate) fn of(object: &Value) -> Self {
        let word = |key| object.get(key).and_then(Value::as_str).unwrap_or_default();
        Self::named(group(word("apiVersion")), word("kind"))
    }

    pub(crate) fn named(group: &str, kind: &str) -> Self {
        match (group, kind) {
            ("", "Pod") => Self::Pod,
            ("", "ReplicationController") => Self::ReplicationController,
            ("", "PersistentVolumeClaim") => Self::Claim,
            ("", "Service") => Self::Service,
            ("apps" | "extensions", "Deployment") => Self::Deployment,
            ("apps" | "extensions", "ReplicaSet") => Self::ReplicaSet,
            ("apps" | "extensions", "DaemonSet") => Self::DaemonSet,
            ("apps", "StatefulSet") => Self::StatefulSet,
            ("batch", "Job") => Self::Job,
            ("batch", "CronJob") => Self::CronJob,
            ("keda.sh", "ScaledJob") => Self::ScaledJob,
            _ if is_free(group) => Self::Free,
            _ => Self::Custom,
        }
    }

    /// Where the pods' spec stands in it.
    pub(crate) const fn pod_spec(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Pod => Some(&["spec"]),
            Self::Deployment
            | Self::ReplicaSet
            | Self::ReplicationController
            | Self::StatefulSet
            | Self::DaemonSet
            | Self::Job
            | Self::Custom => Some(&["spec", "template", "spec"]),
            Self::CronJob => Some(&["spec", "jobTemplate", "spec", "template", "spec"]),
            Self::ScaledJob => Some(&["spec", "jobTargetRef", "template", "spec"]),
            Self::Claim | Self::Service | Self::Free => None,
        }
    }

    /// Whether the estimate of such an owner holds what such a child costs.
    pub(crate) const fn covers(self, child: Self) -> bool {
        match self {
            Self::Deployment => matches!(child, Self::ReplicaSet),
            Self::ReplicaSet | Self::ReplicationController | Self::DaemonSet | Self::Job => {
                matches!(child, Self::Pod)
            }
            Self::StatefulSet => matches!(child, Self::Pod | Self::Claim),
            Self::CronJob | Self::ScaledJob => matches!(child, Self::Job),
            Self::Pod => matches!(child, Self::Claim),
            Self::Custom => !matches!(child, Self::Custom | Self::Free | Self::Service),
            Self::Claim | Self::Service | Self::Free => false,
        }
    }
}

/// The group of an `apiVersion`; empty for the core group.
pub(crate) fn group(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

/// Groups whose kinds own no pods, other than those named above: Kubernetes' own, KEDA's, and those of policies, in
/// which what looks like a pod is a pattern.
fn is_free(group: &str) -> bool {
    !group.contains('.')
        || group.ends_with(".k8s.io")
        || ["keda.sh", "kyverno.io", "gatekeeper.sh", "tollgate.dev"].iter().any(|suffix| {
            group.strip_suffix(suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_known_by_its_group_too() {
        assert_eq!(Kind::named("apps", "Deployment"), Kind::Deployment);
        assert_eq!(Kind::named("", "Service"), Kind::Service);
        assert_eq!(Kind::named("serving.knative.dev", "Service"), Kind::Custom);
        assert_eq!(Kind::named("batch.volcano.sh", "Job"), Kind::Custom);
        assert_eq!(Kind::named("jobset.x-k8s.io", "JobSet"), Kind::Custom);
        for group in
            ["", "rbac.authorization.k8s.io", "autoscaling", "keda.sh", "kyverno.io", "policies.kyverno.io"]
        {
            assert_eq!(Kind::named(group, "Other"), Kind::Free, "{group}");
        }
    }

    #[test]
    fn what_has_no_cost_covers_nothing() {
        for child in [Kind::Pod, Kind::ReplicaSet, Kind::Job, Kind::Claim] {
            assert!(!Kind::Free.covers(child) && !Kind::Claim.covers(child));
        }
        assert!(!Kind::Deployment.covers(Kind::Deployment) && !Kind::Deployment.covers(Kind::Pod));
        assert!(!Kind::Custom.covers(Kind::Custom));
    }
}
