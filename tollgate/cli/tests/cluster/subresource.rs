//! Subresources: asked about, recorded, and judged only where a rule says so.

use serde_json::json;

use crate::object::{deployment, pod};
use crate::plane::shared;

#[test]
fn scale_is_out_of_the_rules_default_scope_but_in_the_ledger() {
    let Some(plane) = shared() else { return };
    plane.namespace("scale");
    plane.send("scale", &["create"], &deployment("web")).expect_success();
    plane.kubectl("scale", &["scale", "deployment/web", "--replicas=0"]).expect_success();
    let decisions = plane.ledger().about("UPDATE Scale/scale scale/web");
    let [decision] = &decisions[..] else { panic!("{:?}", plane.ledger().about("scale/web")) };
    assert_eq!(decision.verdict, "allow");
}

#[test]
fn exec_is_judged_where_a_rule_asks_for_it() {
    let Some(plane) = shared() else { return };
    plane.namespace("exec");
    for name in ["kept-one", "other"] {
        plane.send("exec", &["create"], &pod(name)).expect_success();
    }
    let exec = |name| plane.kubectl("exec", &["exec", name, "--", "true"]);
    let denied = exec("kept-one");
    assert!(denied.expect_failure().contains("deny[hands-off]: no shell in `kept-one`"), "{}", denied.stderr);
    // Admitted, and then there is no node to run it on.
    let admitted = exec("other");
    assert!(!admitted.expect_failure().contains("gate.tollgate.dev"), "{}", admitted.stderr);
    let verdict = |name: &str| {
        let decisions = plane.ledger().about(&format!("/exec exec/{name}"));
        decisions.into_iter().map(|decision| decision.verdict).collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(verdict("kept-one"), ["deny".to_owned()].into());
    assert_eq!(verdict("other"), ["allow".to_owned()].into());
}

#[test]
fn an_eviction_is_allowed_and_recorded() {
    let Some(plane) = shared() else { return };
    plane.namespace("evict");
    plane.send("evict", &["create"], &pod("web")).expect_success();
    let eviction = json!({"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "web", "namespace": "evict"}});
    let path = "/api/v1/namespaces/evict/pods/web/eviction";
    let answer = plane.client.send("POST", path, &eviction.to_string()).expect("an answer");
    assert!(answer.created(), "{}", answer.text);
    let decisions = plane.ledger().about("CREATE Eviction/eviction evict/web");
    let [decision] = &decisions[..] else { panic!("{:?}", plane.ledger().about("evict/web")) };
    assert_eq!(decision.verdict, "allow");
}
