//! Every term of a rule, and every rule that a rule needs.

use std::sync::Arc;

use crate::document::Documents;
use crate::tree::{
    Base, Body, Callee, Leaf, Literal, LiteralKind, Replacement, Rule, TemplatePart, Term, TermKind, With,
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

/// The rules that `of` needs, sorted: what its references and calls may reach.
#[must_use]
pub fn needs(of: &Rule, documents: &Documents) -> Vec<usize> {
    let mut needs = Needs { documents, rules: Vec::new() };
    rule(of, &mut needs);
    needs.rules.sort_unstable();
    needs.rules.dedup();
    needs.rules
}

struct Needs<'a> {
    documents: &'a Documents,
    rules: Vec<usize>,
}

impl Visitor for Needs<'_> {
    fn term(&mut self, term: &Term) {
        match &term.kind {
            TermKind::Ref { base: Base::Data, steps } => {
                let fixed: Vec<Arc<str>> = steps
                    .iter()
                    .map_while(|step| match &step.kind {
                        TermKind::String(text) => Some(text.clone()),
                        _ => None,
                    })
                    .collect();
                let rest = steps.get(fixed.len()..).unwrap_or_default();
                self.reference(&fixed, rest);
            }
            TermKind::Call { callee: Callee::Function(path), .. } => self.reference(path, &[]),
            _ => {}
        }
    }

    fn with(&mut self, with: &With) {
        if let Replacement::Function(path) = &with.value {
            self.reference(path, &[]);
        }
    }
}

impl Needs<'_> {
    /// The rules that a reference may reach: on its way, at its end, and below where it stops or steps by a value.
    fn reference(&mut self, fixed: &[Arc<str>], rest: &[Term]) {
        let mut node = self.documents;
        for step in fixed {
            self.rules.extend(&node.rules);
            match node.below.get(step) {
                Some(below) => node = below,
                None => return,
            }
        }
        self.below(node, rest);
    }

    fn below(&mut self, node: &Documents, rest: &[Term]) {
        self.rules.extend(&node.rules);
        let Some((step, rest)) = rest.split_first() else {
            node.all(&mut |rule| self.rules.push(rule));
            return;
        };
        match &step.kind {
            TermKind::String(text) => {
                if let Some(below) = node.below.get(text) {
                    self.below(below, rest);
                }
            }
            _ => node.below.values().for_each(|below| self.below(below, rest)),
        }
    }
}
