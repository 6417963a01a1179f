//! Conditions that say nothing, or too much: written twice, against one another, true or false whatever is judged.
//!
//! ```text
//! each body ──Canon──> conditions as text, locals taken for what they stand for ──> doubles, contradictions
//!           └─truth──> conditions that are constant
//! ```
//! INVARIANT: what is reported holds for every input. Two references are the same only where they step by the same
//! locals; conditions under `with` are looked at for doubles only.

mod canon;
mod limit;
mod truth;

use std::collections::BTreeMap;

use tollgate_rego_resolve::tree::{Body, Callee, Leaf, Literal, LiteralKind, Rule, Term, TermKind};
use tollgate_rego_syntax::tree::Span;

use self::canon::Canon;
use self::limit::Limit;
use crate::graph::Graph;
use crate::problem::Problem;
use crate::walk::{Visitor, is_test, walk_body, walk_rule};

/// How many limits on one value are kept in mind.
const LIMITS: usize = 16;

/// What the names of rules that a gate asks begin with.
const ASKED: [&str; 3] = ["deny", "violation", "warn"];

/// Whatever is wrong with conditions.
pub(crate) fn problems(graph: &Graph<'_>, rules: &[Rule]) -> Vec<Problem> {
    let mut problems = Vec::new();
    // Tests say on purpose what does not hold.
    for rule in rules.iter().filter(|rule| !is_test(rule)) {
        let mut bodies = Bodies { file: rule.file, canon: Canon::of(rule), problems: &mut problems };
        walk_rule(&mut bodies, rule);
    }
    for at in 0..graph.groups.len() {
        problems.extend(always(graph, at));
    }
    problems
}

struct Bodies<'r, 'p> {
    file: usize,
    canon: Canon<'r>,
    problems: &'p mut Vec<Problem>,
}

impl<'a> Visitor<'a> for Bodies<'_, '_> {
    fn body(&mut self, body: &'a Body) {
        self.doubles(body);
        self.constants(body);
        self.contradictions(body);
        walk_body(self, body);
    }
}

impl Bodies<'_, '_> {
    fn doubles(&mut self, body: &Body) {
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        for literal in &body.literals {
            if is_output(literal) {
                continue;
            }
            let Some(text) = self.canon.written(literal) else { continue };
            match seen.get(&text) {
                Some(first) => self.problems.push(
                    Problem::new(
                        self.file,
                        literal.span,
                        "duplicate-condition",
                        "this condition is written twice in one body",
                    )
                    .mended_by("leave one of them out, or write the condition that was meant")
                    .beside(*first, "first written here"),
                ),
                None => _ = seen.insert(text, literal.span),
            }
        }
    }

    fn constants(&mut self, body: &Body) {
        for literal in &body.literals {
            let (code, message, remedy) = match truth::of(literal, &self.canon) {
                Some(false) => (
                    "never-matches",
                    "this condition never holds, whatever is judged, and so nothing that needs it does",
                    "write the condition that was meant, or take the rule out",
                ),
                // A body that is nothing but `true` is how people write that there is no condition.
                Some(true) if body.literals.len() > 1 => (
                    "constant-condition",
                    "this condition always holds, whatever is judged",
                    "leave it out, or write the condition that was meant",
                ),
                _ => continue,
            };
            self.problems.push(Problem::new(self.file, literal.span, code, message).mended_by(remedy));
        }
    }

    fn contradictions(&mut self, body: &Body) {
        let mut limits: BTreeMap<String, Vec<(Limit, Span)>> = BTreeMap::new();
        let mut said: BTreeMap<String, (bool, Span)> = BTreeMap::new();
        for literal in body.literals.iter().filter(|literal| literal.with.is_empty()) {
            let mut against = None;
            if let Some((text, limit)) = self.canon.limit(literal) {
                let kept = limits.entry(text).or_default();
                against = kept.iter().find(|(other, _)| !limit.allows(other)).map(|(_, span)| *span);
                if kept.len() < LIMITS {
                    kept.push((limit, literal.span));
                }
            }
            for (text, holds) in self.canon.saying(literal) {
                match said.get(&text) {
                    Some((other, span)) if *other != holds => against = against.or(Some(*span)),
                    Some(_) => {}
                    None => _ = said.insert(text, (holds, literal.span)),
                }
            }
            if let Some(other) = against {
                let problem = Problem::new(
                    self.file,
                    literal.span,
                    "contradiction",
                    "this condition and an earlier one can never both hold, so the body never matches",
                );
                self.problems.push(
                    problem
                        .mended_by("conditions of one body must all hold: write `x in {..}` for one of several values, or a rule for each")
                        .beside(other, "it cannot hold together with this"),
                );
            }
        }
    }
}

/// `print` and `trace` say something each time.
fn is_output(literal: &Literal) -> bool {
    match &literal.kind {
        LiteralKind::Term(Term { kind: TermKind::Call { callee: Callee::Builtin(builtin), .. }, .. }) => {
            matches!(builtin.name, "print" | "trace")
        }
        _ => false,
    }
}

/// A rule that is asked of every change and asks nothing of it.
fn always(graph: &Graph<'_>, at: usize) -> Option<Problem> {
    let group = graph.groups.get(at)?;
    let rule = graph.rules(at).next()?;
    let name = rule.path.last()?;
    let asked = ASKED
        .iter()
        .any(|asked| name.strip_prefix(asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('_')));
    let says = match &rule.leaf {
        Leaf::Member(_) => true,
        Leaf::Value(value) => matches!(value.kind, TermKind::Bool(true) | TermKind::String(_)),
    };
    let always = asked && says && !group.reads && rule.arguments.is_none() && !rule.default;
    always.then(|| {
        let message = format!(
            "`{name}` reads neither `input` nor data: it matches always or never, whatever is judged"
        );
        Problem::new(rule.file, rule.head_span, "always-matches", message).mended_by(
            "add the condition that tells what it is about, such as `input.request.kind.kind == \"Pod\"`",
        )
    })
}

#[cfg(test)]
mod tests;
