//! One case, run and compared.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use tollgate_vocabulary::{Map, Value};

use super::case::{Case, Want};
use crate::engine::{self, Refusal, Sources};
use crate::json;
use crate::report::{Line, Outcome};
use crate::verdict::{Answer, Problem, canonical};

/// When every case is evaluated, in nanoseconds since 1970.
const NOW: i64 = 1_700_000_000_000_000_000;

/// Runs the case; a panic is a failure.
#[must_use]
pub fn run(case: &Case) -> Line {
    let mut details = case.modules.join("\n");
    details.push_str(&format!("\nquery {}\ndata {}", case.query, canonical(&case.data)));
    if let Some(input) = &case.input {
        details.push_str(&format!("\ninput {}", canonical(input)));
    }
    Line {
        folder: case.folder.clone(),
        note: case.note.clone(),
        file: case.file.display().to_string(),
        details,
        outcome: outcome(case),
    }
}

fn outcome(case: &Case) -> Outcome {
    catch_unwind(AssertUnwindSafe(|| judge(case))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Outcome::Failed { expected: wanted(case), got: format!("panic: {}", text.unwrap_or_default()) }
    })
}

fn judge(case: &Case) -> Outcome {
    let query = match &case.input_term {
        Some(term) => with_input(&case.query, term),
        None => case.query.clone(),
    };
    let sources = Sources {
        modules: &case.modules,
        query: &query,
        data: case.data.clone(),
        strict: case.strict,
        v0: false,
    };
    let got = match engine::load(&sources) {
        Ok(loaded) => loaded.answer(case.input.as_ref(), NOW),
        Err(Refusal::Declined(reason)) => return Outcome::Refused(reason),
        Err(Refusal::Wrong(problems)) => {
            let listed: Vec<String> =
                problems.iter().map(|problem| format!("{}: {}", problem.code, problem.message)).collect();
            return Outcome::Failed {
                expected: wanted(case),
                got: format!("refused: {}", listed.join("; ")),
            };
        }
    };
    let (passed, got) = match (&case.want, got) {
        (Want::Result(rows), Answer::Result(got)) => {
            let got = got.iter().map(|row| normal(case, row)).collect::<BTreeSet<_>>();
            let expected: BTreeSet<String> = rows.iter().map(|row| normal(case, &canonical(row))).collect();
            (expected == got, shown(&got))
        }
        (Want::Error { code, text }, Answer::Error(problem)) => {
            let is_code = code.as_ref().is_none_or(|code| *code == problem.code);
            let is_text = text.as_ref().is_none_or(|text| error_text(&problem).contains(text));
            (is_code && is_text, error_text(&problem))
        }
        (_, Answer::Result(got)) => (false, shown(&got)),
        (_, Answer::Error(problem)) => (false, error_text(&problem)),
    };
    if passed { Outcome::Passed } else { Outcome::Failed { expected: wanted(case), got } }
}

/// As OPA prints an error: with its place, where that is known.
fn error_text(problem: &Problem) -> String {
    let place = problem.place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default();
    format!("{place}{}: {}", problem.code, problem.message)
}

/// The query with its input replaced by a term: one that is no JSON can be given in no other way.
fn with_input(query: &str, term: &str) -> String {
    let parts: Vec<String> = query.split(';').map(|part| format!("{part} with input as {term}")).collect();
    parts.join(";")
}

/// A row without what tells nothing.
fn normal(case: &Case, row: &str) -> String {
    let Ok(Value::Object(row)) = json::read(row) else { return row.to_owned() };
    let mut kept = Map::default();
    for (name, value) in row.iter() {
        if case.ignore_generated && name.starts_with("__localq") {
            continue;
        }
        let value = match value {
            Value::Array(items) if case.sort_bindings => {
                let mut items = items.clone();
                items.sort_by_key(canonical);
                Value::Array(items)
            }
            other => other.clone(),
        };
        kept.insert(name.clone(), value);
    }
    canonical(&Value::Object(kept))
}

fn wanted(case: &Case) -> String {
    match &case.want {
        Want::Result(rows) => shown(&rows.iter().map(|row| normal(case, &canonical(row))).collect()),
        Want::Error { code, text } => {
            format!("{}: {}", code.as_deref().unwrap_or("error"), text.as_deref().unwrap_or("any"))
        }
    }
}

fn shown(rows: &BTreeSet<String>) -> String {
    if rows.is_empty() {
        return "undefined".to_owned();
    }
    rows.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}
