//! Results of tests as text, JSON and JUnit XML.

use std::fmt::Write as _;

use serde_json::json;
use tollgate_policy::{TestOutcome, TestResult};

use super::name;
use crate::output::visible;
use crate::settings::Settings;

pub(super) fn text(results: &[TestResult], settings: &Settings) -> String {
    let mut text = String::new();
    let mut counts = [0_usize; 4];
    for result in results {
        let (at, word, message) = told(&result.outcome);
        if let Some(count) = counts.get_mut(at) {
            *count += 1;
        }
        if at == 0 && settings.quiet {
            continue;
        }
        let _ = write!(text, "{word:<5} {}", name(result));
        if at != 0 {
            let place = &result.place;
            let _ = write!(text, "  {}:{}:{}", visible(&place.file), place.line, place.column);
        }
        text.push('\n');
        if let Some(message) = message {
            let _ = writeln!(text, "      {}", visible(&message));
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

pub(super) fn json(results: &[TestResult]) -> String {
    let tests: Vec<_> = results
        .iter()
        .map(|result| {
            let (_, word, message) = told(&result.outcome);
            json!({
                "package": &*result.package, "name": &*result.name, "outcome": word.to_lowercase(), "message": message,
                "file": &*result.place.file, "line": result.place.line, "column": result.place.column,
            })
        })
        .collect();
    format!("{}\n", json!({"schema": "tollgate/tests/v1", "tests": tests}))
}

pub(super) fn junit(results: &[TestResult]) -> String {
    let count = |at: usize| results.iter().filter(|result| told(&result.outcome).0 == at).count();
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"tollgate test\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n",
        results.len(),
        count(1),
        count(2),
        count(3)
    );
    for result in results {
        let (at, _, message) = told(&result.outcome);
        let message = escaped(&message.unwrap_or_else(|| "it is not true".to_owned()));
        let inner = match at {
            1 => format!("<failure message=\"{message}\"/>"),
            2 => format!("<error message=\"{message}\"/>"),
            3 => "<skipped/>".to_owned(),
            _ => String::new(),
        };
        let _ = writeln!(
            text,
            "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\">{inner}</testcase>",
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
