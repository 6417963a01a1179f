//! What people and controllers ask of a cluster, with kubectl.

use serde_json::json;

use crate::object::{deployment, job, map};
use crate::plane::shared;
use crate::wait::until;

#[test]
fn create_is_denied_with_every_finding_and_allowed_once_mended() {
    let Some(plane) = shared() else { return };
    plane.namespace("create");
    let mut bad = deployment("web");
    bad["metadata"]["labels"]["finops.apexlogic.com/cost-center"] = json!("CC-12");
    bad["metadata"]["labels"]["ai.apexlogic.com/model-type"] = json!("multimodal");
    bad["spec"]["template"]["spec"]["containers"][0]["image"] = json!("nginx");
    let denied = plane.send("create", &["create"], &bad);
    let message = denied.expect_failure();
    for told in [
        "gate.tollgate.dev",
        "Deployment create/web is denied",
        "deny[cost-centre-format]: ",
        "(metadata.labels[\"finops.apexlogic.com/cost-center\"])",
        "deny[responsible-ai-model]: ",
        "deny[approved-registry]: ",
        "deny[image-pinned]: ",
        "policy/finops.rego:",
    ] {
        assert!(message.contains(told), "no `{told}` in:\n{message}");
    }
    let decisions = plane.ledger().about("Deployment create/web");
    let [decision] = &decisions[..] else { panic!("{decisions:?}") };
    assert_eq!((decision.verdict.as_str(), decision.phase.as_str()), ("deny", "live"));
    assert_eq!(decision.actor, "admin");
    assert!(message.contains(&format!("decision {}, entry {}", decision.id, decision.index)), "{message}");
    let body = plane.ledger().body(&decision.id);
    assert_eq!(body["actor"]["authentication"], "secret-path", "{body:#}");

    plane.send("create", &["create"], &deployment("web")).expect_success();
    let decisions = plane.ledger().about("Deployment create/web");
    let verdicts: Vec<&str> = decisions.iter().map(|decision| decision.verdict.as_str()).collect();
    assert_eq!(verdicts, ["deny", "allow"]);
}

#[test]
fn audit_annotations_carry_the_decision_and_its_place_in_the_ledger() {
    let Some(plane) = shared() else { return };
    plane.namespace("audit");
    assert!(plane.client.create_map("audit", &map("one", "good")).created());
    let annotations = until("the API server has written its audit log", || {
        let found = plane.audit("/namespaces/audit/configmaps", "one");
        found.into_iter().next().ok_or("no event")
    });
    let decisions = plane.ledger().about("ConfigMap audit/one");
    let [decision] = &decisions[..] else { panic!("{decisions:?}") };
    let told =
        |key: &str| annotations[format!("gate.tollgate.dev/{key}")].as_str().unwrap_or_default().to_owned();
    assert_eq!(told("decision"), decision.id, "{annotations:#}");
    assert_eq!(told("index"), decision.index.to_string());
    assert_eq!(told("verdict"), "allow");
    assert!(told("receipt").contains(&format!("{}\n", decision.index)), "{annotations:#}");
}

#[test]
fn warnings_reach_the_requester_and_change_nothing() {
    let Some(plane) = shared() else { return };
    plane.namespace("warn");
    let ran = plane.send("warn", &["create"], &map("odd", "odd"));
    ran.expect_success();
    assert!(ran.stderr.contains("Warning: warn[nothing-odd]: key `odd` is odd"), "{}", ran.stderr);
}

#[test]
fn update_is_judged_by_what_the_object_becomes() {
    let Some(plane) = shared() else { return };
    plane.namespace("update");
    plane.send("update", &["create"], &deployment("web")).expect_success();
    let label = |value: &str| {
        let label = format!("finops.apexlogic.com/cost-center={value}");
        plane.kubectl("update", &["label", "--overwrite", "deployment/web", &label])
    };
    let denied = label("CC-1");
    assert!(denied.expect_failure().contains("deny[cost-centre-format]"), "{}", denied.stderr);
    label("CC-1002").expect_success();
    let decisions = plane.ledger().about("UPDATE Deployment update/web");
    let verdicts: Vec<&str> = decisions.iter().map(|decision| decision.verdict.as_str()).collect();
    assert_eq!(verdicts, ["deny", "allow"]);
    let center = "jsonpath={.metadata.labels.finops\\.apexlogic\\.com/cost-center}";
    let kept = plane.kubectl("update", &["get", "deployment", "web", "-o", center]);
    assert_eq!(kept.expect_success(), "CC-1002");
}

