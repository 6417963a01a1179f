//! Builds the report: a verdict's findings with the places that their paths were written at.

use tollgate_gate::{Ruling, Subject, Verdict};
use tollgate_report::{
    ExceptionRow, FindingRow, Judges, Place, PolicyRow, Report, SCHEMA, SkippedRow, SubjectRow,
};
use tollgate_vocabulary::{Digest, Effect, Finding, Judge, Severity};

/// A finding about a whole file, which no subject came of.
#[derive(Clone, Debug)]
pub struct FileFinding {
    /// rule id, `reading.…`
    pub rule: &'static str,
    /// deny or undecidable
    pub effect: Effect,
    /// what is wrong
    pub message: String,
    /// where
    pub place: Place,
    /// how to mend it
    pub remedy: Option<String>,
}

/// A report on a verdict. `subjects` are the rows of its subjects, in order; `place` finds where a finding's path was
/// written.
#[must_use]
pub fn report(
    bundle: Digest,
    verdict: &Verdict,
    subjects: Vec<SubjectRow>,
    place: impl Fn(&Finding) -> Option<Place>,
    of_files: &[FileFinding],
    skipped: Vec<SkippedRow>,
) -> Report {
    let worst_of_files = of_files.iter().map(|finding| ruling(finding.effect)).max();
    let mut findings: Vec<FindingRow> = of_files.iter().map(file_row).collect();
    findings.extend(verdict.findings.iter().map(|finding| finding_row(finding, place(finding))));
    Report {
        schema: SCHEMA,
        verdict: verdict.ruling.max(worst_of_files.unwrap_or(Ruling::Allow)).word(),
        bundle: bundle.to_string(),
        judges: judges(&verdict.judged),
        subjects,
        findings,
        skipped,
    }
}

/// The row of a subject, without a place.
#[must_use]
pub fn subject_row(subject: &Subject, verdict: Ruling) -> SubjectRow {
    let identity = &subject.identity;
    let generated = || identity.generate_name.as_deref().map(|prefix| format!("{prefix}*"));
    SubjectRow {
        file: None,
        line: None,
        api_version: identity.api_version(),
        kind: identity.kind.to_string(),
        namespace: identity.namespace.as_deref().map(str::to_owned),
        name: identity.name.as_deref().map(str::to_owned).or_else(generated),
        operation: subject.operation.word(),
        verdict: verdict.word(),
        cost: None,
    }
}

const fn ruling(effect: Effect) -> Ruling {
    match effect {
        Effect::Deny => Ruling::Deny,
        Effect::Undecidable => Ruling::Undecidable,
        Effect::Warn | Effect::Info => Ruling::Allow,
    }
}

fn judges(judged: &[Judge]) -> Judges {
    let word = |judge| if judged.contains(&judge) { "judged" } else { "not judged" };
    Judges {
        identity: word(Judge::Identity),
        provenance: word(Judge::Provenance),
        policy: word(Judge::Policy),
        cost: word(Judge::Cost),
        drift: word(Judge::Drift),
        anomaly: word(Judge::Anomaly),
    }
}

fn finding_row(finding: &Finding, place: Option<Place>) -> FindingRow {
    FindingRow {
        rule: finding.rule.to_string(),
        judge: finding.origin.word(),
        effect: finding.effect.word(),
        severity: finding.severity.word(),
        message: finding.message.clone(),
        subject: Some(finding.subject),
        path: finding.path.to_string(),
        file: place.as_ref().map(|place| place.file.to_string()),
        line: place.as_ref().map(|place| place.span.start.line),
        column: place.as_ref().map(|place| place.span.start.column),
        end_line: place.as_ref().map(|place| place.span.end.line),
        end_column: place.as_ref().map(|place| place.span.end.column),
        expected: finding.expected.clone(),
        found: finding.found.clone(),
        remedy: finding.remedy.clone(),
        policy: finding.policy.as_ref().map(|place| PolicyRow {
            file: place.file.to_string(),
            line: place.line,
            column: place.column,
        }),
        exception: finding.exception.as_ref().map(|note| ExceptionRow {
            name: note.name.to_string(),
            owner: note.owner.to_string(),
            reason: note.reason.to_string(),
            expires: note.expires.to_string(),
        }),
    }
}

fn file_row(finding: &FileFinding) -> FindingRow {
    FindingRow {
        rule: finding.rule.to_owned(),
        judge: "reading",
        effect: finding.effect.word(),
        severity: Severity::High.word(),
        message: finding.message.clone(),
        subject: None,
        path: String::new(),
        file: Some(finding.place.file.to_string()),
        line: Some(finding.place.span.start.line),
        column: Some(finding.place.span.start.column),
        end_line: Some(finding.place.span.end.line),
        end_column: Some(finding.place.span.end.column),
        expected: None,
        found: None,
        remedy: finding.remedy.clone(),
        policy: None,
        exception: None,
    }
}
