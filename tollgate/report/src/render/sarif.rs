//! SARIF 2.1.0 within what GitHub takes: 25,000 results in one run. The hardest findings stand first, so that a cut
//! takes the mildest. The fingerprint has a key of our own: GitHub computes `primaryLocationLineHash` itself, and
//! warns about every other value under that name.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::fingerprint::Fingerprints;
use super::inert::visible;
use super::{location, story, summary};
use crate::{FindingRow, Report};

/// What GitHub takes in one run.
const MOST_RESULTS: usize = 25_000;

pub(super) fn render(report: &Report) -> String {
    let mut findings: Vec<_> = report.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(summary::weight(finding)));
    let dropped = findings.len().saturating_sub(MOST_RESULTS);
    findings.truncate(MOST_RESULTS);

    let mut worst: BTreeMap<&str, &FindingRow> = BTreeMap::new();
    for finding in &findings {
        worst.entry(&finding.rule).or_insert(finding);
    }
    let index: BTreeMap<&str, usize> = worst.keys().enumerate().map(|(index, rule)| (*rule, index)).collect();
    let mut fingerprints = Fingerprints::default();
    let results: Vec<_> = findings
        .iter()
        .map(|finding| {
            result(report, finding, index.get(finding.rule.as_str()), fingerprints.of(report, finding))
        })
        .collect();
    super::json::pretty(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "tollgate",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": worst.values().map(|finding| rule(finding)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notifications(report, dropped),
            }],
            "results": results,
            "properties": {
                "verdict": report.verdict,
                "bundle": report.bundle,
                "summary": summary::line(report),
                "notJudged": summary::not_judged(report),
            },
        }],
    }))
}

fn rule(worst: &FindingRow) -> Value {
    let id = visible(&worst.rule);
    let help = worst.remedy.as_deref().map_or_else(|| format!("tollgate explain {id}"), inert_message);
    let mut properties = Map::new();
    properties.insert("tags".to_owned(), json!(["security", worst.judge]));
    if let Some(score) = score(worst.severity) {
        properties.insert("security-severity".to_owned(), json!(score));
    }
    json!({
        "id": id,
        "shortDescription": { "text": id },
        "help": { "text": help },
        "defaultConfiguration": { "level": level(worst.effect) },
        "properties": properties,
    })
}

fn result(report: &Report, finding: &FindingRow, rule: Option<&usize>, fingerprint: String) -> Value {
    let mut result = json!({
        "ruleId": visible(&finding.rule),
        "ruleIndex": rule,
        "level": level(finding.effect),
        "message": { "text": inert_message(&story::lines(report, finding).join("\n")) },
        "partialFingerprints": { "tollgate/v1": fingerprint },
        "properties": { "effect": finding.effect, "severity": finding.severity, "judge": finding.judge },
    });
    let place = place(report, finding);
    if !place.is_empty() {
        result["locations"] = json!([place]);
    }
    if let Some(policy) = &finding.policy {
        let region = json!({ "startLine": policy.line, "startColumn": policy.column });
        result["relatedLocations"] = json!([{
            "id": 1,
            "message": { "text": "the rule" },
            "physicalLocation": { "artifactLocation": { "uri": uri(&policy.file) }, "region": region },
        }]);
    }
    if let Some(exception) = &finding.exception {
        let reason = format!(
            "{} (exception {}, owner {}, until {})",
            exception.reason, exception.name, exception.owner, exception.expires
        );
        result["suppressions"] =
            json!([{ "kind": "external", "status": "accepted", "justification": visible(&reason) }]);
    }
    result
}

fn place(report: &Report, finding: &FindingRow) -> Map<String, Value> {
    let mut place = Map::new();
    if let Some(at) = location::of(report, finding).filter(|at| at.file != "-") {
        let mut region = Map::from_iter([("startLine".to_owned(), json!(at.line))]);
        let more = [("startColumn", at.column), ("endLine", at.end_line), ("endColumn", at.end_column)];
        region.extend(more.into_iter().filter_map(|(key, number)| Some((key.to_owned(), json!(number?)))));
        let physical = json!({ "artifactLocation": { "uri": uri(at.file) }, "region": region });
        place.insert("physicalLocation".to_owned(), physical);
    }
    if let Some(subject) = location::subject(report, finding) {
        let name = visible(&location::name(subject));
        let full = visible(&location::object(report, finding));
        let logical = json!([{ "name": name, "fullyQualifiedName": full, "kind": "resource" }]);
        place.insert("logicalLocations".to_owned(), logical);
    }
    place
}

fn notifications(report: &Report, dropped: usize) -> Vec<Value> {
    let note =
        |level: &str, text: String| json!({ "level": level, "message": { "text": inert_message(&text) } });
    let cut = (dropped > 0).then(|| {
        note("warning", format!("{dropped} findings are left out: GitHub takes {MOST_RESULTS} in one run"))
    });
    let skipped =
        report.skipped.iter().map(|row| note("note", format!("skipped {}: {}", row.file, row.reason)));
    cut.into_iter().chain(skipped).collect()
}

/// Plain text in which a viewer sees no link (SARIF 2.1.0, 3.11.6).
fn inert_message(text: &str) -> String {
    super::inert::visible_lines(text).replace("](", "] (")
}

fn level(effect: &str) -> &'static str {
    match effect {
        "deny" | "undecidable" => "error",
        "warn" => "warning",
        _ => "note",
    }
}

/// GitHub's own words follow from it: over 9 critical, from 7 high, from 4 medium, else low.
fn score(severity: &str) -> Option<&'static str> {
    match severity {
        "critical" => Some("9.5"),
        "high" => Some("8.0"),
        "medium" => Some("5.5"),
        "low" => Some("3.0"),
        _ => None,
    }
}

/// A path as a URI reference (RFC 3986): an absolute one with its scheme.
fn uri(file: &str) -> String {
    let mut uri = String::from(if file.starts_with('/') { "file://" } else { "" });
    for byte in location::relative(file).bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte.into())
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
