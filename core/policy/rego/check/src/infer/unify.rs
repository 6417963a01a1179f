//! Unification: locals without a type get one, everything else must have a value in common with it.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_rego_resolve::tree::{Term, TermKind};

use super::Rules;
use crate::kind::{Key, Type};

impl Rules<'_, '_> {
    /// A term whose type is `given` takes values of the type `of`: its locals without a type get theirs. False where the
    /// two have no value in common.
    pub(super) fn bind(&mut self, term: &Term, given: &Type, of: &Type) -> bool {
        match &term.kind {
            TermKind::Local(local) => match self.local(*local) {
                Type::Unknown => {
                    self.set(*local, of.clone());
                    true
                }
                known => known.meets(of),
            },
            TermKind::Array(items) => {
                let own = |at: usize| match given {
                    Type::Array(array) => array.0.get(at).or(array.1.as_ref()).cloned(),
                    _ => None,
                };
                let own = |at: usize| own(at).unwrap_or(Type::Any);
                match of {
                    Type::Array(array) => {
                        let fits = items.len() == array.0.len()
                            || (array.1.is_some() && items.len() >= array.0.len());
                        fits && items.iter().enumerate().all(|(at, item)| {
                            let of = array.0.get(at).or(array.1.as_ref());
                            of.is_some_and(|of| self.bind(item, &own(at), of))
                        })
                    }
                    _ => self.loosely(items.iter().enumerate().map(|(at, item)| (item, own(at))), of, term),
                }
            }
            TermKind::Object(entries) => {
                let own = |key: &Term| match (given, constant(key)) {
                    (Type::Object(object), Some(key)) => object.fields.get(&key).cloned(),
                    _ => None,
                };
                let own = |key: &Term| own(key).unwrap_or(Type::Any);
                let entries = without_doubles(entries);
                match of {
                    Type::Object(object) => {
                        let fits = object.rest.is_some() || entries.len() == object.fields.len();
                        fits && entries.iter().all(|(key, value)| match constant(key) {
                            Some(name) => of.select(&name).is_some_and(|of| self.bind(value, &own(key), &of)),
                            None => {
                                self.bind(value, &Type::Any, &Type::Any);
                                true
                            }
                        })
                    }
                    _ => self.loosely(entries.iter().map(|(key, value)| (value, own(key))), of, term),
                }
            }
            _ => given.meets(of),
        }
    }

    /// Whatever it is: its locals without a type may be anything.
    pub(super) fn release(&mut self, term: &Term) {
        self.bind(term, &Type::Any, &Type::Any);
    }

    /// A pattern against a type that is no single one of its kind: its names may be anything.
    fn loosely<'t>(
        &mut self,
        parts: impl Iterator<Item = (&'t Term, Type)>,
        of: &Type,
        pattern: &Term,
    ) -> bool {
        for (part, given) in parts {
            self.bind(part, &given, &Type::Any);
        }
        of.meets(&hollow(pattern))
    }

    /// `a = b`. False where the two have no value in common.
    pub(super) fn unify(&mut self, a: &Term, of_a: &Type, b: &Term, of_b: &Type) -> bool {
        match (of_a.is_open(), of_b.is_open()) {
            (true, false) => self.bind(a, of_a, of_b),
            (false, true) => self.bind(b, of_b, of_a),
            (false, false) => of_a.meets(of_b),
            (true, true) => self.unify_open(a, of_a, b, of_b),
        }
    }

    fn unify_open(&mut self, a: &Term, of_a: &Type, b: &Term, of_b: &Type) -> bool {
        match (&a.kind, &b.kind) {
            (TermKind::Array(items), TermKind::Array(others)) => {
                items.len() == others.len()
                    && items.iter().zip(others).enumerate().all(|(at, (a, b))| {
                        let item = |of: &Type| match of {
                            Type::Array(array) => array.0.get(at).or(array.1.as_ref()).cloned(),
                            _ => None,
                        };
                        let (of_a, of_b) = (item(of_a).unwrap_or(Type::Any), item(of_b).unwrap_or(Type::Any));
                        self.unify(a, &of_a, b, &of_b)
                    })
            }
            (TermKind::Local(_), TermKind::Local(_)) => {
                self.release(a);
                self.release(b);
                true
            }
            (TermKind::Local(_), _) => {
                self.release(b);
                self.bind(a, of_a, &of_b.closed())
            }
            (_, TermKind::Local(_)) => {
                self.release(a);
                self.bind(b, of_b, &of_a.closed())
            }
            _ => {
                self.release(a);
                self.release(b);
                true
            }
        }
    }
}

/// Of entries with the same constant key, the last.
fn without_doubles(entries: &[(Term, Term)]) -> Vec<&(Term, Term)> {
    let key = |(at, (key, _)): (usize, &(Term, Term))| Some((constant(key)?, at));
    let last: BTreeMap<Key, usize> = entries.iter().enumerate().filter_map(key).collect();
    let is_last = |(at, entry): &(usize, &(Term, Term))| {
        constant(&entry.0).is_none_or(|key| last.get(&key) == Some(at))
    };
    entries.iter().enumerate().filter(is_last).map(|(_, entry)| entry).collect()
}

/// The widest type of a pattern's kind.
fn hollow(pattern: &Term) -> Type {
    match &pattern.kind {
        TermKind::Array(_) => Type::array(Vec::new(), Some(Type::Any)),
        TermKind::Object(_) => Type::object(BTreeMap::new(), Some((Type::Any, Type::Any))),
        _ => Type::Any,
    }
}

/// The scalar that a term is.
pub(super) fn constant(term: &Term) -> Option<Key> {
    Some(match &term.kind {
        TermKind::Null => Key::Null,
        TermKind::Bool(truth) => Key::Bool(*truth),
        TermKind::Number(text) => Key::Number(plain(text)),
        TermKind::String(text) => Key::String(text.clone()),
        _ => return None,
    })
}

/// A number as it is written plainly: `1.0` and `1e0` are the key `1`. What a double cannot hold stays as it is.
fn plain(text: &Arc<str>) -> Arc<str> {
    match text.parse::<f64>() {
        Ok(number) if text.len() <= 15 && number.is_finite() => (number + 0.0).to_string().into(),
        _ => text.clone(),
    }
}
