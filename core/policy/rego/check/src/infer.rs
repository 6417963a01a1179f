//! Types of terms, rules and functions, and what does not go together.
//!
//! ```text
//! Graph, used rules first ──Body: conditions in the order in which they bind──> types of locals ──> type of the rule
//!                                  └──> problems: two types without a value in common
//! ```
//! OPA's checker decides what is wrong: a type is given to a local where it is first bound or used, and whatever
//! comes later must have a value in common with it. `given` tells types of references that are known otherwise, such
//! as those of fields of built-in kinds.
//!
//! INVARIANT: what OPA accepts is accepted, but for what `given` adds.

mod body;
mod reference;
mod term;
mod unify;

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_rego_resolve::tree::{Body, Leaf, LocalId, Rule, Term, TermKind};
use tollgate_rego_syntax::tree::Span;

use crate::graph::Graph;
use crate::kind::Type;
use crate::order;
use crate::problem::Problem;

/// The code of problems with types that are given.
pub(crate) const BY_SCHEMA: &str = "schema-type";

/// Types of references, by file and place.
pub(crate) type Given = BTreeMap<(usize, Span), Type>;

/// What is known of the rules that were looked at.
pub(crate) struct Infer<'g> {
    graph: &'g Graph<'g>,
    given: &'g Given,
    /// under which code problems are reported
    code: &'static str,
    /// by group
    known: BTreeMap<usize, Known>,
    problems: Vec<Problem>,
}

/// What a group of rules is.
enum Known {
    Value(Type),
    Function { takes: Vec<Type>, gives: Type },
}

/// Types that go with one rule.
struct Rules<'i, 'g> {
    infer: &'i mut Infer<'g>,
    file: usize,
    /// by local
    locals: Vec<Type>,
    /// how many `with` replace documents or functions around what is looked at
    relaxed: usize,
    /// whether something is wrong in this rule
    wrong: bool,
}

/// All type errors, with `code`.
pub(crate) fn problems(graph: &Graph<'_>, given: &Given, code: &'static str) -> Vec<Problem> {
    let mut infer = Infer { graph, given, code, known: BTreeMap::new(), problems: Vec::new() };
    for group in &graph.order {
        infer.group(*group);
    }
    infer.problems
}

impl Infer<'_> {
    fn group(&mut self, group: usize) {
        let mut known: Option<Known> = None;
        for rule in self.graph.rules(group) {
            let one = self.rule(rule);
            known = Some(match known {
                None => one,
                Some(before) => before.or(one),
            });
        }
        if let Some(known) = known {
            self.known.insert(group, known);
        }
    }

    fn rule(&mut self, rule: &Rule) -> Known {
        let locals = vec![Type::Unknown; rule.locals.len()];
        let mut rules = Rules { infer: self, file: rule.file, locals, relaxed: 0, wrong: false };
        rules.body(&rule.body);
        let mut value = rules.leaf(rule);
        for branch in &rule.otherwise {
            rules.body(&branch.body);
            value = value.or(rules.value(&branch.value));
        }
        let takes = rule.arguments.as_ref().map(|patterns| {
            let taken = |pattern: &Term| rules.pattern_type(pattern).closed();
            patterns.iter().map(taken).collect::<Vec<Type>>()
        });
        // What is wrong in a rule is not reported again by who uses it.
        let wrong = rules.wrong;
        let value = if wrong { Type::Any } else { value };
        match takes {
            Some(takes) if wrong => Known::Function { takes: vec![Type::Any; takes.len()], gives: value },
            Some(takes) => Known::Function { takes, gives: value },
            None => Known::Value(value),
        }
    }
}

impl Known {
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Value(a), Self::Value(b)) => Self::Value(a.or(b)),
            (Self::Function { takes: a, gives }, Self::Function { takes: b, gives: other }) => {
                let takes = a.into_iter().zip(b).map(|(a, b)| a.or(b)).collect();
                Self::Function { takes, gives: gives.or(other) }
            }
            // A function and a rule of one name: the resolver reports it.
            _ => Self::Value(Type::Any),
        }
    }
}

impl Rules<'_, '_> {
    /// What the rule's document holds.
    fn leaf(&mut self, rule: &Rule) -> Type {
        let leaf = match &rule.leaf {
            Leaf::Value(term) => self.value(term),
            Leaf::Member(term) => Type::set(Some(self.value(term))),
        };
        let keys: Vec<Type> = rule.keys.iter().map(|key| self.value(key)).collect();
        keys.into_iter().rev().fold(leaf, |value, key| Type::object(BTreeMap::new(), Some((key, value))))
    }

    /// The type of a term in a head: nothing is bound any more.
    fn value(&mut self, term: &Term) -> Type {
        self.term(term).closed()
    }

    fn pattern_type(&self, pattern: &Term) -> Type {
        match &pattern.kind {
            TermKind::Local(local) => self.local(*local),
            TermKind::Array(items) => {
                Type::array(items.iter().map(|item| self.pattern_type(item)).collect(), None)
            }
            TermKind::Null => Type::Null,
            TermKind::Bool(_) => Type::Boolean,
            TermKind::Number(_) => Type::Number,
            TermKind::String(_) => Type::String,
            _ => Type::Any,
        }
    }

    fn local(&self, local: LocalId) -> Type {
        self.locals.get(local.0 as usize).cloned().unwrap_or(Type::Any)
    }

    fn set(&mut self, local: LocalId, of: Type) {
        if let Some(place) = self.locals.get_mut(local.0 as usize) {
            *place = of;
        }
    }

    /// A type error.
    fn wrong(&mut self, span: Span, message: String, remedy: Option<String>) {
        self.wrong = true;
        let mut problem = Problem::new(self.file, span, self.infer.code, message);
        problem.remedy = remedy;
        self.infer.problems.push(problem);
    }

    fn body(&mut self, body: &Body) {
        for at in order::of(body, |local| self.local(local) != Type::Unknown) {
            if let Some(literal) = body.literals.get(at) {
                self.literal(literal);
            }
        }
    }
}

/// `data.a.b` for people.
fn written(path: &[Arc<str>]) -> String {
    path.iter().fold("data".to_owned(), |text, step| format!("{text}.{step}"))
}

#[cfg(test)]
mod tests;
