//! References: what stands at the end of their steps.

use std::sync::Arc;

use tollgate_rego_resolve::tree::{Base, Term, TermKind};
use tollgate_schema::did_you_mean;

use super::term::list;
use super::unify::constant;
use super::{Known, Rules};
use crate::graph::Reach;
use crate::kind::{Key, Type};
use crate::walk::fixed;

/// How many names a remedy lists.
const LISTED: usize = 8;

impl Rules<'_, '_> {
    pub(super) fn reference(&mut self, base: &Base, steps: &[Term]) -> Type {
        let (from, taken) = match base {
            Base::Data => self.document(steps),
            Base::Input => (Type::Any, 0),
            Base::Local(local) => {
                if self.local(*local) == Type::Unknown {
                    self.set(*local, Type::Any);
                }
                (self.local(*local).closed(), 0)
            }
            Base::Term(term) => (self.term(term).closed(), 0),
        };
        let steps = steps.get(taken..).unwrap_or_default();
        let mut of = from;
        for (at, step) in steps.iter().enumerate() {
            of = match self.step(&of, step) {
                Some(of) => of,
                None => {
                    // One problem for a reference; its other names may be anything.
                    let rest = steps.get(at..).unwrap_or_default();
                    rest.iter().for_each(|step| self.release(step));
                    return Type::Any;
                }
            };
        }
        of
    }

    /// The type of the rules that a reference below `data` reaches, and how many steps lead there.
    fn document(&self, steps: &[Term]) -> (Type, usize) {
        let Reach::Rules(group, taken) = self.infer.graph.reach(&fixed(steps)) else { return (Type::Any, 0) };
        let extended = self.infer.graph.groups.get(group).is_some_and(|group| group.extended);
        match self.infer.known.get(&group) {
            Some(Known::Value(of)) if self.relaxed == 0 && !extended => (of.closed(), taken),
            _ => (Type::Any, taken),
        }
    }

    /// One step; nothing where it was reported.
    fn step(&mut self, of: &Type, step: &Term) -> Option<Type> {
        let key = constant(step);
        if of.is_empty() {
            return match key {
                Some(_) => self.missing(of, step),
                None => {
                    self.term(step);
                    self.release(step);
                    Some(Type::Any)
                }
            };
        }
        let Some(keys) = of.keys() else {
            self.wrong(step.span, format!("{of} has nothing inside that could be stepped to"), None);
            return None;
        };
        if let Some(key) = key {
            return match of.select(&key) {
                Some(of) => Some(of),
                None => self.missing(of, step),
            };
        }
        let given = self.term(step);
        let fits = match &step.kind {
            TermKind::Local(_) | TermKind::Array(_) | TermKind::Object(_) | TermKind::Set(_) => {
                self.bind(step, &given, &keys)
            }
            _ => given.meets(&keys),
        };
        if !fits {
            self.wrong(step.span, format!("the keys of {of} are {keys}, and this is {given}"), None);
            return None;
        }
        of.values()
    }

    fn missing(&mut self, of: &Type, step: &Term) -> Option<Type> {
        let names = names(of);
        let (message, remedy) = match &step.kind {
            TermKind::String(text) if matches!(of, Type::Array(_)) => (
                format!("an array has no field `{text}`"),
                Some(format!("go through its items: `[_].{text}`, or `some item in ..`")),
            ),
            TermKind::String(text) => {
                let remedy = did_you_mean(text, names.iter().map(|name| &**name))
                    .map(|meant| format!("did you mean `{meant}`?"))
                    .or_else(|| {
                        (!names.is_empty() && names.len() <= LISTED)
                            .then(|| format!("there are {}", list(&names)))
                    });
                (format!("{of} has no field `{text}` here"), remedy)
            }
            _ => (format!("{of} has no such key"), None),
        };
        self.wrong(step.span, message, remedy);
        None
    }
}

/// The names of the fields that an object has.
fn names(of: &Type) -> Vec<Arc<str>> {
    let name = |key: &Key| match key {
        Key::String(name) => Some(name.clone()),
        _ => None,
    };
    let fields = of.members().into_iter().filter_map(|member| match member {
        Type::Object(object) => Some(object.fields.keys().filter_map(name).collect::<Vec<_>>()),
        _ => None,
    });
    fields.flatten().collect()
}
