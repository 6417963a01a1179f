//! The namespace that rules read is the cluster's, followed by a watch.

use serde_json::json;

use crate::object::deployment;
use crate::plane::shared;
use crate::wait::until;

#[test]
fn a_rule_reads_the_namespace_and_follows_its_labels() {
    let Some(plane) = shared() else { return };
    plane.namespace("fact");
    plane.cluster.kubectl(&["label", "namespace", "fact", "tier=production"]).expect_success();
    let single = |name: &str| {
        let mut single = deployment(name);
        single["spec"]["replicas"] = json!(1);
        single
    };
    let dry = || plane.send("fact", &["create", "--dry-run=server"], &single("probe"));
    until("the gate knows the label", || {
        let ran = dry();
        if ran.stderr.contains("deny[replicas-in-production]") { Ok(()) } else { Err(format!("{ran:?}")) }
    });
    let denied = plane.send("fact", &["create"], &single("web"));
    assert!(denied.expect_failure().contains("deny[replicas-in-production]"), "{}", denied.stderr);
    plane.send("fact", &["create"], &deployment("two")).expect_success();

    let decisions = plane.ledger().about("Deployment fact/web");
    let [decision] = &decisions[..] else { panic!("{decisions:?}") };
    let body = plane.ledger().body(&decision.id);
    let facts = body["facts"].as_array().expect("facts");
    assert!(facts.iter().any(|fact| fact.to_string().contains("fact")), "{body:#}");

    plane.cluster.kubectl(&["label", "--overwrite", "namespace", "fact", "tier=batch"]).expect_success();
    until("the gate knows that the label changed", || {
        let ran = dry();
        if ran.success { Ok(()) } else { Err(format!("{ran:?}")) }
    });
    plane.send("fact", &["create"], &single("web")).expect_success();
}

#[test]
fn a_namespace_that_was_made_a_moment_ago_is_known_or_nothing_is_allowed() {
    let Some(plane) = shared() else { return };
    let mut single = deployment("web");
    single["spec"]["replicas"] = json!(1);
    let single = single.to_string();
    for round in 0..30 {
        let name = format!("new-{round}");
        let namespace = json!({
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": {"name": name, "labels": {"tier": "production"}},
        });
        let made =
            plane.client.send("POST", "/api/v1/namespaces", &namespace.to_string()).expect("an answer");
        assert!(made.created(), "{}", made.text);
        let path = format!("/apis/apps/v1/namespaces/{name}/deployments");
        let answer = plane.client.send("POST", &path, &single).expect("an answer");
        assert!(!answer.created(), "round {round}: one replica in production, before the watch told of it");
        let told = ["deny[replicas-in-production]", "cannot be decided"];
        assert!(told.iter().any(|told| answer.text.contains(told)), "{}", answer.text);
    }
}

#[test]
fn a_namespace_that_the_watch_has_not_told_of_never_allows() {
    let Some(plane) = shared() else { return };
    let mut object = deployment("web");
    object["metadata"]["namespace"] = json!("not-told-of");
    object["spec"]["replicas"] = json!(1);
    // As the API server asks, which has seen to it that the namespace exists.
    let review = json!({
        "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
        "request": {
            "uid": "not-told-of",
            "kind": {"group": "apps", "version": "v1", "kind": "Deployment"},
            "resource": {"group": "apps", "version": "v1", "resource": "deployments"},
            "name": "web", "namespace": "not-told-of", "operation": "CREATE",
            "userInfo": {"username": "admin"}, "object": object, "oldObject": null, "dryRun": false,
        },
    });
    let answer =
        plane.gate.client().send("POST", &plane.gate.path(), &review.to_string()).expect("an answer");
    assert_eq!(answer.code, 200, "{}", answer.text);
    let response = &answer.json()["response"];
    assert_eq!(response["allowed"], false, "{response:#}");
    assert_eq!(response["status"]["code"], 503, "{response:#}");
}
