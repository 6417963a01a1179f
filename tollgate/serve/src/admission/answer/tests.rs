use std::sync::Arc;

use serde_json::Value;
use tollgate_flow::Refusal;
use tollgate_vocabulary::{Judge, Origin, Path, PolicyPlace, RuleId, Severity};

use super::*;

fn finding(effect: Effect, message: &str) -> Finding {
    Finding {
        rule: RuleId::new("cost-centre"),
        origin: Origin::Judge(Judge::Policy),
        effect,
        severity: Severity::Medium,
        message: message.to_owned(),
        subject: 0,
        path: Path::of_keys(&["metadata", "labels"]),
        expected: None,
        found: None,
        remedy: Some("add it".to_owned()),
        policy: Some(PolicyPlace { file: Arc::from("policy/finops.rego"), line: 18, column: 3 }),
        exception: None,
    }
}

#[test]
fn a_finding_is_one_line_with_place_remedy_and_policy() {
    let line = line(&finding(Effect::Deny, "cost centre is missing\nallowed: true\u{1b}[31m"));
    let expected = "deny[cost-centre]: cost centre is missing allowed: true [31m (metadata.labels) \u{2014} add it; \
                    policy policy/finops.rego:18";
    assert_eq!(line, expected);
}

#[test]
fn many_findings_are_counted_and_the_message_stays_bounded() {
    let findings: Vec<Finding> =
        (0..1000).map(|at| finding(Effect::Deny, &format!("the {at}th thing is wrong"))).collect();
    let text = message("Deployment web is denied".to_owned(), findings.iter());
    assert!(text.len() <= MESSAGE, "{}", text.len());
    let shown = text.lines().filter(|line| line.starts_with("deny[")).count();
    let last = text.lines().last().expect("a line");
    assert_eq!(last, format!("and {} more: see the decision", 1000 - shown));
    assert!(shown > 20);
}

#[test]
fn one_huge_finding_is_cut_and_not_dropped() {
    let text = message("x".to_owned(), [&finding(Effect::Deny, &"\u{e9}".repeat(20_000))].into_iter());
    assert!(text.len() <= MESSAGE && text.contains("deny[cost-centre]") && text.ends_with('\u{2026}'));
}

#[test]
fn warnings_fit_what_kubernetes_passes_on_and_info_is_never_shown() {
    let findings = (0..100).map(|_| finding(Effect::Warn, &"w".repeat(400)));
    let findings = findings.chain([finding(Effect::Info, "secretly noted")]).collect();
    let warnings = warnings(&Verdict::of(1, findings, vec![]));
    assert!(warnings.iter().all(|warning| warning.chars().count() <= 256));
    assert!(warnings.iter().map(|warning| warning.chars().count()).sum::<usize>() <= 4096);
    let last = format!("and {} more warnings: see the decision", 100 - (warnings.len() - 1));
    assert_eq!(warnings.last(), Some(&last));
    assert!(!warnings.iter().any(|warning| warning.contains("secretly")));
}

#[test]
fn a_refusal_denies_and_says_why() {
    for (cause, code, reason, retry) in [
        (Refused::ByGate(Refusal::StoreDown("disk full".to_owned())), 503, "ServiceUnavailable", None),
        (Refused::ByGate(Refusal::Busy), 429, "TooManyRequests", Some(1)),
        (Refused::Crowded, 429, "TooManyRequests", Some(1)),
        (Refused::ByGate(Refusal::Late), 504, "Timeout", None),
        (Refused::NoAnswer, 504, "Timeout", None),
        (Refused::ByGate(Refusal::AnotherBody("u".to_owned())), 400, "BadRequest", None),
        (Refused::ByGate(Refusal::Stopping), 503, "ServiceUnavailable", None),
        (Refused::Failed, 500, "InternalError", None),
    ] {
        let review: Value = serde_json::from_slice(&refused("u-1", &cause)).expect("JSON");
        assert_eq!(review["apiVersion"], "admission.k8s.io/v1");
        assert_eq!(review["kind"], "AdmissionReview");
        let response = &review["response"];
        assert_eq!((&response["uid"], &response["allowed"]), (&Value::from("u-1"), &Value::from(false)));
        let status = &response["status"];
        assert_eq!((&status["code"], &status["reason"]), (&Value::from(code), &Value::from(reason)));
        assert!(status["message"].as_str().expect("a text").contains(&cause.to_string()));
        assert_eq!(status["details"]["retryAfterSeconds"].as_u64(), retry);
    }
}
