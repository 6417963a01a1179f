//! Results of tests as text, JSON and JUnit XML.

use std::fmt::Write as _;

use serde_json::json;
use tollgate_policy::{TestOutcome, TestResult};

use super::{Timed, name};
use crate::command::explain::why::note_line;
use crate::output::visible;
use crate::settings::Settings;

pub(super) fn text(results: &[Timed], settings: &Settings) -> String {
    let mut text = String::new();
    let mut counts = [0_usize; 4];
    for (result, took) in results {
        let (at, word, message) = told(&result.outcome);
        let cases = (result.cases.iter().filter(|case| case.passed).count(), result.cases.len());
        let adds = match at {
            _ if cases.1 > 0 => [cases.0, cases.1 - cases.0, 0, 0],
            _ => std::array::from_fn(|other| usize::from(other == at)),
        };
        counts.iter_mut().zip(adds).for_each(|(count, more)| *count += more);
        if at == 0 && settings.quiet {
            continue;
        }
        let _ = write!(text, "{word:<5} {}", name(result));
        if at != 0 {
            let place = &result.place;
            let _ = write!(text, "  {}:{}:{}", visible(&place.file), place.line, place.column);
        }
        if let Some(took) = took {
            let _ = write!(text, "  ({took:.0} µs)");
        }
        text.push('\n');
        for case in result.cases.iter().filter(|case| !case.passed || settings.verbose) {
            let word = if case.passed { "ok" } else { "FAIL" };
            let _ = writeln!(text, "      {word:<5} {}/{}", result.name, visible(&case.name));
        }
        let lines = [message, result.instead.clone()].into_iter().flatten().chain(failure(result));
        for line in lines {
            let _ = writeln!(text, "      {}", visible(&line));
        }
        for note in &result.notes {
            let _ = writeln!(text, "      printed: {}", note_line(note));
        }
    }
    let [passed, failed, errors, skipped] = counts;
    let _ = write!(text, "{passed} passed, {failed} failed");
    for (count, word) in [(errors, "could not be evaluated"), (skipped, "to do")] {
        if count > 0 {
            let _ = write!(text, ", {count} {word}");
        }
    }
    text.push('\n');
    text
}

/// The condition that a test came to last, and the values that it met.
fn failure(result: &TestResult) -> Vec<String> {
    let Some(told) = &result.failed_at else { return Vec::new() };
    let mut lines = vec![format!("{}:{}: {}", told.place.file, told.place.line, told.text)];
    for seen in &told.values {
        lines.push(match &seen.value {
            Some(value) => format!("  {} is {value}", seen.term),
            None => format!("  {} is missing", seen.term),
        });
    }
    lines
}

pub(super) fn json(results: &[Timed]) -> String {
    let tests: Vec<_> = results
        .iter()
        .map(|(result, took)| {
            let (_, word, message) = told(&result.outcome);
            let mut test = json!({
                "package": &*result.package, "name": &*result.name, "outcome": word.to_lowercase(),
                "message": message.or_else(|| result.instead.clone()),
                "file": &*result.place.file, "line": result.place.line, "column": result.place.column,
            });
            let cases = result.cases.iter().map(|case| json!({"name": case.name, "passed": case.passed}));
            if !result.cases.is_empty() {
                test["cases"] = cases.collect();
            }
            if let Some(told) = &result.failed_at {
                let values = told.values.iter().map(|seen| json!({"term": seen.term, "value": seen.value}));
                test["failed_at"] = json!({
                    "file": &*told.place.file, "line": told.place.line, "column": told.place.column,
                    "condition": told.text, "values": values.collect::<Vec<_>>(),
                });
            }
            if !result.notes.is_empty() {
                test["printed"] = result.notes.iter().map(|note| note.text.as_str()).collect();
            }
            if let Some(took) = took {
                test["microseconds"] = (*took).into();
            }
            test
        })
        .collect();
    format!("{}\n", json!({"schema": "tollgate/tests/v1", "tests": tests}))
}

pub(super) fn junit(results: &[Timed]) -> String {
    let count = |at: usize| results.iter().filter(|(result, _)| told(&result.outcome).0 == at).count();
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"tollgate test\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n",
        results.len(),
        count(1),
        count(2),
        count(3)
    );
    for (result, took) in results {
        let (at, _, message) = told(&result.outcome);
        let why = failure(result);
        let why = (!why.is_empty()).then(|| why.join("; "));
        let message = message.or_else(|| result.instead.clone()).or(why);
        let message = escaped(&message.unwrap_or_else(|| "it is not true".to_owned()));
        let time = took.map(|took| format!(" time=\"{:.6}\"", took / 1e6)).unwrap_or_default();
        let inner = match at {
            1 => format!("<failure message=\"{message}\"/>"),
            2 => format!("<error message=\"{message}\"/>"),
            3 => "<skipped/>".to_owned(),
            _ => String::new(),
        };
        let _ = writeln!(
            text,
            "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\"{time}>{inner}</testcase>",
            escaped(&result.package),
            escaped(&result.name),
            escaped(&result.place.file),
            result.place.line
        );
    }
    text.push_str("  </testsuite>\n</testsuites>\n");
    text
}

fn told(outcome: &TestOutcome) -> (usize, &'static str, Option<String>) {
    match outcome {
        TestOutcome::Passed => (0, "ok", None),
        TestOutcome::Failed => (1, "FAIL", None),
        TestOutcome::Error { message, place } => {
            let at = place.as_ref().map(|place| format!(" ({}:{}:{})", place.file, place.line, place.column));
            (2, "ERROR", Some(format!("{message}{}", at.unwrap_or_default())))
        }
        TestOutcome::Skipped => (3, "todo", None),
    }
}

fn escaped(text: &str) -> String {
    visible(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