#[test]
fn delete_is_judged_by_the_old_object_alone() {
    let Some(plane) = shared() else { return };
    plane.namespace("delete");
    let mut kept = map("kept", "good");
    kept["metadata"]["labels"] = json!({"keep": "yes"});
    plane.send("delete", &["create"], &kept).expect_success();
    let denied = plane.kubectl("delete", &["delete", "configmap", "kept"]);
    assert!(denied.expect_failure().contains("deny[kept]: `kept` is kept"), "{}", denied.stderr);
    let all = plane.kubectl("delete", &["delete", "configmap", "--all"]);
    assert!(all.expect_failure().contains("deny[kept]"), "{}", all.stderr);
    plane.kubectl("delete", &["label", "configmap", "kept", "keep-"]).expect_success();
    plane.kubectl("delete", &["delete", "configmap", "kept"]).expect_success();
    let decisions = plane.ledger().about("DELETE ConfigMap delete/kept");
    let verdicts: Vec<&str> = decisions.iter().map(|decision| decision.verdict.as_str()).collect();
    assert_eq!(verdicts, ["deny", "deny", "allow"]);
}

#[test]
fn a_collection_is_deleted_object_by_object() {
    let Some(plane) = shared() else { return };
    plane.namespace("collection");
    for name in ["a", "b"] {
        assert!(plane.client.create_map("collection", &map(name, "good")).created());
    }
    let answer =
        plane.client.send("DELETE", "/api/v1/namespaces/collection/configmaps", "").expect("an answer");
    assert_eq!(answer.code, 200, "{}", answer.text);
    assert!(plane.client.maps("collection").is_empty());
    let decisions = plane.ledger().about("DELETE ConfigMap collection/");
    assert!(!decisions.is_empty() && decisions.iter().all(|one| one.verdict == "allow"), "{decisions:?}");
}

#[test]
fn a_server_side_dry_run_is_judged_marked_and_not_recorded() {
    let Some(plane) = shared() else { return };
    plane.namespace("dry");
    let dry = |name: &str| plane.send("dry", &["create", "--dry-run=server"], &map(name, name));
    dry("good").expect_success();
    let denied = dry("bad");
    let message = denied.expect_failure();
    assert!(
        message.contains("deny[nothing-bad]") && message.contains("(dry run, not recorded)"),
        "{message}"
    );
    assert!(plane.client.maps("dry").is_empty());
    assert!(plane.ledger().about("ConfigMap dry/").is_empty());
    let annotations = until("the API server has written its audit log", || {
        plane.audit("/namespaces/dry/configmaps?dryRun=All", "good").into_iter().next().ok_or("no event")
    });
    assert_eq!(annotations["gate.tollgate.dev/dry-run"], "true", "{annotations:#}");
    assert_eq!(annotations.get("gate.tollgate.dev/decision"), None, "{annotations:#}");
}

#[test]
fn a_job_whose_name_the_server_makes_is_denied_and_allowed() {
    let Some(plane) = shared() else { return };
    plane.namespace("generate");
    let mut train = job("train-");
    let denied = plane.send("generate", &["create"], &train);
    assert!(denied.expect_failure().contains("deny[gpu-job-deadline]"), "{}", denied.stderr);
    train["spec"]["activeDeadlineSeconds"] = json!(3600);
    for _ in 0..2 {
        plane.send("generate", &["create"], &train).expect_success();
    }
    let decisions = plane.ledger().about("CREATE Job generate/train-");
    let verdicts: Vec<&str> = decisions.iter().map(|decision| decision.verdict.as_str()).collect();
    assert_eq!(verdicts, ["deny", "allow", "allow"]);
}

#[test]
fn server_side_apply_is_judged_when_it_creates_and_when_it_changes() {
    let Some(plane) = shared() else { return };
    plane.namespace("apply");
    let apply = |key| plane.send("apply", &["apply", "--server-side"], &map("settings", key));
    let denied = apply("bad");
    assert!(denied.expect_failure().contains("deny[nothing-bad]"), "{}", denied.stderr);
    apply("good").expect_success();
    let denied = apply("worse");
    assert!(denied.expect_failure().contains("deny[nothing-bad]: key `worse` is bad"), "{}", denied.stderr);
    let decisions = plane.ledger().about("ConfigMap apply/settings");
    let told: Vec<(&str, &str)> = decisions
        .iter()
        .map(|decision| (decision.subject.split(' ').next().unwrap_or_default(), decision.verdict.as_str()))
        .collect();
    assert_eq!(told, [("CREATE", "deny"), ("CREATE", "allow"), ("UPDATE", "deny")]);
}
