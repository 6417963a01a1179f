//! What is shown of a report, and its last line.

use super::Style;
use crate::{FindingRow, Report};

/// `deny: 2 denied, 1 warned in 34 objects (bundle sha256:12ab…); not judged: cost, drift`
pub(super) fn line(report: &Report) -> String {
    format!("{}: {}", report.verdict, rest(report))
}

/// The line behind its verdict.
pub(super) fn rest(report: &Report) -> String {
    let objects = counted(report.subjects.len(), "object");
    let counts = counts(report);
    let judged = if counts.is_empty() { objects } else { format!("{} in {objects}", counts.join(", ")) };
    let skipped = match report.skipped.len() {
        0 => String::new(),
        some => format!(", {some} skipped"),
    };
    let bundle = bundle(&report.bundle);
    let not_judged = match not_judged(report) {
        none if none.is_empty() => String::new(),
        some => format!("; not judged: {}", some.join(", ")),
    };
    format!("{judged}{skipped} (bundle {bundle}){not_judged}")
}

/// The findings that a person is shown.
pub(super) fn shown<'a>(report: &'a Report, style: &Style) -> impl Iterator<Item = &'a FindingRow> + use<'a> {
    let (quiet, verbose) = (style.quiet, style.verbose);
    report.findings.iter().filter(move |finding| match finding.effect {
        "deny" | "undecidable" => true,
        "info" => verbose && !quiet,
        _ => !quiet,
    })
}

/// The findings that concern whoever asked: what is only audited, or excepted, does not.
pub(super) fn concerning(report: &Report) -> Vec<&FindingRow> {
    let mut findings: Vec<_> = report.findings.iter().filter(|finding| finding.effect != "info").collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(weight(finding)));
    findings
}

/// How much a finding weighs: by its effect, then by its severity.
pub(super) fn weight(finding: &FindingRow) -> (usize, usize) {
    let place = |words: &[&str], word| words.iter().position(|known| *known == word).unwrap_or(words.len());
    (
        place(&["info", "warn", "undecidable", "deny"], finding.effect),
        place(&["info", "low", "medium", "high", "critical"], finding.severity),
    )
}

/// The judges that were not asked.
pub(super) fn not_judged(report: &Report) -> Vec<&'static str> {
    let judges = &report.judges;
    [
        ("identity", judges.identity),
        ("provenance", judges.provenance),
        ("policy", judges.policy),
        ("cost", judges.cost),
        ("drift", judges.drift),
        ("anomaly", judges.anomaly),
    ]
    .into_iter()
    .filter(|(_, word)| *word != "judged")
    .map(|(judge, _)| judge)
    .collect()
}

/// `1 object`, `2 objects`
pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn counts(report: &Report) -> Vec<String> {
    let count =
        |keep: fn(&FindingRow) -> bool| report.findings.iter().filter(|finding| keep(finding)).count();
    [
        (count(|finding| finding.effect == "deny"), "denied"),
        (count(|finding| finding.effect == "undecidable"), "undecidable"),
        (count(|finding| finding.effect == "warn"), "warned"),
        (count(|finding| finding.effect == "info" && finding.exception.is_some()), "excepted"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect()
}

fn bundle(digest: &str) -> String {
    match digest.char_indices().nth("sha256:".len() + 12) {
        Some((cut, _)) => format!("{}…", &digest[..cut]),
        None => digest.to_owned(),
    }
}
