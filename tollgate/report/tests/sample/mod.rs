//! One report in which everything occurs that a report can say, and the sources to go with it.

use std::sync::Arc;

use tollgate_report::{
    BudgetRow, CostRow, ExceptionRow, FindingRow, Judges, PolicyRow, Report, SCHEMA, SkippedRow, Source,
    Sources, SubjectRow,
};

/// What a stranger may write into any text: terminal, workflow command, XML, HTML, Markdown, reversed text.
pub(crate) const HOSTILE: &str = "x\u{1b}[2J\u{9b}31m\n::error::owned\r%0A</failure>]]><script>alert(1)</script>\
                           | @everyone #1 `![i](http://evil.example)` [a](b) \u{202e}cod\u{2066} \"'&";

pub(crate) const API: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
  labels:
    finops.apexlogic.com/cost-center: CC-12
    grüße: \"schön 日本 \u{202e}\u{1b}[31m\"
spec: {replicas: 3}
";

const RULE: &str = "# METADATA
# title: cost centre format
deny contains finding if not regex.match(`^CC-[0-9]{4}$`, centre)
";

pub(crate) fn sources() -> Sources {
    let mut sources = Sources::default();
    sources.insert(Arc::from("deploy/api.yaml"), Source::new(API.as_bytes(), &[]));
    sources.insert(Arc::from("policy/finops.rego"), Source::new(RULE.as_bytes(), &[]));
    sources
}

pub(crate) fn report() -> Report {
    Report {
        schema: SCHEMA,
        verdict: "deny",
        bundle: format!("sha256:12ab34cd56ef{}", "0".repeat(52)),
        judges: Judges { policy: "judged", ..none_judged() },
        subjects: vec![
            SubjectRow {
                cost: Some(cost()),
                ..subject("deploy/api.yaml", 1, "Deployment", "shop", "api", "deny")
            },
            subject("deploy/vision.yaml", 1, "Deployment", "ml", "vision", "undecidable"),
            SubjectRow { file: None, line: None, ..subject("", 1, "Job", "ml", "train-*", "allow") },
            subject(HOSTILE, 3, "Secret", "shop", HOSTILE, "deny"),
        ],
        findings: vec![
            unreadable(),
            cost_centre(),
            unicode(),
            without_place(),
            warned(),
            excepted(),
            audited(),
            hostile(),
        ],
        skipped: vec![
            SkippedRow { file: "charts/web".to_owned(), reason: "ignored: vendored".to_owned() },
            SkippedRow { file: HOSTILE.to_owned(), reason: HOSTILE.to_owned() },
        ],
    }
}

fn cost() -> CostRow {
    CostRow {
        currency: "EUR".to_owned(),
        expected_month: "412.000000000".to_owned(),
        worst_month: "1236.000000000".to_owned(),
        peak_hour: "0.004700000".to_owned(),
        change_month: "412.000000000".to_owned(),
        budgets: vec![BudgetRow {
            name: "platform".to_owned(),
            before_percent: "81".to_owned(),
            after_percent: "103".to_owned(),
        }],
        unbounded: vec!["spec.type".to_owned()],
        unpriced: Vec::new(),
    }
}

pub(crate) fn allowed() -> Report {
    Report {
        verdict: "allow",
        subjects: vec![subject("deploy/api.yaml", 1, "Deployment", "shop", "api", "allow")],
        findings: Vec::new(),
        skipped: Vec::new(),
        ..report()
    }
}

pub(crate) fn finding(rule: &str, effect: &'static str, message: &str) -> FindingRow {
    FindingRow {
        rule: rule.to_owned(),
        judge: "policy",
        effect,
        severity: "medium",
        message: message.to_owned(),
        subject: None,
        path: String::new(),
        file: None,
        line: None,
        column: None,
        end_line: None,
        end_column: None,
        expected: None,
        found: None,
        remedy: None,
        policy: None,
        exception: None,
    }
}

pub(crate) fn at(
    finding: FindingRow,
    file: &str,
    line: usize,
    column: usize,
    end_column: usize,
) -> FindingRow {
    FindingRow {
        file: Some(file.to_owned()),
        line: Some(line),
        column: Some(column),
        end_line: Some(line),
        end_column: Some(end_column),
        ..finding
    }
}

