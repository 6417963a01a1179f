//! Terms, with parentheses where the operators need them.

use crate::tree::{Operator, Step, TemplatePart, Term, TermKind};

use super::text::{escaped, quoted};
use super::{Printer, is_primary};

/// Below every operator: `in` is at 0, operators from 1 (see `Operator::level`).
const MEMBERSHIP: u8 = 0;
const RELATION: u8 = 1;

impl Printer {
    /// A term, or `a := b` where a condition stands.
    pub(super) fn statement(&mut self, term: &Term, edge: bool) {
        match &term.kind {
            TermKind::Infix {
                operator: operator @ (Operator::Assign | Operator::Unify),
                left,
                right,
                ..
            } => {
                self.pair(left, edge);
                self.sign(*operator);
                self.whole(right);
            }
            _ => self.pair(term, edge),
        }
    }

    /// Where a whole term may stand, `k, v in xs` too.
    pub(super) fn whole(&mut self, term: &Term) {
        self.pair(term, false);
    }

    fn pair(&mut self, term: &Term, edge: bool) {
        match &term.kind {
            TermKind::Membership { key: Some(key), value, collection } => {
                self.at_level(key, RELATION, edge);
                self.push(", ");
                self.related(value);
                self.push(" in ");
                self.related(collection);
            }
            _ => self.at_level(term, MEMBERSHIP, edge),
        }
    }

    /// Where `in` may stand, but not behind a comma: in a list, or left of another `in`.
    pub(super) fn member(&mut self, term: &Term) {
        self.at_level(term, MEMBERSHIP, false);
    }

    /// Where no `in` may stand.
    pub(super) fn related(&mut self, term: &Term) {
        self.at_level(term, RELATION, false);
    }

    /// Where no operator may stand.
    pub(super) fn primary(&mut self, term: &Term) {
        if is_primary(term) { self.simple(term) } else { self.parenthesized(term) }
    }

    fn parenthesized(&mut self, term: &Term) {
        self.push("(");
        self.whole(term);
        self.push(")");
    }

    /// Where operators at least as tight as `least` may stand. `edge`: where `|` would be a comprehension's.
    fn at_level(&mut self, term: &Term, least: u8, edge: bool) {
        match &term.kind {
            TermKind::Membership { key: None, value, collection } if least == MEMBERSHIP => {
                self.at_level(value, MEMBERSHIP, edge);
                self.push(" in ");
                self.related(collection);
            }
            TermKind::Infix { operator, left, right, .. }
                if operator.level() >= least && !(edge && *operator == Operator::Or) =>
            {
                self.at_level(left, operator.level(), edge);
                self.sign(*operator);
                self.at_level(right, operator.level() + 1, false);
            }
            _ => self.primary(term),
        }
    }

    fn sign(&mut self, operator: Operator) {
        self.push(" ");
        self.push(operator.sign());
        self.push(" ");
    }

    /// A term without operators outside of brackets.
    fn simple(&mut self, term: &Term) {
        match &term.kind {
            TermKind::Null => self.push("null"),
            TermKind::Bool(value) => self.push(if *value { "true" } else { "false" }),
            TermKind::Number(text) | TermKind::Var(text) => self.push(text),
            TermKind::String(text) => self.push(&quoted(text)),
            TermKind::Template(parts) => self.template(parts),
            TermKind::Ref { head, steps } => {
                self.primary(head);
                steps.iter().for_each(|step| self.step(step));
            }
            TermKind::Call { function, arguments } => {
                self.primary(function);
                self.push("(");
                self.list(arguments);
                self.push(")");
            }
            TermKind::Infix { .. } | TermKind::Membership { .. } => self.parenthesized(term),
            TermKind::Array(items) => {
                self.push("[");
                self.first_at_edge(items);
                self.push("]");
            }
            TermKind::Set(items) if items.is_empty() => self.push("set()"),
            TermKind::Set(items) => {
                self.push("{");
                self.first_at_edge(items);
                self.push("}");
            }
            TermKind::Object(pairs) => self.object(pairs),
            TermKind::ArrayComprehension(head, body) => {
                self.push("[");
                self.primary(head);
                self.push(" | ");
                self.conditions(body, false);
                self.push("]");
            }
            TermKind::SetComprehension(head, body) => {
                self.push("{");
                self.primary(head);
                self.push(" | ");
                self.conditions(body, false);
                self.push("}");
            }
            TermKind::ObjectComprehension(key, value, body) => {
                self.push("{");
                self.at_level(key, MEMBERSHIP, true);
                self.push(": ");
                self.primary(value);
                self.push(" | ");
                self.conditions(body, false);
                self.push("}");
            }
        }
    }

    /// `.a` or `[b]`
    pub(super) fn step(&mut self, step: &Step) {
        match step {
            Step::Name(name) => {
                self.push(".");
                self.push(&name.text);
            }
            Step::Term(term) => {
                self.push("[");
                self.whole(term);
                self.push("]");
            }
        }
    }

    /// Terms with commas between them.
    pub(super) fn list(&mut self, terms: &[Term]) {
        for (at, term) in terms.iter().enumerate() {
            if at > 0 {
                self.push(", ");
            }
            self.member(term);
        }
    }

    fn first_at_edge(&mut self, terms: &[Term]) {
        for (at, term) in terms.iter().enumerate() {
            if at > 0 {
                self.push(", ");
            }
            self.at_level(term, MEMBERSHIP, at == 0);
        }
    }

    fn object(&mut self, pairs: &[(Term, Term)]) {
        self.push("{");
        for (at, (key, value)) in pairs.iter().enumerate() {
            if at > 0 {
                self.push(", ");
            }
            self.at_level(key, MEMBERSHIP, at == 0);
            self.push(": ");
            self.at_level(value, MEMBERSHIP, at == 0);
        }
        self.push("}");
    }

    fn template(&mut self, parts: &[TemplatePart]) {
        self.push("$\"");
        for part in parts {
            match part {
                TemplatePart::Text(text) => {
                    let escaped = escaped(text, true);
                    self.push(&escaped);
                }
                TemplatePart::Term(literal) => {
                    self.push("{");
                    self.literal(literal, false);
                    self.push("}");
                }
            }
        }
        self.push("\"");
    }
}
