//! The answer as an AdmissionReview (admission.k8s.io/v1 `AdmissionResponse`).
//!
//! - The message has a line for each deny and undecidable finding; `warnings` has the warnings; info is never shown.
//! - `allowed: true` stands in one place of this file, and asks the [`Answer`].
//! - What an API server or a terminal would choke on is cut or replaced: length, line ends, control characters.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use tollgate_flow::{Admission, Answer};
use tollgate_gate::{Ruling, Verdict};
use tollgate_vocabulary::{Effect, Finding};

use super::refusal::Refused;

/// Bytes of a message: it must fit an API server's answer, and a terminal.
const MESSAGE: usize = 8 << 10;

/// Kubernetes cuts warnings over 256 characters, and drops those beyond 4096 in sum.
const WARNING: usize = 256;
const WARNINGS: usize = 4096;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Review<'a> {
    api_version: &'static str,
    kind: &'static str,
    response: Response<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Response<'a> {
    uid: &'a str,
    allowed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    audit_annotations: BTreeMap<&'static str, String>,
}

#[derive(Debug, Serialize)]
struct Status {
    code: u16,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<Details>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Details {
    retry_after_seconds: u32,
}

/// The review of an answer with a verdict. Of one without, it denies.
pub(super) fn decided(admission: &Admission) -> Vec<u8> {
    let answer = &admission.answer;
    let (verdict, mut audit_annotations) = (answer.verdict(), annotations(answer));
    if let Some(verdict) = verdict {
        audit_annotations.insert("verdict", verdict.ruling.word().to_owned());
    }
    encode(Response {
        uid: &admission.uid,
        allowed: answer.allows(),
        status: verdict.and_then(|verdict| status(verdict, &admission.title, answer)),
        warnings: verdict.map(warnings).unwrap_or_default(),
        audit_annotations,
    })
}

/// The review of a refusal.
pub(super) fn refused(uid: &str, refused: &Refused) -> Vec<u8> {
    let status = Status {
        code: refused.code(),
        message: bounded(&format!("refused without a verdict: {refused}"), MESSAGE),
        reason: Some(refused.reason()),
        details: refused.retry().map(|retry_after_seconds| Details { retry_after_seconds }),
    };
    encode(Response {
        uid,
        allowed: false,
        status: Some(status),
        warnings: Vec::new(),
        audit_annotations: [("refusal", refused.word().to_owned())].into_iter().collect(),
    })
}

fn encode(response: Response<'_>) -> Vec<u8> {
    let review = Review { api_version: "admission.k8s.io/v1", kind: "AdmissionReview", response };
    // Texts and numbers under text keys: there is nothing that JSON cannot say. Nothing at all denies.
    serde_json::to_vec(&review).unwrap_or_default()
}

fn annotations(answer: &Answer) -> BTreeMap<&'static str, String> {
    match answer {
        Answer::Recorded(recorded) => [
            ("bundle", recorded.bundle().to_string()),
            ("decision", recorded.id()),
            ("index", recorded.index().to_string()),
            ("receipt", recorded.receipt().to_owned()),
        ]
        .into_iter()
        .collect(),
        Answer::Dry(dry) => {
            [("bundle", dry.bundle().to_string()), ("dry-run", "true".to_owned())].into_iter().collect()
        }
        Answer::Refused(_) => BTreeMap::new(),
    }
}

fn status(verdict: &Verdict, title: &str, answer: &Answer) -> Option<Status> {
    let told = match answer {
        Answer::Recorded(recorded) => format!("decision {}, entry {}", recorded.id(), recorded.index()),
        Answer::Dry(_) | Answer::Refused(_) => "dry run, not recorded".to_owned(),
    };
    let title = plain(title);
    let (code, reason, first) = match verdict.ruling {
        Ruling::Allow if matches!(answer, Answer::Dry(_)) => {
            (200, None, format!("{title} is allowed ({told})"))
        }
        Ruling::Allow => return None,
        Ruling::Deny => (403, Some("Forbidden"), format!("{title} is denied ({told})")),
        Ruling::Undecidable => {
            (503, Some("ServiceUnavailable"), format!("{title} cannot be decided, so it is denied ({told})"))
        }
    };
    let findings = verdict.findings.iter().filter(|finding| finding.effect >= Effect::Undecidable);
    Some(Status { code, message: message(first, findings), reason, details: None })
}

/// A line for each finding, as many as fit; the last line says how many did not.
fn message<'f>(first: String, findings: impl Iterator<Item = &'f Finding>) -> String {
    const ROOM: usize = 64;
    let mut text = bounded(&first, MESSAGE / 2);
    let mut left = 0_usize;
    for finding in findings {
        let line = bounded(&line(finding), MESSAGE / 4);
        if left > 0 || text.len() + 1 + line.len() + ROOM > MESSAGE {
            left += 1;
        } else {
            text.push('\n');
            text.push_str(&line);
        }
    }
    if left > 0 {
        let _ = write!(text, "\nand {left} more: see the decision");
    }
    text
}

/// `deny[rule]: message (path) — remedy; policy file:line`
fn line(finding: &Finding) -> String {
    let mut line = format!("{}[{}]: {}", finding.effect.word(), finding.rule, finding.message);
    if !finding.path.is_root() {
        let _ = write!(line, " ({})", finding.path);
    }
    if let Some(remedy) = &finding.remedy {
        let _ = write!(line, " \u{2014} {remedy}");
    }
    if let Some(place) = &finding.policy {
        let _ = write!(line, "; policy {}:{}", place.file, place.line);
    }
    plain(&line)
}

fn warnings(verdict: &Verdict) -> Vec<String> {
    let of_warn = verdict.findings.iter().filter(|finding| finding.effect == Effect::Warn);
    let (mut warnings, mut sum, mut left) = (Vec::new(), 0, 0_usize);
    for finding in of_warn {
        let warning = cut(&line(finding), WARNING);
        let length = warning.chars().count();
        if left > 0 || sum + length > WARNINGS - WARNING {
            left += 1;
        } else {
            sum += length;
            warnings.push(warning);
        }
    }
    if left > 0 {
        warnings.push(format!("and {left} more warnings: see the decision"));
    }
    warnings
}

/// One line, without what could steer a terminal or end a header.
fn plain(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

/// At most `most` bytes, and nothing but line ends to steer a terminal.
fn bounded(text: &str, most: usize) -> String {
    let text = text.split('\n').map(plain).collect::<Vec<_>>().join("\n");
    if text.len() <= most {
        return text;
    }
    let end = (0..=most.saturating_sub(3)).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    format!("{}\u{2026}", text.get(..end).unwrap_or_default())
}

/// At most `most` characters.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['\u{2026}']).collect()
}

#[cfg(test)]
mod tests;
