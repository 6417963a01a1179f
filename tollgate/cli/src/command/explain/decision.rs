//! A decision in words, from its body in the ledger.

use std::fmt::Write as _;

use tollgate_flow::decision_id;
use tollgate_gate::decision::{Told, read};
use tollgate_ledger::Kind;
use tollgate_store::StoredEntry;
use tollgate_vocabulary::{Finding, Value};

use crate::output::{Failure, visible};

pub(super) fn told(entry: &StoredEntry) -> Result<String, Failure> {
    let id = decision_id(&entry.leaf);
    let Some(body) = &entry.body else {
        return Ok(format!("{id}: entry {}, {}; its body was deleted\n", entry.index, entry.kind()));
    };
    if entry.kind() != Kind::Decision {
        let body = String::from_utf8_lossy(&body.bytes);
        return Ok(format!("{id}: entry {}, {}\n\n{}\n", entry.index, entry.kind(), visible(&body)));
    }
    let told = read(&body.bytes)?;
    let mut text = format!("{id}: {}\n\n", told.verdict.ruling.word());
    for (name, value) in rows(entry, &told) {
        let _ = writeln!(text, "{name:<10} {}", visible(&value));
    }
    for (subject, ruling) in told.subjects.iter().zip(&told.verdict.subjects) {
        let _ = writeln!(text, "{:<10} {} ({})", "subject", visible(subject), ruling.word());
    }
    for fact in told.value.get("facts").and_then(Value::as_array).unwrap_or_default() {
        let _ = writeln!(text, "{:<10} {}", "fact", visible(&fact_line(fact)));
    }
    for finding in &told.verdict.findings {
        text.push('\n');
        text.push_str(&finding_text(finding, &told));
    }
    let _ = write!(text, "\nits proof: tollgate log show {id}\n");
    Ok(text)
}

fn rows(entry: &StoredEntry, told: &Told) -> Vec<(&'static str, String)> {
    let authentication = told.value.get("actor").and_then(|actor| actor.get("authentication"));
    let how = authentication.and_then(Value::as_str).unwrap_or_default();
    let surface = told.value.get("surface").and_then(Value::as_str).unwrap_or_default();
    vec![
        ("entry", entry.index.to_string()),
        ("at", told.at.to_string()),
        ("by", format!("{} ({how})", told.actor)),
        ("came as", format!("{surface}, {}", told.phase)),
        ("bundle", told.bundle.to_string()),
        ("change", told.change.to_string()),
        ("judged by", told.verdict.judged.iter().map(|judge| judge.word()).collect::<Vec<_>>().join(", ")),
    ]
}

fn fact_line(fact: &Value) -> String {
    let text = |key| fact.get(key).and_then(Value::as_str);
    let mut line =
        format!("{}: {}", text("question").unwrap_or_default(), text("answer").unwrap_or_default());
    for (word, key) in [("from", "source"), ("at", "observed_at"), ("", "value"), ("because", "why")] {
        if let Some(value) = text(key) {
            let _ = write!(line, " {word}{}{value}", if word.is_empty() { "" } else { " " });
        }
    }
    line
}

fn finding_text(finding: &Finding, told: &Told) -> String {
    let subject = told.subjects.get(finding.subject).map(String::as_str).unwrap_or_default();
    let mut text = format!("{}[{}]: {}\n", finding.effect.word(), finding.rule, visible(&finding.message));
    let path = finding.path.to_string();
    let place = if path.is_empty() { subject.to_owned() } else { format!("{subject}, {path}") };
    let mut notes = vec![("in", place)];
    notes.extend(finding.expected.clone().map(|expected| ("expected", expected)));
    notes.extend(finding.found.clone().map(|found| ("found", found)));
    notes
        .extend(finding.policy.as_ref().map(|at| ("rule", format!("{}:{}:{}", at.file, at.line, at.column))));
    notes.extend(finding.exception.as_ref().map(|note| {
        (
            "exception",
            format!("`{}` until {}: {} (owner: {})", note.name, note.expires, note.reason, note.owner),
        )
    }));
    notes.extend(finding.remedy.clone().map(|remedy| ("help", remedy)));
    for (name, value) in notes {
        let _ = writeln!(text, "  {name:<10} {}", visible(&value));
    }
    text
}
