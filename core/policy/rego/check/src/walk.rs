//! A walk over the resolved tree. What recurses is as deep as the source nests, and the parser bounds that.

use tollgate_rego_resolve::tree::{
    Base, Body, Leaf, Literal, LiteralKind, Replacement, Rule, TemplatePart, Term, TermKind,
};

/// What wants to see the parts of a rule. Each method sees the part before what is in it, and walks on by itself.
pub(crate) trait Visitor<'a>: Sized {
    /// A body: a rule's own, or a closure's.
    fn body(&mut self, body: &'a Body) {
        walk_body(self, body);
    }

    /// A condition.
    fn literal(&mut self, literal: &'a Literal) {
        walk_literal(self, literal);
    }

    /// A pattern whose names are new.
    fn pattern(&mut self, pattern: &'a Term) {
        self.term(pattern);
    }

    /// A term.
    fn term(&mut self, term: &'a Term) {
        walk_term(self, term);
    }
}

/// Every part of a rule.
pub(crate) fn walk_rule<'a>(visitor: &mut impl Visitor<'a>, rule: &'a Rule) {
    rule.arguments.iter().flatten().for_each(|argument| visitor.pattern(argument));
    visitor.body(&rule.body);
    rule.keys.iter().for_each(|key| visitor.term(key));
    let (Leaf::Value(leaf) | Leaf::Member(leaf)) = &rule.leaf;
    visitor.term(leaf);
    for branch in &rule.otherwise {
        visitor.body(&branch.body);
        visitor.term(&branch.value);
    }
}

/// What is in a body.
pub(crate) fn walk_body<'a>(visitor: &mut impl Visitor<'a>, body: &'a Body) {
    body.literals.iter().for_each(|literal| visitor.literal(literal));
}

/// What is in a condition.
pub(crate) fn walk_literal<'a>(visitor: &mut impl Visitor<'a>, literal: &'a Literal) {
    match &literal.kind {
        LiteralKind::Term(term) => visitor.term(term),
        LiteralKind::Assign(pattern, term) => {
            visitor.pattern(pattern);
            visitor.term(term);
        }
        LiteralKind::Unify(a, b) => {
            visitor.term(a);
            visitor.term(b);
        }
        LiteralKind::Not(inner) => visitor.literal(inner),
        LiteralKind::NotBody(body) => visitor.body(body),
        LiteralKind::SomeIn { key, value, collection } => {
            visitor.term(collection);
            key.iter().for_each(|key| visitor.pattern(key));
            visitor.pattern(value);
        }
        LiteralKind::Every { collection, body, .. } => {
            visitor.term(collection);
            visitor.body(body);
        }
    }
    for with in &literal.with {
        if let Replacement::Term(term) = &with.value {
            visitor.term(term);
        }
    }
}

/// What is in a term.
pub(crate) fn walk_term<'a>(visitor: &mut impl Visitor<'a>, term: &'a Term) {
    match &term.kind {
        TermKind::Null
        | TermKind::Bool(_)
        | TermKind::Number(_)
        | TermKind::String(_)
        | TermKind::Local(_) => {}
        TermKind::Template(parts) => {
            for part in parts {
                if let TemplatePart::Term(literal) = part {
                    visitor.literal(literal);
                }
            }
        }
        TermKind::Ref { base, steps } => {
            if let Base::Term(base) = base {
                visitor.term(base);
            }
            steps.iter().for_each(|step| visitor.term(step));
        }
        TermKind::Call { arguments, .. } => arguments.iter().for_each(|argument| visitor.term(argument)),
        TermKind::Array(items) | TermKind::Set(items) => items.iter().for_each(|item| visitor.term(item)),
        TermKind::Object(entries) => {
            for (key, value) in entries {
                visitor.term(key);
                visitor.term(value);
            }
        }
        TermKind::Comprehension { key, value, body, .. } => {
            visitor.body(body);
            key.iter().for_each(|key| visitor.term(key));
            visitor.term(value);
        }
    }
}

/// The names that a reference begins with: its steps up to the first that is no string.
pub(crate) fn fixed(steps: &[Term]) -> Vec<std::sync::Arc<str>> {
    let name = |step: &Term| match &step.kind {
        TermKind::String(text) => Some(text.clone()),
        _ => None,
    };
    steps.iter().map_while(name).collect()
}

/// Whether a rule is a test.
pub(crate) fn is_test(rule: &Rule) -> bool {
    rule.path.last().is_some_and(|name| name.starts_with("test_") || name.starts_with("todo_test_"))
}
