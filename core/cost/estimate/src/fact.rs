//! What lies around an object as a fact: one value that holds still, kept by its digest.
//!
//! `{"autoscalers": [..], "limitRanges": [..], "resourceQuotas": [..], "runtimeClasses": [..], "owner": {..}}`, each where
//! there is one.

use std::sync::Arc;

use tollgate_vocabulary::{Map, ObjectName, Value};

use crate::kind::Kind;
use crate::target::Target;
use crate::workload::runs_pods;
use crate::world::runtime_class;
use crate::{Around, Beside, Owner};

/// Whether an object may cost anything, by what it is: what does not has nothing around it that would bear on its cost.
#[must_use]
pub fn may_cost(object: &Value) -> bool {
    match Kind::of(object) {
        Kind::Free => false,
        Kind::Service => {
            object.get("spec").is_some_and(|spec| spec.get("type").is_some_and(is_load_balancer))
        }
        Kind::Custom => runs_pods(object),
        _ => true,
    }
}

/// Anything that is no text is an error, for the estimate to tell.
fn is_load_balancer(kind: &Value) -> bool {
    kind.as_str().is_none_or(|kind| kind == "LoadBalancer")
}

/// Whether only its own controller knows what an object makes.
#[must_use]
pub fn is_custom(object: &Value) -> bool {
    Kind::of(object) == Kind::Custom
}

/// What an autoscaler scales: a HorizontalPodAutoscaler or ScaledObject by `spec.scaleTargetRef`, a
/// VerticalPodAutoscaler by `spec.targetRef`; nothing of any other object. A group that is not named is that of
/// Deployments.
#[must_use]
pub fn autoscaled(object: &Value) -> Option<ObjectName> {
    let target = Target::of(object)?;
    Some(ObjectName {
        group: target.group.unwrap_or("apps").into(),
        kind: target.kind.into(),
        namespace: Beside::of(object).namespace,
        name: target.name.into(),
    })
}

impl<'a> Around<'a> {
    /// What a fact about `object` says.
    #[must_use]
    pub fn of_fact(fact: &'a Value, object: &Value) -> Self {
        let list = |key| fact.get(key).and_then(Value::as_array).unwrap_or_default().iter().collect();
        let owner = fact.get("owner");
        Self {
            autoscalers: list("autoscalers"),
            limit_ranges: list("limitRanges"),
            quotas: list("resourceQuotas"),
            runtime_class: runtime_class(object).and_then(|name| {
                let classes = fact.get("runtimeClasses").and_then(Value::as_array).unwrap_or_default();
                classes.iter().find(|class| &*Beside::of(class).name == name)
            }),
            owner: owner.and_then(|owner| {
                let text = |key| owner.get(key).and_then(Value::as_str).map(Arc::from);
                Some(Owner { kind: text("kind")?, name: text("name")? })
            }),
        }
    }

    /// The value of the fact; nothing where nothing lies around.
    #[must_use]
    pub fn to_fact(&self) -> Option<Value> {
        let list = |values: &[&Value]| values.iter().map(|value| (*value).clone()).collect::<Vec<_>>();
        let classes: Vec<&Value> = self.runtime_class.into_iter().collect();
        let lists = [
            ("autoscalers", list(&self.autoscalers)),
            ("limitRanges", list(&self.limit_ranges)),
            ("resourceQuotas", list(&self.quotas)),
            ("runtimeClasses", list(&classes)),
        ];
        let lists = lists.into_iter().filter(|(_, list)| !list.is_empty());
        let mut map: Map = lists.map(|(key, list)| (key, Value::from(list))).collect();
        if let Some(owner) = &self.owner {
            let owner: Map = [("kind", &*owner.kind), ("name", &*owner.name)].into_iter().collect();
            map.insert("owner".into(), owner.into());
        }
        (!map.is_empty()).then(|| map.into())
    }

    /// The same with `autoscaler` in the place of the one of the kind and name of `like`; without it, where there is
    /// nothing, or where it targets something else than `like` does.
    #[must_use]
    pub fn with_autoscaler(mut self, autoscaler: Option<&'a Value>, like: &Value) -> Self {
        let (target, like) = (Target::of(like), Beside::of(like));
        self.autoscalers.retain(|other| {
            let other = Beside::of(other);
            (&other.kind, &other.name) != (&like.kind, &like.name)
        });
        self.autoscalers.extend(autoscaler.filter(|autoscaler| Target::of(autoscaler) == target));
        self
    }
}
