//! The names that a rule uses, before anything is resolved.

use std::collections::BTreeSet;

use tollgate_rego_syntax::tree::{Body, Literal, LiteralKind, Step, TemplatePart, Term, TermKind};

/// Collects them.
pub(super) struct Used<'u, 'm>(pub(super) &'u mut BTreeSet<&'m str>);

impl<'m> Used<'_, 'm> {
    pub(super) fn step(&mut self, step: &'m Step) {
        if let Step::Term(term) = step {
            self.term(term);
        }
    }

    pub(super) fn body(&mut self, body: &'m Body) {
        body.literals.iter().for_each(|literal| self.literal(literal));
    }

    fn literal(&mut self, literal: &'m Literal) {
        match &literal.kind {
            LiteralKind::Term(term) | LiteralKind::Not(term) => self.term(term),
            LiteralKind::NotBody(body) => self.body(body),
            LiteralKind::Some(_) => {}
            LiteralKind::SomeIn { key, value, collection } => {
                key.iter().chain([value, collection]).for_each(|term| self.term(term));
            }
            LiteralKind::Every { collection, body, .. } => {
                self.term(collection);
                self.body(body);
            }
        }
        for with in &literal.with {
            self.term(&with.target);
            self.term(&with.value);
        }
    }

    pub(super) fn term(&mut self, term: &'m Term) {
        match &term.kind {
            TermKind::Null | TermKind::Bool(_) | TermKind::Number(_) | TermKind::String(_) => {}
            TermKind::Template(parts) => {
                for part in parts {
                    if let TemplatePart::Term(literal) = part {
                        self.literal(literal);
                    }
                }
            }
            TermKind::Var(name) => _ = self.0.insert(name),
            TermKind::Ref { head, steps } => {
                self.term(head);
                steps.iter().for_each(|step| self.step(step));
            }
            TermKind::Call { function, arguments } => {
                self.term(function);
                arguments.iter().for_each(|argument| self.term(argument));
            }
            TermKind::Infix { left, right, .. } => {
                self.term(left);
                self.term(right);
            }
            TermKind::Membership { key, value, collection } => {
                key.iter().for_each(|key| self.term(key));
                self.term(value);
                self.term(collection);
            }
            TermKind::Array(items) | TermKind::Set(items) => items.iter().for_each(|item| self.term(item)),
            TermKind::Object(entries) => {
                for (key, value) in entries {
                    self.term(key);
                    self.term(value);
                }
            }
            TermKind::ArrayComprehension(value, body) | TermKind::SetComprehension(value, body) => {
                self.term(value);
                self.body(body);
            }
            TermKind::ObjectComprehension(key, value, body) => {
                self.term(key);
                self.term(value);
                self.body(body);
            }
        }
    }
}
