//! Why a set does not load: what the resolver and the planner found, said with its place and how to mend it.

use std::sync::Arc;

use tollgate_rego_resolve::Problem;
use tollgate_rego_resolve::tree::Program as Resolved;
use tollgate_rego_syntax::tree::{Module, Span};
use tollgate_vocabulary::Value;

use crate::load::{LoadError, Place};
use crate::module::{dialect, written};

/// Problems with their places.
pub(super) fn of(
    trees: &[Module],
    problems: Vec<Problem>,
    place: &impl Fn(usize, Span) -> Place,
) -> Vec<LoadError> {
    let said = |problem: Problem| {
        let error = place(problem.file, problem.span).error(problem.code, problem.message);
        let both = matches!(problem.code, "recursion" | "conflict");
        let dialect = trees.get(problem.file).filter(|_| !both).map(|tree| dialect(tree.dialect));
        LoadError { dialect, remedy: problem.remedy, ..error }
    };
    problems.into_iter().map(said).collect()
}

/// Rules whose place a data document holds already.
pub(super) fn conflicts(
    resolved: &Resolved,
    data: &Value,
    place: &impl Fn(usize, Span) -> Place,
) -> Vec<LoadError> {
    let mut errors: Vec<LoadError> = Vec::new();
    let mut reported: Vec<&[Arc<str>]> = Vec::new();
    for rule in &resolved.rules {
        let Some(message) = conflict(&rule.path, data) else { continue };
        if !reported.contains(&&*rule.path) {
            reported.push(&rule.path);
            errors.push(place(rule.file, rule.head_span).error("data-conflict", message));
        }
    }
    errors
}

fn conflict(path: &[Arc<str>], data: &Value) -> Option<String> {
    let full: Vec<Arc<str>> = std::iter::once("data".into()).chain(path.iter().cloned()).collect();
    let mut at = data;
    for (depth, step) in path.iter().enumerate() {
        at = match (at, at.get(step)) {
            (Value::Object(_), Some(below)) => below,
            (Value::Object(_), None) => return None,
            _ => {
                let taken = written(full.get(..=depth)?);
                return Some(format!("`{taken}` is a data document's value, and a rule stands below it"));
            }
        };
    }
    Some(format!("`{}` is both a rule and a data document", written(&full)))
}
