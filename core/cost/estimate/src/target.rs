//! What an autoscaler scales.

use tollgate_vocabulary::Value;

use crate::kind::group;

/// A reference to what is scaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Target<'v> {
    /// nothing where it names none: then any is meant
    pub(crate) group: Option<&'v str>,
    pub(crate) kind: &'v str,
    pub(crate) name: &'v str,
}

impl<'v> Target<'v> {
    /// What an autoscaler scales: a HorizontalPodAutoscaler or ScaledObject by `spec.scaleTargetRef`, a
    /// VerticalPodAutoscaler by `spec.targetRef`; nothing of any other object.
    pub(crate) fn of(autoscaler: &'v Value) -> Option<Self> {
        let (key, default) = match (group(text(autoscaler, "apiVersion")), text(autoscaler, "kind")) {
            ("autoscaling", "HorizontalPodAutoscaler") => ("scaleTargetRef", None),
            ("keda.sh", "ScaledObject") => ("scaleTargetRef", Some("Deployment")),
            ("autoscaling.k8s.io", "VerticalPodAutoscaler") => ("targetRef", None),
            _ => return None,
        };
        let reference = autoscaler.get("spec")?.get(key)?;
        let said = |key| Some(text(reference, key)).filter(|text| !text.is_empty());
        Some(Self {
            group: said("apiVersion").map(|version| today(group(version))),
            kind: said("kind").or(default)?,
            name: said("name")?,
        })
    }

    /// Whether it means `object`, which lies in the same namespace.
    pub(crate) fn is(&self, object: &Value) -> bool {
        let name = object.get("metadata").map_or("", |metadata| text(metadata, "name"));
        self.kind == text(object, "kind")
            && self.name == name
            && self.group.is_none_or(|named| named == today(group(text(object, "apiVersion"))))
    }
}

/// Workloads were in `extensions` before they were in `apps`, and some references still say so.
fn today(group: &str) -> &str {
    if group == "extensions" { "apps" } else { group }
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}
