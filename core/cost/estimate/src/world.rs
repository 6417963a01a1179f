//! A set of objects as an index: what lies around each of them.
//!
//! ```text
//! objects ──World::of──> autoscalers by target, limits by namespace, owners by name ──around(object)──> Around
//! ```
//!
//! INVARIANT: nothing reaches beyond its namespace; an object without one is in `default`.

mod entry;
mod owner;
#[cfg(test)]
mod tests;

use tollgate_vocabulary::Value;

use crate::Around;
use crate::kind::{Kind, group};
use crate::target::Target;
use entry::{Entries, Name};

/// An index over a set of objects.
#[derive(Clone, Debug, Default)]
pub struct World<'a> {
    /// by what they target
    autoscalers: Entries<'a>,
    /// by namespace alone
    limit_ranges: Entries<'a>,
    quotas: Entries<'a>,
    /// by name alone
    runtime_classes: Entries<'a>,
    /// what may own something, by itself
    owners: Entries<'a>,
}

impl<'a> World<'a> {
    /// Indexes a set of objects; a list must have been taken apart.
    #[must_use]
    pub fn of(objects: impl Iterator<Item = &'a Value>) -> Self {
        let mut world = Self::default();
        for object in objects {
            world.add(object);
        }
        for entries in [
            &mut world.autoscalers,
            &mut world.limit_ranges,
            &mut world.quotas,
            &mut world.runtime_classes,
            &mut world.owners,
        ] {
            entries.sort();
        }
        world
    }

    /// What of the set bears on `object`, which need not be in it.
    #[must_use]
    pub fn around(&self, object: &Value) -> Around<'a> {
        let name = Name::of(object);
        let in_namespace = Name { kind: "", name: "", ..name };
        Around {
            autoscalers: self
                .autoscalers
                .of(name)
                .filter(|scaler| Target::of(scaler).is_some_and(|target| target.is(object)))
                .collect(),
            limit_ranges: self.limit_ranges.of(in_namespace).collect(),
            quotas: self.quotas.of(in_namespace).collect(),
            runtime_class: runtime_class(object)
                .and_then(|name| self.runtime_classes.of(Name { namespace: "", kind: "", name }).next()),
            owner: self.owner(object),
        }
    }

    fn add(&mut self, object: &'a Value) {
        let name = Name::of(object);
        let in_namespace = Name { kind: "", name: "", ..name };
        if let Some(Target { kind, name, .. }) = Target::of(object) {
            self.autoscalers.push(Name { kind, name, ..in_namespace }, object);
            return;
        }
        match (group(text(object, "apiVersion")), name.kind) {
            ("", "LimitRange") => self.limit_ranges.push(in_namespace, object),
            ("", "ResourceQuota") => self.quotas.push(in_namespace, object),
            ("node.k8s.io", "RuntimeClass") => {
                self.runtime_classes.push(Name { namespace: "", kind: "", ..name }, object);
            }
            _ if Kind::of(object) != Kind::Free => self.owners.push(name, object),
            _ => {}
        }
    }
}

/// The RuntimeClass that an object's pods name.
pub(crate) fn runtime_class(object: &Value) -> Option<&str> {
    let pod = Kind::of(object).pod_spec()?.iter().try_fold(object, |value, key| value.get(key))?;
    pod.get("runtimeClassName")?.as_str()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}
