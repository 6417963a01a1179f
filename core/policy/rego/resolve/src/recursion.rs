//! Rules that need their own value: refused, for Rego has no fixpoints.

use std::sync::Arc;

use crate::document::Documents;
use crate::problem::Problem;
use crate::tree::{
    Base, Body, Callee, Leaf, Literal, LiteralKind, Replacement, Rule, TemplatePart, Term, TermKind,
};

/// Reports each cycle once, at one of its rules.
pub(crate) fn find(rules: &[Rule], documents: &Documents, problems: &mut Vec<Problem>) {
    let needs: Vec<Vec<usize>> = rules.iter().map(|rule| needs(rule, documents)).collect();
    let mut state = vec![State::New; rules.len()];
    for start in 0..rules.len() {
        if state.get(start) == Some(&State::New) {
            walk(start, rules, &needs, &mut state, problems);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

/// Depth first, on a stack of our own: a chain of rules may be long.
fn walk(
    start: usize,
    rules: &[Rule],
    needs: &[Vec<usize>],
    state: &mut [State],
    problems: &mut Vec<Problem>,
) {
    let mut stack = vec![(start, 0)];
    set(state, start, State::Open);
    while let Some((rule, next)) = stack.last_mut() {
        let Some(needed) = needs.get(*rule).and_then(|needs| needs.get(*next)).copied() else {
            set(state, *rule, State::Done);
            stack.pop();
            continue;
        };
        *next += 1;
        match state.get(needed) {
            Some(State::New) => {
                set(state, needed, State::Open);
                stack.push((needed, 0));
            }
            Some(State::Open) => {
                let from = stack.iter().position(|(rule, _)| *rule == needed).unwrap_or_default();
                let cycle = stack.iter().skip(from).map(|(rule, _)| *rule).chain([needed]);
                let names: Vec<String> = cycle.filter_map(|rule| rules.get(rule)).map(name).collect();
                if let Some(rule) = rules.get(needed) {
                    let message = format!("`{}` needs its own value: {}", name(rule), names.join(" -> "));
                    problems.push(Problem::new(rule.file, rule.head_span, "recursion", message));
                }
            }
            Some(State::Done) | None => {}
        }
    }
}

fn set(states: &mut [State], at: usize, state: State) {
    if let Some(place) = states.get_mut(at) {
        *place = state;
    }
}

fn name(rule: &Rule) -> String {
    rule.path.iter().fold("data".to_owned(), |text, step| format!("{text}.{step}"))
}

fn needs(rule: &Rule, documents: &Documents) -> Vec<usize> {
    let mut needs = Needs { documents, rules: Vec::new() };
    rule.keys.iter().for_each(|key| needs.term(key));
    match &rule.leaf {
        Leaf::Value(term) | Leaf::Member(term) => needs.term(term),
    }
    rule.arguments.iter().flatten().for_each(|argument| needs.term(argument));
    needs.body(&rule.body);
    for branch in &rule.otherwise {
        needs.term(&branch.value);
        needs.body(&branch.body);
    }
    needs.rules.sort_unstable();
    needs.rules.dedup();
    needs.rules
}

struct Needs<'a> {
    documents: &'a Documents,
    rules: Vec<usize>,
}

impl Needs<'_> {
    fn body(&mut self, body: &Body) {
        body.literals.iter().for_each(|literal| self.literal(literal));
    }

    fn literal(&mut self, literal: &Literal) {
        match &literal.kind {
            LiteralKind::Term(term) => self.term(term),
            LiteralKind::Assign(a, b) | LiteralKind::Unify(a, b) => {
                self.term(a);
                self.term(b);
            }
            LiteralKind::Not(inner) => self.literal(inner),
            LiteralKind::NotBody(body) => self.body(body),
            LiteralKind::SomeIn { key, value, collection } => {
                key.iter().for_each(|term| self.term(term));
                self.term(value);
                self.term(collection);
            }
            LiteralKind::Every { collection, body, .. } => {
                self.term(collection);
                self.body(body);
            }
        }
        for with in &literal.with {
            match &with.value {
                Replacement::Term(term) => self.term(term),
                Replacement::Function(path) => self.reference(path, &[]),
                Replacement::Builtin(_) => {}
            }
        }
    }

    fn term(&mut self, term: &Term) {
        match &term.kind {
            TermKind::Ref { base, steps } => {
                match base {
                    Base::Term(term) => self.term(term),
                    Base::Data => {
                        let fixed = steps.iter().map_while(|step| match &step.kind {
                            TermKind::String(text) => Some(text.clone()),
                            _ => None,
                        });
                        let fixed: Vec<Arc<str>> = fixed.collect();
                        let rest = steps.get(fixed.len()..).unwrap_or_default();
                        self.reference(&fixed, rest);
                    }
                    Base::Input | Base::Local(_) => {}
                }
                steps.iter().for_each(|step| self.term(step));
            }
            TermKind::Call { callee, arguments, .. } => {
                if let Callee::Function(path) = callee {
                    self.reference(path, &[]);
                }
                arguments.iter().for_each(|term| self.term(term));
            }
            TermKind::Array(items) | TermKind::Set(items) => items.iter().for_each(|term| self.term(term)),
            TermKind::Object(entries) => entries.iter().for_each(|(key, value)| {
                self.term(key);
                self.term(value);
            }),
            TermKind::Comprehension { key, value, body, .. } => {
                key.iter().for_each(|term| self.term(term));
                self.term(value);
                self.body(body);
            }
            TermKind::Template(parts) => parts.iter().for_each(|part| {
                if let TemplatePart::Term(literal) = part {
                    self.literal(literal);
                }
            }),
            TermKind::Null
            | TermKind::Bool(_)
            | TermKind::Number(_)
            | TermKind::String(_)
            | TermKind::Local(_) => {}
        }
    }

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
