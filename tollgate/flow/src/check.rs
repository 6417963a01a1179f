//! Judges manifests in files, records nothing, and settles read-only.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tollgate_gate::{Bundle, Change, RuleFile, State, SubjectCost, Verdict, settle};
use tollgate_report::{CostRow, Place, Report, Source, Sources, SubjectRow};
use tollgate_vocabulary::{Actor, Authentication, Fact, Finding, Origin, Principal, Question, Timestamp};

use crate::decide::decide;
use crate::load::{InFile, Manifests};
use crate::money;
use crate::report::{report, subject_row};

/// A report and the texts that it can be shown with.
#[derive(Clone, Debug)]
pub struct Checked {
    /// what was found
    pub report: Report,
    /// texts of the files that findings are in
    pub sources: Sources,
    /// what the subjects that cost anything cost
    pub costs: Vec<SubjectCost>,
}

/// Who checks files where nobody else is named.
#[must_use]
pub fn checker() -> Actor {
    let principal = Principal { username: "tollgate:check".to_owned(), ..Principal::default() };
    Actor { principal, authentication: Authentication::Local }
}

/// Judges all objects of `manifests` as one change.
#[must_use]
pub fn check(
    manifests: &Manifests,
    bundle: &Bundle,
    rule_files: &[RuleFile],
    answer: &(dyn Fn(&Question) -> Fact + Sync),
    at: Timestamp,
) -> Checked {
    check_change(&change_of(&manifests.objects, at), manifests, bundle, rule_files, answer)
}

/// Judges a change that came otherwise, such as an AdmissionReview in a file. Places are those of `manifests`, whose
/// objects stand in the order of the change's subjects; there may be none.
#[must_use]
pub fn check_change(
    change: &Change,
    manifests: &Manifests,
    bundle: &Bundle,
    rule_files: &[RuleFile],
    answer: &(dyn Fn(&Question) -> Fact + Sync),
) -> Checked {
    let judged = decide(change, bundle, answer);
    let costs = money::rows(&judged, &State::default().account, bundle);
    // Nothing is contended where nothing is recorded: the state is that of a gate which has decided nothing yet.
    let verdict = match settle(&judged, &State::default(), bundle) {
        Ok((verdict, _effects)) => verdict,
        Err(_superseded) => Verdict::of(judged.subjects, judged.findings.clone(), judged.judged.clone()),
    };
    let checked = checked(manifests, change, &verdict, &costs, bundle, rule_files);
    Checked { costs: judged.evidence.costs, ..checked }
}

/// The change that a set of manifests is.
pub(crate) fn change_of(objects: &[InFile], at: Timestamp) -> Change {
    let with_refusals = objects
        .iter()
        .map(|object| {
            let refusals = object.written.refusals.iter().cloned();
            (object.written.object.clone(), refusals.map(|refusal| refusal.into_finding(0)).collect())
        })
        .collect();
    Change::of_files(with_refusals, checker(), at)
}

/// The report on a verdict, with places and texts.
pub(crate) fn checked(
    manifests: &Manifests,
    change: &Change,
    verdict: &Verdict,
    costs: &BTreeMap<usize, CostRow>,
    bundle: &Bundle,
    rule_files: &[RuleFile],
) -> Checked {
    let rows = change.subjects.iter().zip(&verdict.subjects).enumerate().map(|(at, (subject, ruling))| {
        let row = SubjectRow { cost: costs.get(&at).cloned(), ..subject_row(subject, *ruling) };
        placed(row, manifests.objects.get(at))
    });
    let place =
        |finding: &Finding| manifests.objects.get(finding.subject).map(|object| place_of(finding, object));
    let report = report(
        bundle.digest(),
        verdict,
        rows.collect(),
        place,
        &manifests.findings,
        manifests.skipped.clone(),
    );
    let sources = sources(&report, manifests, rule_files);
    Checked { report, sources, costs: Vec::new() }
}

fn placed(row: SubjectRow, object: Option<&InFile>) -> SubjectRow {
    match object {
        None => row,
        Some(object) => {
            let line = object.written.spans.span.start.line;
            SubjectRow { file: Some(object.file.to_string()), line: Some(line), ..row }
        }
    }
}

/// Where a finding's path was written. A refusal of reading brought its own span: of two equal keys only that tells
/// which is meant.
fn place_of(finding: &Finding, object: &InFile) -> Place {
    let refused = object.written.refusals.iter().find(|refusal| {
        finding.origin == Origin::Reading && refusal.rule == finding.rule && refusal.path == finding.path
    });
    let span = match refused {
        Some(refusal) => refusal.span,
        None if finding.path.is_root() => name_span(object),
        None => object.written.spans.locate(&object.written.object.value, &finding.path).span,
    };
    Place { file: Arc::clone(&object.file), span }
}

/// Where an object is named: what a finding about the whole object points at.
fn name_span(object: &InFile) -> tollgate_manifest::Span {
    let path = tollgate_vocabulary::Path::of_keys(&["metadata", "name"]);
    let located = object.written.spans.locate(&object.written.object.value, &path);
    if located.exact {
        return located.span;
    }
    let kind = tollgate_vocabulary::Path::of_keys(&["kind"]);
    object.written.spans.locate(&object.written.object.value, &kind).span
}

/// The texts of the files that findings are in.
fn sources(report: &Report, manifests: &Manifests, rule_files: &[RuleFile]) -> Sources {
    let mut sources = Sources::default();
    let files: BTreeSet<&str> = report.findings.iter().filter_map(|row| row.file.as_deref()).collect();
    for file in files {
        if let Some(source) = manifests.source(file) {
            sources.insert(file.into(), source);
        }
    }
    let policies: BTreeSet<&str> =
        report.findings.iter().filter_map(|row| row.policy.as_ref()).map(|place| &*place.file).collect();
    for file in rule_files.iter().filter(|file| policies.contains(&*file.path)) {
        sources.insert(Arc::clone(&file.path), Source::new(&file.bytes, &[]));
    }
    sources
}
