//! References below `data` to what neither rules nor documents hold: they would be undefined for ever.
//!
//! Tests and examples put documents in place by `with`: whatever some `with` replaces is taken to be there.

use std::collections::BTreeSet;
use std::sync::Arc;

use tollgate_rego_resolve::tree::{Base, Literal, Program, Target, Term, TermKind};
use tollgate_schema::did_you_mean;
use tollgate_vocabulary::Value;

use crate::graph::{Graph, Reach};
use crate::problem::Problem;
use crate::walk::{Visitor, fixed, walk_literal, walk_rule, walk_term};

/// How many names a remedy lists.
const LISTED: usize = 8;

/// References that lead nowhere, with `data` as the documents that rules will see.
pub(crate) fn problems(graph: &Graph<'_>, program: &Program, data: &Value) -> Vec<Problem> {
    let mut replaced = Replaced(BTreeSet::new());
    program.rules.iter().for_each(|rule| walk_rule(&mut replaced, rule));
    let mut problems = Vec::new();
    for rule in &program.rules {
        let mut reads =
            Reads { file: rule.file, graph, data, replaced: &replaced.0, problems: &mut problems };
        walk_rule(&mut reads, rule);
    }
    problems
}

/// What `with` replaces below `data`.
struct Replaced(BTreeSet<Vec<Arc<str>>>);

impl<'a> Visitor<'a> for Replaced {
    fn literal(&mut self, literal: &'a Literal) {
        for with in &literal.with {
            if let Target::Data(path) = &with.target {
                self.0.insert(path.clone());
            }
        }
        walk_literal(self, literal);
    }
}

struct Reads<'r, 'p> {
    file: usize,
    graph: &'r Graph<'r>,
    data: &'r Value,
    replaced: &'r BTreeSet<Vec<Arc<str>>>,
    problems: &'p mut Vec<Problem>,
}

impl<'a> Visitor<'a> for Reads<'_, '_> {
    fn term(&mut self, term: &'a Term) {
        if let TermKind::Ref { base: Base::Data, steps } = &term.kind {
            self.reference(steps);
        }
        walk_term(self, term);
    }
}

impl Reads<'_, '_> {
    fn reference(&mut self, steps: &[Term]) {
        let names = fixed(steps);
        if self.graph.reach(&names) != Reach::Document || self.is_replaced(&names) {
            return;
        }
        let mut here = Some(self.data);
        for (at, (name, step)) in names.iter().zip(steps).enumerate() {
            let before = names.get(..at).unwrap_or_default();
            let rules = self.graph.names_below(before);
            let document = here.and_then(|value| value.get(name));
            if document.is_none() && !rules.iter().any(|known| known == name) {
                self.missing(before, name, here, &rules, step);
                return;
            }
            here = document;
        }
    }

    /// Whether `with` puts something there, above it or below it.
    fn is_replaced(&self, names: &[Arc<str>]) -> bool {
        let above = (1..=names.len()).filter_map(|upto| names.get(..upto));
        let mut below = self.replaced.range(names.to_vec()..).take(1);
        above.into_iter().any(|path| self.replaced.contains(path))
            || below.next().is_some_and(|path| path.starts_with(names))
    }

    fn missing(
        &mut self,
        before: &[Arc<str>],
        name: &str,
        document: Option<&Value>,
        rules: &[Arc<str>],
        step: &Term,
    ) {
        let keys =
            document.and_then(Value::as_object).into_iter().flat_map(|map| map.iter().map(|(key, _)| key));
        let mut known: Vec<&str> = keys.chain(rules).map(|name| &**name).collect();
        known.sort_unstable();
        known.dedup();
        let parent = before.iter().fold("data".to_owned(), |text, name| format!("{text}.{name}"));
        let message = format!("`{parent}` has no `{name}`: no rule and no document is called so");
        let mut problem = Problem::new(self.file, step.span, "undefined-reference", message);
        problem.remedy = match did_you_mean(name, known.iter().copied()) {
            Some(meant) => Some(format!("did you mean `{meant}`?")),
            None if (1..=LISTED).contains(&known.len()) => Some(format!("there is `{}`", known.join("`, `"))),
            None => None,
        };
        self.problems.push(problem);
    }
}

#[cfg(test)]
mod tests;
