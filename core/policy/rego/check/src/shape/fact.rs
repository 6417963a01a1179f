//! What conditions tell about the kind of the object that is judged.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tollgate_rego_resolve::tree::{Base, Callee, Literal, LiteralKind, Term, TermKind};
use tollgate_schema::Kind;

use super::place::{Form, Step};
use super::{STRINGS, Scope, Strings};
use crate::graph::Reach;
use crate::walk::fixed;

/// What is known: by form of `input` and part, one of these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts(BTreeMap<(Form, Part), BTreeSet<Arc<str>>>);

/// What tells the kind of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Kind,
    ApiVersion,
    Group,
    Version,
}

impl Facts {
    fn one(form: Form, part: Part, values: impl IntoIterator<Item = Arc<str>>) -> Self {
        Self(BTreeMap::from([((form, part), values.into_iter().collect())]))
    }

    /// Both hold.
    pub(super) fn and(mut self, other: &Self) -> Self {
        for (key, values) in &other.0 {
            self.0
                .entry(*key)
                .and_modify(|own| own.retain(|value| values.contains(value)))
                .or_insert_with(|| values.clone());
        }
        self
    }

    /// One of them holds.
    pub(super) fn or(mut self, other: &Self) -> Self {
        self.0.retain(|key, values| {
            other.0.get(key).is_some_and(|others| {
                values.extend(others.iter().cloned());
                values.len() <= STRINGS
            })
        });
        self
    }

    /// The kinds that the object may be of; nothing where one of them may be no built-in one.
    pub(super) fn kinds(&self, form: Form) -> Option<Vec<Kind>> {
        let names = self.0.get(&(form, Part::Kind)).filter(|names| !names.is_empty())?;
        let mut kinds = Vec::new();
        for name in names {
            let before = kinds.len();
            kinds.extend(tollgate_schema::named(name).filter(|kind| self.fits(form, kind.api_version)));
            if kinds.len() == before {
                return None;
            }
        }
        Some(kinds)
    }

    /// Whether nothing can be so.
    pub(super) fn is_void(&self) -> bool {
        self.0.values().any(BTreeSet::is_empty)
    }

    /// Whether nothing is known about the kind.
    pub(super) fn is_open(&self, form: Form) -> bool {
        !self.0.keys().any(|(known, _)| *known == form)
    }

    fn fits(&self, form: Form, api_version: &str) -> bool {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        [(Part::ApiVersion, api_version), (Part::Group, group), (Part::Version, version)]
            .into_iter()
            .all(|(part, value)| self.0.get(&(form, part)).is_none_or(|values| values.contains(value)))
    }
}

impl Scope<'_, '_> {
    /// What a condition tells.
    pub(super) fn told(&self, literal: &Literal) -> Facts {
        self.told_by(literal).unwrap_or_default()
    }

    fn told_by(&self, literal: &Literal) -> Option<Facts> {
        match &literal.kind {
            LiteralKind::Unify(a, b) => self.equal(a, b),
            LiteralKind::Term(Term {
                kind: TermKind::Call { callee: Callee::Builtin(builtin), arguments, .. },
                ..
            }) => {
                let [a, b] = arguments.as_slice() else { return None };
                match builtin.name {
                    "equal" => self.equal(a, b),
                    "internal.member_2" => self.among(a, self.strings(b)?),
                    _ => None,
                }
            }
            // A helper rule as a condition, or membership in a set of names: `kinds[input.kind]`.
            LiteralKind::Term(Term { kind: TermKind::Ref { base: Base::Data, steps }, .. }) => {
                let Reach::Rules(group, taken) = self.shapes.graph.reach(&fixed(steps)) else { return None };
                let seen = self.shapes.seen.get(&group)?;
                match steps.get(taken..)? {
                    [] => Some(seen.facts.clone()),
                    [step] => self.among(step, seen.strings.clone()?),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn equal(&self, a: &Term, b: &Term) -> Option<Facts> {
        for (value, constant) in [(a, b), (b, a)] {
            let strings = match self.string(constant) {
                Some(text) => Some(Arc::from([text])),
                None => self.one_of(constant),
            };
            if let Some(strings) = strings
                && let Some(facts) = self.among(value, strings)
            {
                return Some(facts);
            }
        }
        None
    }

    /// That a value is one of these strings.
    fn among(&self, value: &Term, strings: Strings) -> Option<Facts> {
        let origin = self.origin(value)?;
        let (form, part) = part(origin.only()?)?;
        Some(Facts::one(form, part, strings.iter().cloned()))
    }
}

/// What a place of `input` tells.
fn part(steps: &[Step]) -> Option<(Form, Part)> {
    let names: Option<Vec<&str>> = steps.iter().map(Step::name).collect();
    let of = |name: &str| match name {
        "kind" => Some(Part::Kind),
        "apiVersion" => Some(Part::ApiVersion),
        _ => None,
    };
    let of_request = |name: &str| match name {
        "kind" => Some(Part::Kind),
        "group" => Some(Part::Group),
        "version" => Some(Part::Version),
        _ => None,
    };
    match *names?.as_slice() {
        [name] => Some((Form::Object, of(name)?)),
        [root, "kind", name] => Some((Form::of_root(root)?, of_request(name)?)),
        [root, "object" | "oldObject", name] => Some((Form::of_root(root)?, of(name)?)),
        _ => None,
    }
}
