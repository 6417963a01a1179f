//! Who pays for an object that something else made.
//!
//! A controller in the same set pays if its own estimate holds what its child costs (`Kind::covers`): a Deployment
//! pays for its ReplicaSets, a ConfigMap for nothing, whoever names it as the owner. So no chain of owners can be a
//! circle.

use std::sync::Arc;

use tollgate_vocabulary::Value;

use super::entry::Name;
use super::{World, text};
use crate::around::Owner;
use crate::kind::{Kind, group};
use crate::workload::has_template;

impl World<'_> {
    pub(super) fn owner(&self, object: &Value) -> Option<Owner> {
        let owner = self.controller(object).or_else(|| self.set_of_claim(object))?;
        let name = owner.get("metadata").map_or("", |metadata| text(metadata, "name"));
        Some(Owner { kind: text(owner, "kind").into(), name: Arc::from(name) })
    }

    fn controller(&self, object: &Value) -> Option<&Value> {
        let references = object.get("metadata")?.get("ownerReferences")?.as_array()?;
        let reference = references
            .iter()
            .find(|reference| reference.get("controller").and_then(Value::as_bool) == Some(true))?;
        let name = Name { kind: text(reference, "kind"), name: text(reference, "name"), ..Name::of(object) };
        let child = Kind::of(object);
        self.owners.of(name).find(|owner| {
            let kind = Kind::of(owner);
            group(text(reference, "apiVersion")) == group(text(owner, "apiVersion"))
                && same_uid(reference, owner)
                && kind.covers(child)
                && (kind != Kind::Custom || has_template(owner))
        })
    }

    /// A claim that a StatefulSet made by a template has its name: `TEMPLATE-SET-ORDINAL`.
    fn set_of_claim(&self, object: &Value) -> Option<&Value> {
        if Kind::of(object) != Kind::Claim {
            return None;
        }
        let name = Name::of(object);
        let (set, ordinal) = name.name.rsplit_once('-')?;
        let ordinal: u64 = ordinal.parse().ok()?;
        set.match_indices('-').find_map(|(at, _)| {
            let (template, set) = (set.get(..at)?, set.get(at.checked_add(1)?..)?);
            let sets = self.owners.of(Name { kind: "StatefulSet", name: set, ..name });
            sets.into_iter().find(|set| holds(set, template, ordinal))
        })
    }
}

/// Whether a StatefulSet's estimate holds the claim of this template and ordinal.
fn holds(set: &Value, template: &str, ordinal: u64) -> bool {
    let Some(spec) = set.get("spec").filter(|_| Kind::of(set) == Kind::StatefulSet) else { return false };
    let number = |value: Option<&Value>| match value {
        Some(Value::Number(number)) => number.as_str().parse::<u64>().ok(),
        _ => None,
    };
    let first = number(spec.get("ordinals").and_then(|ordinals| ordinals.get("start"))).unwrap_or(0);
    let replicas = number(spec.get("replicas")).unwrap_or(1);
    let templates = spec.get("volumeClaimTemplates").and_then(Value::as_array).unwrap_or_default();
    let named =
        |claim: &Value| claim.get("metadata").map_or("", |metadata| text(metadata, "name")) == template;
    ordinal.checked_sub(first).is_some_and(|index| index < replicas) && templates.iter().any(named)
}

fn same_uid(reference: &Value, owner: &Value) -> bool {
    let ours = owner.get("metadata").map_or("", |metadata| text(metadata, "uid"));
    let theirs = text(reference, "uid");
    ours.is_empty() || theirs.is_empty() || ours == theirs
}
