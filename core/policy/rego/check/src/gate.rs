//! All checks together.

use std::collections::BTreeSet;

use tollgate_rego_resolve as resolve;
use tollgate_rego_resolve::tree::Program;
use tollgate_rego_syntax::tree::{Module, Span};
use tollgate_vocabulary::Value;

use crate::exemption::{self, Allowed};
use crate::graph::Graph;
use crate::infer::Given;
use crate::problem::Problem;
use crate::{call, condition, document, infer, name, shape};

/// Files of rules.
#[derive(Clone, Copy, Debug)]
pub struct Files<'f> {
    /// their texts
    pub texts: &'f [&'f str],
    /// what was read from them, in the same order
    pub modules: &'f [Module],
    /// the documents that rules will see as `data`; where they are not known, nothing is said about references to them
    pub data: Option<&'f Value>,
}

/// What is wrong with the rules of `files`. `found` is what the resolver has found; it comes back among the rest, with
/// remedies where there are any. Sorted by file and place.
#[must_use]
pub fn check(files: &Files<'_>, program: &Program, found: Vec<resolve::Problem>) -> Allowed {
    let graph = Graph::of(program);
    let mut problems: Vec<Problem> = call::mended(program, found);
    let typed = infer::problems(&graph, &Given::new(), "type-mismatch");
    let (given, shaped) = shape::problems(&graph, &program.rules);
    let places: BTreeSet<(usize, Span)> = typed.iter().map(|problem| (problem.file, problem.span)).collect();
    let by_schema = infer::problems(&graph, &given, infer::BY_SCHEMA);
    problems.extend(by_schema.into_iter().filter(|problem| !places.contains(&(problem.file, problem.span))));
    problems.extend(typed);
    let conditions = condition::problems(&graph, &program.rules);
    let places: BTreeSet<(usize, Span)> =
        conditions.iter().map(|problem| (problem.file, problem.span)).collect();
    let is_said =
        |problem: &Problem| problem.code == "contradiction" && places.contains(&(problem.file, problem.span));
    problems.extend(shaped.into_iter().filter(|problem| !is_said(problem)));
    problems.extend(conditions);
    let known: BTreeSet<(usize, Span, &str)> =
        problems.iter().map(|problem| (problem.file, problem.span, problem.code)).collect();
    let named = name::problems(files.modules, program);
    let is_known = |problem: &Problem, code| known.contains(&(problem.file, problem.span, code));
    problems.extend(
        named
            .into_iter()
            .filter(|problem| !is_known(problem, problem.code) && !is_known(problem, "unused-declaration")),
    );
    problems.extend(call::problems(program));
    problems.extend(files.data.map(|data| document::problems(&graph, program, data)).unwrap_or_default());
    let mut allowed = exemption::apply(files.texts, files.modules, problems);
    allowed.problems.sort();
    allowed.problems.dedup();
    allowed.exempted.sort();
    allowed
}

#[cfg(test)]
pub(crate) mod tests;
