//! Every term of a rule.

use crate::tree::{
    Base, Body, Leaf, Literal, LiteralKind, Replacement, Rule, TemplatePart, Term, TermKind, With,
};

/// Sees the parts of a rule, outer ones first.
pub trait Visitor {
    /// A term, before what is in it.
    fn term(&mut self, _term: &Term) {}
    /// A `with`, before its value.
    fn with(&mut self, _with: &With) {}
    /// A condition, before what is in it.
    fn literal(&mut self, _literal: &Literal) {}
}

/// Shows `visitor` all of a rule.
pub fn rule(rule: &Rule, visitor: &mut impl Visitor) {
    rule.arguments.iter().flatten().chain(&rule.keys).for_each(|part| term(part, visitor));
    let (Leaf::Value(leaf) | Leaf::Member(leaf)) = &rule.leaf;
    body(&rule.body, visitor);
    term(leaf, visitor);
    for branch in &rule.otherwise {
        body(&branch.body, visitor);
        term(&branch.value, visitor);
    }
}

/// Shows `visitor` all of a body.
pub fn body(of: &Body, visitor: &mut impl Visitor) {
    of.literals.iter().for_each(|part| literal(part, visitor));
}

/// Shows `visitor` all of a condition.
pub fn literal(of: &Literal, visitor: &mut impl Visitor) {
    visitor.literal(of);
    match &of.kind {
        LiteralKind::Term(part) => term(part, visitor),
        LiteralKind::Assign(left, right) | LiteralKind::Unify(left, right) => {
            term(left, visitor);
            term(right, visitor);
        }
        LiteralKind::Not(inner) => literal(inner, visitor),
        LiteralKind::NotBody(inner) => body(inner, visitor),
        LiteralKind::SomeIn { key, value, collection } => {
            key.iter().chain([value, collection]).for_each(|part| term(part, visitor));
        }
        LiteralKind::Every { collection, body: inner, .. } => {
            term(collection, visitor);
            body(inner, visitor);
        }
    }
    for with in &of.with {
        visitor.with(with);
        if let Replacement::Term(value) = &with.value {
            term(value, visitor);
        }
    }
}

/// Shows `visitor` a term and all in it.
pub fn term(of: &Term, visitor: &mut impl Visitor) {
    visitor.term(of);
    match &of.kind {
        TermKind::Ref { base, steps } => {
            if let Base::Term(head) = base {
                term(head, visitor);
            }
            steps.iter().for_each(|step| term(step, visitor));
        }
        TermKind::Call { arguments, .. } => arguments.iter().for_each(|argument| term(argument, visitor)),
        TermKind::Array(items) | TermKind::Set(items) => items.iter().for_each(|item| term(item, visitor)),
        TermKind::Object(entries) => entries.iter().for_each(|(key, value)| {
            term(key, visitor);
            term(value, visitor);
        }),
        TermKind::Comprehension { key, value, body: inner, .. } => {
            body(inner, visitor);
            key.iter().chain([value]).for_each(|part| term(part, visitor));
        }
        TermKind::Template(parts) => parts.iter().for_each(|part| {
            if let TemplatePart::Term(part) = part {
                literal(part, visitor);
            }
        }),
        TermKind::Null
        | TermKind::Bool(_)
        | TermKind::Number(_)
        | TermKind::String(_)
        | TermKind::Local(_) => {}
    }
}
