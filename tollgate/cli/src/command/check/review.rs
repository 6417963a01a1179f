//! An AdmissionReview in a file, judged as the request that it is.
//!
//! INVARIANT: nothing of a review's text is quoted. Its objects were masked as a request's are, not as a file's, so no
//! span says which stretches of the file hold secrets.

use jiff::Timestamp;
use tollgate_flow::{Checked, Estate, InFile, cost_rows, decide, report, subject_row};
use tollgate_gate::{Review, Ruling, State, SubjectCost, settle};
use tollgate_manifest::{Limits, Mask, canonical};
use tollgate_report::{Judges, Place, Sources, SubjectRow};
use tollgate_vocabulary::{Authentication, Fact, Finding, Origin, Path, Question, Step};

use crate::output::Failure;

/// Judges one review.
pub(super) fn check(
    file: &InFile,
    mask: &Mask,
    estate: &Estate,
    answer: &(dyn Fn(&Question) -> Fact + Sync),
    at: Timestamp,
) -> Result<Checked, Failure> {
    let bytes = canonical::bytes(&file.written.object.value);
    let start = file.written.spans.span.start;
    let review = Review::decode(&bytes, mask, &Limits::default())
        .map_err(|error| format!("{}:{}:{}: {error}", file.file, start.line, start.column))?;
    let mut change = review.into_change(Authentication::Local, at);
    let refusals = file.written.refusals.iter().cloned().map(|refusal| unquoted(refusal.into_finding(0)));
    if let Some(subject) = change.subjects.first_mut() {
        subject.refusals.extend(refusals);
    }
    let judged = decide(&change, &estate.bundle, answer);
    // Nothing is contended where nothing is recorded.
    let verdict = match settle(&judged, &State::default(), &estate.bundle) {
        Ok((verdict, _effects)) => verdict,
        Err(superseded) => return Err(superseded.into()),
    };
    let costs = cost_rows(&judged, &estate.bundle);
    let subjects = change.subjects.iter().zip(&verdict.subjects).enumerate();
    let rows = subjects.map(|(at, (subject, ruling))| SubjectRow {
        cost: costs.get(&at).cloned(),
        file: Some(file.file.to_string()),
        line: Some(start.line),
        ..subject_row(subject, *ruling)
    });
    let place = |finding: &Finding| Some(place_of(finding, file));
    let report = report(judged.bundle, &verdict, rows.collect(), place, &[], Vec::new());
    Ok(Checked { report, sources: Sources::default(), costs: judged.evidence.costs })
}

/// Two reports on changes of their own as one.
pub(super) fn join(first: Checked, second: Checked) -> Checked {
    let Checked { mut report, sources, mut costs } = first;
    let before = report.subjects.len();
    let ruling = |word| Ruling::from_word(word).unwrap_or(Ruling::Deny);
    report.verdict = ruling(report.verdict).max(ruling(second.report.verdict)).word();
    report.judges = judged_by_either(&report.judges, &second.report.judges);
    report.subjects.extend(second.report.subjects);
    report.findings.extend(second.report.findings.into_iter().map(|mut finding| {
        finding.subject = finding.subject.map(|subject| subject + before);
        finding
    }));
    report.skipped.extend(second.report.skipped);
    let shifted = second.costs.into_iter().map(|cost| SubjectCost { subject: cost.subject + before, ..cost });
    costs.extend(shifted);
    Checked { report, sources, costs }
}

fn judged_by_either(a: &Judges, b: &Judges) -> Judges {
    let either = |a: &'static str, b: &'static str| if a == "judged" { a } else { b };
    Judges {
        identity: either(a.identity, b.identity),
        provenance: either(a.provenance, b.provenance),
        policy: either(a.policy, b.policy),
        cost: either(a.cost, b.cost),
        drift: either(a.drift, b.drift),
        anomaly: either(a.anomaly, b.anomaly),
    }
}

/// A refusal of reading without the texts that may hold a value.
fn unquoted(finding: Finding) -> Finding {
    let message = "what is written here can be read in more than one way".to_owned();
    Finding { message, expected: None, found: None, remedy: None, ..finding }
}

/// Where a finding's path was written: in the object after the change, else in the one before.
fn place_of(finding: &Finding, file: &InFile) -> Place {
    let refused = file.written.refusals.iter().find(|refusal| {
        finding.origin == Origin::Reading && refusal.rule == finding.rule && refusal.path == finding.path
    });
    let span = refused.map(|refusal| refusal.span).unwrap_or_else(|| {
        let value = &file.written.object.value;
        let within = |object: &str| {
            let mut steps = vec![Step::Key("request".into()), Step::Key(object.into())];
            steps.extend_from_slice(finding.path.steps());
            file.written.spans.locate(value, &Path::from(steps))
        };
        let object = value.get("request").and_then(|request| request.get("object"));
        let after = object.is_some_and(|object| !object.is_null());
        within(if after { "object" } else { "oldObject" }).span
    });
    Place { file: file.file.clone(), span }
}
