//! Places of `input`, and what stands there by the schemas.

use std::collections::BTreeSet;
use std::sync::Arc;

use tollgate_rego_resolve::tree::{Base, Path, Rule, Term, TermKind};
use tollgate_schema::{Object, Type};

use super::fact::Facts;
use crate::walk::{Visitor, fixed, walk_rule, walk_term};

/// What a package reads as `input`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// the object itself
    Object,
    /// an AdmissionReview: `input.request`
    Review,
    /// what Gatekeeper hands to templates: `input.review`
    Gatekeeper,
}

/// A step into `input`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// a field or a key
    Key(Arc<str>),
    /// some item, or the value under some key
    Item,
}

/// A place, and what is known about the object where it has a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) steps: Vec<Step>,
    pub(super) facts: Facts,
}

/// What stands at a place, for one kind that the object may be of.
#[derive(Clone, Debug)]
pub(super) enum Found {
    /// this
    Type(Cursor),
    /// it cannot be told
    Unknown,
    /// nothing: this step leads nowhere, from what stands before it
    Missing { at: usize, from: Cursor, kind: &'static str },
}

/// An object, or a type that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cursor {
    Object(Object),
    Type(&'static Type),
}

impl Form {
    pub(super) fn of_root(root: &str) -> Option<Self> {
        match root {
            "request" => Some(Self::Review),
            "review" => Some(Self::Gatekeeper),
            _ => None,
        }
    }
}

impl Step {
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Key(name) => Some(name),
            Self::Item => None,
        }
    }
}

impl Place {
    /// What stands there, for each kind that the object may be of. `review` tells whether `input.request` is that of an
    /// AdmissionReview.
    pub(super) fn look(&self, outer: &Facts, review: bool) -> Vec<Found> {
        let names: Vec<&str> = self.steps.iter().map_while(Step::name).take(2).collect();
        if names == ["context", "namespace"] {
            let namespace = tollgate_schema::of("v1", "Namespace").map(Cursor::Object);
            return vec![
                namespace.map_or(Found::Unknown, |namespace| self.follow(namespace, 2, "Namespace")),
            ];
        }
        let Some((form, start)) = self.object() else {
            let request = Object::admission_request().map(Cursor::Object);
            let request = request.filter(|_| review && names.first() == Some(&"request"));
            return vec![
                request.map_or(Found::Unknown, |request| self.follow(request, 1, "AdmissionReview")),
            ];
        };
        match self.facts.clone().and(outer).kinds(form) {
            Some(kinds) => {
                let of =
                    |kind: tollgate_schema::Kind| self.follow(Cursor::Object(kind.object), start, kind.kind);
                kinds.into_iter().map(of).collect()
            }
            // Every object has the same metadata, whatever its kind.
            None if form != Form::Object
                && self.steps.get(start).and_then(Step::name) == Some("metadata") =>
            {
                let metadata = tollgate_schema::of("v1", "Pod").and_then(|pod| pod.field("metadata"));
                let from = metadata.map(|field| Cursor::of(&field.of));
                let start = start.saturating_add(1);
                vec![from.map_or(Found::Unknown, |from| self.follow(from, start, "object"))]
            }
            None => vec![Found::Unknown],
        }
    }

    /// Where the object that is judged begins; nothing for what stands beside it.
    pub(super) fn object(&self) -> Option<(Form, usize)> {
        let mut names = self.steps.iter().map_while(Step::name);
        match (names.next(), names.next()) {
            (Some(root @ ("request" | "review")), Some("object" | "oldObject")) => {
                Some((Form::of_root(root)?, 2))
            }
            (Some("context" | "parameters" | "request" | "review" | "principal" | "evidence"), _) => None,
            _ => Some((Form::Object, 0)),
        }
    }

    fn follow(&self, from: Cursor, start: usize, kind: &'static str) -> Found {
        let mut here = from;
        for (at, step) in self.steps.iter().enumerate().skip(start) {
            here = match here.step(step) {
                Some(Some(next)) => next,
                Some(None) => return Found::Unknown,
                None => return Found::Missing { at, from: here, kind },
            };
        }
        Found::Type(here)
    }
}

impl Cursor {
    pub(super) const fn of(of: &'static Type) -> Self {
        match of {
            Type::Object(object) => Self::Object(*object),
            of => Self::Type(of),
        }
    }

    /// What a step leads to: nothing where it leads nowhere, nothing inside where it cannot be told.
    pub(super) fn step(self, step: &Step) -> Option<Option<Self>> {
        let object = match self {
            Self::Object(object) => object,
            Self::Type(Type::Any) => return Some(None),
            Self::Type(Type::Map(item)) => return Some(Some(Self::of(item))),
            Self::Type(Type::List { item, .. }) if *step == Step::Item => return Some(Some(Self::of(item))),
            Self::Type(_) => return None,
        };
        match step {
            Step::Key(name) => object.field(name).map(|field| Some(Self::of(&field.of))),
            Step::Item => Some(None),
        }
    }

    /// As a person says it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Object(_) => "an object",
            Self::Type(of) => of.word(),
        }
    }

    /// Its fields, where it has some.
    pub(super) fn fields(self) -> Vec<&'static str> {
        match self {
            Self::Object(object) => object.fields().iter().map(|field| field.name).collect(),
            Self::Type(_) => Vec::new(),
        }
    }
}

/// The packages that read an AdmissionReview, by the fields of `input.request` that nothing else has, and those that
/// read an object of Kubernetes, by its kind.
pub(super) fn packages(rules: &[Rule]) -> (BTreeSet<Path>, BTreeSet<Path>) {
    let (mut reviews, mut objects) = (BTreeSet::new(), BTreeSet::new());
    for rule in rules {
        let mut reads = Reads::default();
        walk_rule(&mut reads, rule);
        if reads.review {
            reviews.insert(rule.package.clone());
        }
        if reads.object {
            objects.insert(rule.package.clone());
        }
    }
    (reviews, objects)
}

#[derive(Default)]
struct Reads {
    review: bool,
    object: bool,
}

impl<'a> Visitor<'a> for Reads {
    fn term(&mut self, term: &'a Term) {
        if let TermKind::Ref { base: Base::Input, steps } = &term.kind {
            let names = fixed(steps);
            let names: Vec<&str> = names.iter().map(|name| &**name).collect();
            self.review |= matches!(
                names.as_slice(),
                ["request", "object" | "oldObject" | "userInfo" | "operation", ..]
                    | ["request", "kind", "kind", ..]
            );
            self.object |=
                matches!(names.as_slice(), [] | ["kind" | "apiVersion"] | ["metadata" | "spec", _, ..]);
        }
        walk_term(self, term);
    }
}
