//! Callers that are not the API server.

use serde_json::{Value, json};

use crate::object::map;
use crate::plane::shared;

fn review(name: &str, key: &str) -> Value {
    let mut object = map(name, key);
    object["metadata"]["namespace"] = json!("forged");
    json!({
        "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
        "request": {
            "uid": format!("uid-{name}"),
            "kind": {"group": "", "version": "v1", "kind": "ConfigMap"},
            "resource": {"group": "", "version": "v1", "resource": "configmaps"},
            "name": name, "namespace": "forged", "operation": "CREATE",
            "userInfo": {"username": "mallory"}, "object": object, "oldObject": null, "dryRun": false,
        },
    })
}

#[test]
fn a_forged_caller_is_refused_and_nothing_is_recorded() {
    let Some(plane) = shared() else { return };
    let client = plane.gate.client();
    let (path, review) = (plane.gate.path(), review("a", "good").to_string());
    let wrong = format!("{}x", &path[..path.len() - 1]);
    for forged in [wrong.as_str(), "/admit/", "/admit/0", &path[..path.len() - 1], &format!("{path}0")] {
        let answer = client.send("POST", forged, &review).expect("an answer");
        assert!(matches!(answer.code, 403 | 404), "{forged}: {} {}", answer.code, answer.text);
        assert!(!answer.text.contains("allowed"), "{}", answer.text);
    }
    let wrong = client.send("POST", &wrong, &review).expect("an answer");
    assert_eq!(wrong.code, 403, "{}", wrong.text);
    assert!(plane.ledger().about("ConfigMap forged/a").is_empty());
}

#[test]
fn a_local_caller_without_the_secret_is_recorded_as_unauthenticated() {
    let Some(plane) = shared() else { return };
    let answer = plane.gate.client().send("POST", "/admit", &review("local", "good").to_string());
    let answer = answer.expect("an answer");
    assert_eq!(answer.code, 200, "{}", answer.text);
    let decisions = plane.ledger().about("ConfigMap forged/local");
    let [decision] = &decisions[..] else { panic!("{decisions:?}") };
    let body = plane.ledger().body(&decision.id);
    assert_eq!(body["actor"]["authentication"], "unauthenticated", "{body:#}");
}
