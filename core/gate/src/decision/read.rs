//! Reads decision bodies back: for the console, for `explain`, and to answer a repeated request the same.

use std::sync::Arc;

use tollgate_manifest::{Limits, json};
use tollgate_vocabulary::{
    Digest, Effect, ExceptionNote, Finding, Judge, Origin, PolicyPlace, RuleId, Severity, Timestamp, Value,
};

use super::SCHEMA;
use crate::{Ruling, Verdict};

/// What a decision's body says.
#[derive(Clone, Debug)]
pub struct Told {
    /// when the change arrived
    pub at: Timestamp,
    /// the bundle it was judged under
    pub bundle: Digest,
    /// digest of the change as judged
    pub change: Digest,
    /// the verdict with its findings
    pub verdict: Verdict,
    /// what was decided on, one line a subject
    pub subjects: Vec<String>,
    /// who asked
    pub actor: String,
    /// `live` or `dry`
    pub phase: String,
    /// all of it
    pub value: Value,
}

/// Bytes that are no decision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is no body of `{SCHEMA}`: {0}")]
pub struct ReadBodyError(&'static str);

/// Reads a body.
///
/// # Errors
/// What is missing in it.
pub fn read(bytes: &[u8]) -> Result<Told, ReadBodyError> {
    let limits = Limits { bytes: bytes.len().max(1), ..Limits::default() };
    let value = json::read(bytes, &limits).map_err(|_| ReadBodyError("not JSON"))?;
    told(value).ok_or(ReadBodyError("a part is missing"))
}

fn told(value: Value) -> Option<Told> {
    if value.get("schema")?.as_str()? != SCHEMA {
        return None;
    }
    let text = |key| value.get(key).and_then(Value::as_str);
    let rows = value.get("subjects")?.as_array()?;
    let judges = value.get("judges")?;
    let verdict = Verdict {
        ruling: Ruling::from_word(text("verdict")?)?,
        subjects: rows
            .iter()
            .map(|row| Ruling::from_word(row.get("verdict")?.as_str()?))
            .collect::<Option<_>>()?,
        findings: value.get("findings")?.as_array()?.iter().map(finding).collect::<Option<_>>()?,
        judged: Judge::ALL
            .into_iter()
            .filter(|judge| judges.get(judge.word()).and_then(Value::as_str) == Some("judged"))
            .collect(),
    };
    Some(Told {
        at: text("at")?.parse().ok()?,
        bundle: text("bundle")?.parse().ok()?,
        change: text("change")?.parse().ok()?,
        verdict,
        subjects: rows.iter().map(title).collect(),
        actor: value.get("actor")?.get("principal")?.get("username")?.as_str()?.to_owned(),
        phase: text("phase")?.to_owned(),
        value: value.clone(),
    })
}

fn title(row: &Value) -> String {
    let text = |key| row.get(key).and_then(Value::as_str);
    let kind = text("kind").unwrap_or_default();
    let kind = text("subResource").map_or_else(|| kind.to_owned(), |sub| format!("{kind}/{sub}"));
    let name = match (text("name"), text("generateName")) {
        (Some(name), _) => name.to_owned(),
        (None, Some(prefix)) => format!("{prefix}*"),
        (None, None) => "*".to_owned(),
    };
    let place = text("namespace").map_or_else(|| name.clone(), |namespace| format!("{namespace}/{name}"));
    format!("{} {kind} {place}", text("operation").unwrap_or_default())
}

fn finding(row: &Value) -> Option<Finding> {
    let text = |key| row.get(key).and_then(Value::as_str);
    let owned = |key| text(key).map(str::to_owned);
    let policy = row.get("policy").and_then(|place| {
        Some(PolicyPlace {
            file: place.get("file")?.as_str()?.into(),
            line: number(place.get("line")?)?,
            column: number(place.get("column")?)?,
        })
    });
    let exception = row.get("exception").and_then(|note| {
        let text = |key| note.get(key).and_then(Value::as_str);
        Some(ExceptionNote {
            name: Arc::from(text("name")?),
            owner: Arc::from(text("owner")?),
            reason: Arc::from(text("reason")?),
            expires: text("expires")?.parse().ok()?,
        })
    });
    Some(Finding {
        rule: RuleId::new(text("rule")?),
        origin: Origin::from_word(text("judge")?)?,
        effect: Effect::from_word(text("effect")?)?,
        severity: Severity::from_word(text("severity")?)?,
        message: owned("message")?,
        subject: number(row.get("subject")?)?,
        path: text("path")?.parse().ok()?,
        expected: owned("expected"),
        found: owned("found"),
        remedy: owned("remedy"),
        policy,
        exception,
    })
}

fn number(value: &Value) -> Option<usize> {
    match value {
        Value::Number(number) => number.as_str().parse().ok(),
        _ => None,
    }
}
