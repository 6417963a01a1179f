//! GitLab Code Quality: an array of issues, each with a fingerprint that stays when lines move.

use serde_json::{Value, json};

use super::fingerprint::Fingerprints;
use super::inert::visible;
use super::{location, story, summary};
use crate::{FindingRow, Report};

pub(super) fn render(report: &Report) -> String {
    let mut fingerprints = Fingerprints::default();
    let issues: Vec<Value> = summary::concerning(report)
        .into_iter()
        .map(|finding| issue(report, finding, fingerprints.of(report, finding)))
        .collect();
    super::json::pretty(&issues)
}

fn issue(report: &Report, finding: &FindingRow, fingerprint: String) -> Value {
    let place = location::of(report, finding);
    // GitLab refuses an issue without a path; what has none concerns the estate as a whole.
    let (path, line) =
        place.map_or(("tollgate.toml", 1), |place| (location::relative(place.file), place.line));
    json!({
        "type": "issue",
        "check_name": visible(&finding.rule),
        "description": format!("{}: {}", finding.effect, story::lines(report, finding).join("; ")),
        "categories": ["Security"],
        "severity": severity(finding.severity),
        "fingerprint": fingerprint,
        "location": { "path": visible(path), "lines": { "begin": line } },
    })
}

fn severity(word: &str) -> &'static str {
    match word {
        "critical" => "blocker",
        "high" => "critical",
        "medium" => "major",
        "low" => "minor",
        _ => "info",
    }
}
