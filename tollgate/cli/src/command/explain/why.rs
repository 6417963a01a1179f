//! `tollgate explain RULE --input FILE`: which conditions of the rule held for what stands in the file, which failed,
//! and with which values.

use std::fmt::Write as _;

use serde_json::{Value, json};
use tollgate_policy::{Body, Condition, Explained, Note, Told};
use tollgate_vocabulary::PolicyPlace;

use crate::command::asked::Asking;
use crate::output::visible;

/// An object and what the rule says about it.
pub(super) type Answer<'a> = (&'a Asking<'a>, Explained);

pub(super) fn text(id: &str, answers: &[Answer<'_>]) -> String {
    let mut text = String::new();
    for (at, (asking, explained)) in answers.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        let _ = writeln!(text, "{id}: {} on {}", outcome(explained), visible(&asking.name));
        let _ = writeln!(text, "  --> {}", visible(&asking.place()));
        for body in &explained.bodies {
            body_text(&mut text, body, asking);
        }
        for violation in &explained.violations {
            let _ = writeln!(text, "  = found: {}", visible(&violation.message));
        }
        if let Some(error) = &explained.error {
            let _ = writeln!(text, "  = error: {}", visible(&error.to_string()));
        }
        for note in &explained.notes {
            let _ = writeln!(text, "  = printed: {}", note_line(note));
        }
    }
    text
}

/// A line that was printed, with its place.
pub(in crate::command) fn note_line(note: &Note) -> String {
    match &note.place {
        Some(place) => format!("{}:{}: {}", visible(&place.file), place.line, visible(&note.text)),
        None => visible(&note.text),
    }
}

fn outcome(explained: &Explained) -> String {
    match (explained.asked, explained.violations.len(), &explained.error) {
        (false, _, _) => {
            "is not asked about this operation, but would".to_owned()
                + if explained.violations.is_empty() { " find nothing" } else { " find something" }
        }
        (_, 0, Some(_)) => "could not say".to_owned(),
        (_, 0, None) => "found nothing".to_owned(),
        (_, 1, _) => "found something".to_owned(),
        (_, count, _) => format!("found {count} things"),
    }
}

fn body_text(text: &mut String, body: &Body, asking: &Asking<'_>) {
    let width = body.conditions.iter().map(|condition| condition.place.line).max().unwrap_or_default();
    let width = width.max(body.place.line).to_string().len();
    let _ = writeln!(text, "  ::: {}", place(&body.place));
    let _ = writeln!(text, "   {:>width$} | {}", body.place.line, visible(&body.head));
    for condition in &body.conditions {
        let line = condition.place.line;
        let _ = writeln!(text, "   {line:>width$} |   {}  # {}", visible(&condition.text), counts(condition));
        for told in shown(condition) {
            for line in values(told, asking) {
                let _ = writeln!(text, "   {:width$} |     {line}", "");
            }
        }
    }
}

fn counts(condition: &Condition) -> String {
    match (condition.reached, condition.held, condition.failed) {
        (0, _, _) => "not reached".to_owned(),
        (1, 1, _) => "held".to_owned(),
        (1, _, 1) => "failed".to_owned(),
        (reached, held, _) if reached == held => format!("held {held} times"),
        (reached, 0, failed) if reached == failed => format!("failed {failed} times"),
        (_, 0, 0) => "another condition failed before it was done".to_owned(),
        (reached, held, failed) => format!("held {held} and failed {failed} of {reached} times"),
    }
}

/// One attempt of each outcome is enough to see why.
fn shown(condition: &Condition) -> Vec<&Told> {
    let of = |held| condition.attempts.iter().find(|told| told.held == held);
    [Some(false), Some(true)].into_iter().filter_map(of).collect()
}

fn values(told: &Told, asking: &Asking<'_>) -> Vec<String> {
    told.values
        .iter()
        .map(|seen| {
            let what = seen.value.as_deref().map_or("missing".to_owned(), visible);
            let at = seen.path.as_ref().and_then(|path| asking.place_of(path));
            let at = at.map(|at| format!("  ({})", visible(&at))).unwrap_or_default();
            format!("{} is {what}{at}", visible(&seen.term))
        })
        .collect()
}

fn place(place: &PolicyPlace) -> String {
    format!("{}:{}:{}", visible(&place.file), place.line, place.column)
}

pub(super) fn json(id: &str, answers: &[Answer<'_>]) -> String {
    let objects: Vec<Value> = answers
        .iter()
        .map(|(asking, explained)| {
            let findings = explained.violations.iter().map(|violation| {
                json!({"message": violation.message, "path": violation.path.as_ref().map(ToString::to_string)})
            });
            json!({
                "object": asking.name,
                "file": asking.file(),
                "asked": explained.asked,
                "bodies": explained.bodies.iter().map(|body| body_json(body, asking)).collect::<Vec<_>>(),
                "findings": findings.collect::<Vec<_>>(),
                "error": explained.error.as_ref().map(ToString::to_string),
                "printed": explained.notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(),
            })
        })
        .collect();
    format!("{}\n", json!({"schema": "tollgate/explain/v1", "rule": id, "objects": objects}))
}

fn body_json(body: &Body, asking: &Asking<'_>) -> Value {
    let conditions = body.conditions.iter().map(|condition| {
        let attempts = condition.attempts.iter().map(|told| {
            let values = told.values.iter().map(|seen| {
                json!({
                    "term": seen.term,
                    "value": seen.value,
                    "path": seen.path.as_ref().map(ToString::to_string),
                    "place": seen.path.as_ref().and_then(|path| asking.place_of(path)),
                })
            });
            json!({"held": told.held, "values": values.collect::<Vec<_>>()})
        });
        json!({
            "line": condition.place.line, "column": condition.place.column, "text": condition.text,
            "reached": condition.reached, "held": condition.held, "failed": condition.failed,
            "attempts": attempts.collect::<Vec<_>>(),
        })
    });
    json!({
        "file": &*body.place.file, "line": body.place.line, "column": body.place.column,
        "head": body.head, "given": body.given, "conditions": conditions.collect::<Vec<_>>(),
    })
}