fn cost_centre() -> FindingRow {
    let message = "cost centre `CC-12` is not of the form CC-0000";
    FindingRow {
        severity: "high",
        subject: Some(0),
        path: "metadata.labels[\"finops.apexlogic.com/cost-center\"]".to_owned(),
        expected: Some("^CC-[0-9]{4}$".to_owned()),
        found: Some("CC-12".to_owned()),
        remedy: Some("take one of the four cost centres in policy/centres.yaml".to_owned()),
        policy: Some(PolicyRow { file: "policy/finops.rego".to_owned(), line: 3, column: 1 }),
        ..at(finding("cost-centre-format", "deny", message), "deploy/api.yaml", 7, 39, 44)
    }
}

fn unicode() -> FindingRow {
    let row = at(finding("greeting", "warn", "Grüße müssen höflich sein"), "deploy/api.yaml", 8, 12, 33);
    FindingRow { subject: Some(0), severity: "low", path: "metadata.labels[\"grüße\"]".to_owned(), ..row }
}

fn without_place() -> FindingRow {
    FindingRow {
        judge: "gate",
        severity: "critical",
        subject: Some(1),
        path: "metadata.namespace".to_owned(),
        expected: Some("a Namespace `ml`".to_owned()),
        policy: Some(PolicyRow { file: "policy/tenancy.rego".to_owned(), line: 40, column: 3 }),
        ..finding("tenancy", "undecidable", "the Namespace `ml` was never gathered")
    }
}

fn unreadable() -> FindingRow {
    FindingRow {
        judge: "reading",
        severity: "high",
        remedy: Some("render first: `helm template x | tollgate check -`".to_owned()),
        ..at(
            finding("reading.template", "undecidable", "a template, not a manifest"),
            "charts/api.yaml",
            2,
            3,
            9,
        )
    }
}

fn warned() -> FindingRow {
    FindingRow {
        subject: Some(0),
        path: "spec.replicas".to_owned(),
        expected: Some("at least 5".to_owned()),
        found: Some("3".to_owned()),
        ..at(finding("few-replicas", "warn", "few replicas"), "deploy/api.yaml", 9, 18, 19)
    }
}

fn excepted() -> FindingRow {
    FindingRow {
        subject: Some(1),
        path: "metadata.annotations".to_owned(),
        exception: Some(ExceptionRow {
            name: "vision-until-audit".to_owned(),
            owner: "ml-platform".to_owned(),
            reason: "the audit is booked".to_owned(),
            expires: "2027-01-31T00:00:00Z".to_owned(),
        }),
        ..at(finding("responsible-ai", "info", "no model card"), "deploy/vision.yaml", 4, 3, 14)
    }
}

fn audited() -> FindingRow {
    FindingRow { subject: Some(2), severity: "info", ..finding("audited-rule", "info", "only audited") }
}

fn hostile() -> FindingRow {
    FindingRow {
        subject: Some(3),
        path: HOSTILE.to_owned(),
        expected: Some(HOSTILE.to_owned()),
        found: Some(HOSTILE.to_owned()),
        remedy: Some(HOSTILE.to_owned()),
        policy: Some(PolicyRow { file: HOSTILE.to_owned(), line: 1, column: 1 }),
        ..at(finding(HOSTILE, "deny", HOSTILE), HOSTILE, 1, 1, 2)
    }
}

fn subject(
    file: &str,
    line: usize,
    kind: &str,
    namespace: &str,
    name: &str,
    verdict: &'static str,
) -> SubjectRow {
    SubjectRow {
        file: Some(file.to_owned()),
        line: Some(line),
        api_version: "apps/v1".to_owned(),
        kind: kind.to_owned(),
        namespace: Some(namespace.to_owned()),
        name: Some(name.to_owned()),
        operation: "CREATE",
        verdict,
        cost: None,
    }
}

const fn none_judged() -> Judges {
    Judges {
        identity: "not judged",
        provenance: "not judged",
        policy: "not judged",
        cost: "not judged",
        drift: "not judged",
        anomaly: "not judged",
    }
}
