//! Conditions.

use crate::tree::{Body, Literal, LiteralKind, With};

use super::Printer;

impl Printer {
    /// `edge`: whether a `|` behind its first part would be read as a comprehension's.
    pub(super) fn literal(&mut self, literal: &Literal, edge: bool) {
        match &literal.kind {
            LiteralKind::Term(term) => self.statement(term, edge),
            LiteralKind::Not(term) => {
                self.push("not ");
                self.statement(term, false);
            }
            LiteralKind::NotBody(body) => {
                self.push("not { ");
                self.conditions(body, true);
                self.push(" }");
            }
            LiteralKind::Some(names) => {
                self.push("some ");
                let names: Vec<&str> = names.iter().map(|name| &*name.text).collect();
                self.push(&names.join(", "));
            }
            LiteralKind::SomeIn { key, value, collection } => {
                self.push("some ");
                if let Some(key) = key {
                    self.related(key);
                    self.push(", ");
                }
                if key.is_some() {
                    self.related(value)
                } else {
                    self.member(value)
                }
                self.push(" in ");
                self.related(collection);
            }
            LiteralKind::Every { key, value, collection, body } => {
                self.push("every ");
                if let Some(key) = key {
                    self.push(&key.text);
                    self.push(", ");
                }
                self.push(&value.text);
                self.push(" in ");
                self.related(collection);
                self.push(" { ");
                self.conditions(body, false);
                self.push(" }");
            }
        }
        for with in &literal.with {
            self.with(with);
        }
    }

    fn with(&mut self, with: &With) {
        self.push(" with ");
        self.primary(&with.target);
        self.push(" as ");
        self.whole(&with.value);
    }

    /// Conditions on one line. `edge`: of the first.
    pub(super) fn conditions(&mut self, body: &Body, edge: bool) {
        for (at, literal) in body.literals.iter().enumerate() {
            if at > 0 {
                self.push("; ");
            }
            self.literal(literal, edge && at == 0);
        }
    }
}
