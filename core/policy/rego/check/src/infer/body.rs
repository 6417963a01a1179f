//! Conditions.

use tollgate_rego_resolve::tree::{Callee, Literal, LiteralKind, Replacement, Term, TermKind};
use tollgate_rego_syntax::tree::Span;

use super::unify::constant;
use super::{BY_SCHEMA, Rules};
use crate::kind::Type;

impl Rules<'_, '_> {
    pub(super) fn literal(&mut self, literal: &Literal) {
        for with in &literal.with {
            if let Replacement::Term(term) = &with.value {
                self.term(term);
            }
        }
        // What is replaced may be of any other type, and so may what is worked out from it.
        let relaxed = !literal.with.is_empty();
        self.relaxed = self.relaxed.saturating_add(usize::from(relaxed));
        self.condition(literal);
        self.relaxed = self.relaxed.saturating_sub(usize::from(relaxed));
    }

    fn condition(&mut self, literal: &Literal) {
        match &literal.kind {
            LiteralKind::Term(term) => match equated(term) {
                Some((a, b)) => self.equal(a, b, literal.span),
                None => _ = self.term(term),
            },
            LiteralKind::Assign(pattern, term) => {
                let of = self.term(term);
                let given = self.term(pattern);
                // What is bound to itself, such as a local used above, may be anything.
                let of = if of == Type::Unknown { Type::Any } else { of };
                if !self.bind(pattern, &given, &of) {
                    self.apart(literal.span, &given, &of);
                }
            }
            LiteralKind::Unify(a, b) => self.equal(a, b, literal.span),
            LiteralKind::Not(inner) => self.literal(inner),
            LiteralKind::NotBody(body) => self.body(body),
            LiteralKind::SomeIn { key, value, collection } => {
                let of = self.term(collection);
                let (Some(keys), Some(values)) = (of.keys(), of.values()) else {
                    // A scalar as such OPA lets pass: there is nothing in it.
                    if constant(collection).is_none() {
                        self.wrong(
                            collection.span,
                            format!("{of} has no items that could be gone through"),
                            None,
                        );
                    }
                    key.iter().chain([value]).for_each(|pattern| self.release(pattern));
                    return;
                };
                for (pattern, of) in key.iter().map(|key| (key, &keys)).chain([(value, &values)]) {
                    let given = self.term(pattern);
                    if !self.bind(pattern, &given, of) {
                        self.apart(literal.span, &given, of);
                    }
                }
            }
            // OPA gives the names no type.
            LiteralKind::Every { key, value, collection, body } => {
                self.term(collection);
                key.iter().chain([value]).for_each(|local| self.set(*local, Type::Any));
                self.body(body);
            }
        }
    }

    fn equal(&mut self, a: &Term, b: &Term, span: Span) {
        let before = self.wrong;
        let (of_a, of_b) = (self.term(a), self.term(b));
        let met = self.unify(a, &of_a, b, &of_b);
        if !met && self.wrong == before {
            self.apart(span, &of_a, &of_b);
        }
    }

    fn apart(&mut self, span: Span, a: &Type, b: &Type) {
        let message = match (self.shown(a), self.shown(b)) {
            (a, b) if a == b => format!("the two sides are both {a}, and can never be equal"),
            (a, b) => format!("{a} is compared with {b}: they can never be equal"),
        };
        self.wrong(span, message, None);
    }

    /// A type for people. That a field may be `null` goes without saying.
    pub(super) fn shown(&self, of: &Type) -> String {
        match of {
            Type::Union(members) if self.infer.code == BY_SCHEMA => {
                let said = members.iter().filter(|member| **member != Type::Null).cloned();
                said.fold(Type::Unknown, Type::or).to_string()
            }
            other => other.to_string(),
        }
    }
}

/// The sides of `a == b`, which OPA takes for `a = b` where it is a condition of its own.
fn equated(term: &Term) -> Option<(&Term, &Term)> {
    match &term.kind {
        TermKind::Call { callee: Callee::Builtin(builtin), arguments, .. } if builtin.name == "equal" => {
            match arguments.as_slice() {
                [a, b] => Some((a, b)),
                _ => None,
            }
        }
        _ => None,
    }
}
