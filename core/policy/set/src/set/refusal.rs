//! Why a set does not load, and what is odd about it: what the checks and the planner found, said with its place and how
//! to mend it.

use std::collections::BTreeSet;
use std::sync::Arc;

use tollgate_rego_check::{Problem, Severity};
use tollgate_rego_resolve as resolve;
use tollgate_rego_resolve::tree::Program as Resolved;
use tollgate_rego_syntax::tree::{Module, Span};
use tollgate_vocabulary::Value;

use crate::load::{Dialect, LoadError, LoadHint, Place, Related};
use crate::module::{dialect, written};

/// Errors and hints among what the checks found, with their places.
pub(super) fn of(
    trees: &[Module],
    problems: Vec<Problem>,
    place: &impl Fn(usize, Span) -> Place,
) -> (Vec<LoadError>, Vec<LoadHint>) {
    let (mut errors, mut hints) = (Vec::new(), Vec::new());
    for problem in problems {
        let at = place(problem.file, problem.span);
        let related = problem.related.map(|related| {
            let Place { file, line, column, end_column } = place(related.file, related.span);
            Related { file, line, column, end_column, message: related.message }
        });
        match problem.severity {
            Severity::Error => errors.push(LoadError {
                dialect: dialect_of(trees, problem.file, problem.code),
                remedy: problem.remedy,
                related,
                ..at.error(problem.code, problem.message)
            }),
            Severity::Warning => hints.push(LoadHint {
                remedy: problem.remedy,
                related,
                ..at.hint(problem.code, None, problem.message)
            }),
        }
    }
    (errors, hints)
}

/// What the planner found.
pub(super) fn of_plan(
    trees: &[Module],
    problems: Vec<resolve::Problem>,
    place: &impl Fn(usize, Span) -> Place,
) -> Vec<LoadError> {
    let said = |problem: resolve::Problem| LoadError {
        dialect: dialect_of(trees, problem.file, problem.code),
        remedy: problem.remedy,
        ..place(problem.file, problem.span).error(problem.code, problem.message)
    };
    problems.into_iter().map(said).collect()
}

/// What the file was read as, where that may be why something is wrong.
fn dialect_of(trees: &[Module], file: usize, code: &str) -> Option<Dialect> {
    let both = matches!(code, "recursion" | "conflict");
    trees.get(file).filter(|_| !both).map(|tree| dialect(tree.dialect))
}

/// Rules whose place a data document holds already.
pub(super) fn conflicts(
    resolved: &Resolved,
    data: &Value,
    place: &impl Fn(usize, Span) -> Place,
) -> Vec<LoadError> {
    let mut errors: Vec<LoadError> = Vec::new();
    let mut reported: BTreeSet<&[Arc<str>]> = BTreeSet::new();
    for rule in &resolved.rules {
        let Some(message) = conflict(&rule.path, data) else { continue };
        if reported.insert(&rule.path) {
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
