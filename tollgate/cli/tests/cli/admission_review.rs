//! An AdmissionReview goes the way of any other input: judged as the request that it is.

use serde_json::{Value, json};

use crate::support::Folder;

fn review(operation: &str, object: Value, old: Value) -> Value {
    json!({
        "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
        "request": {
            "uid": "6c4e7f1a-0000-4000-8000-000000000001", "operation": operation,
            "kind": {"group": "apps", "version": "v1", "kind": "Deployment"},
            "resource": {"group": "apps", "version": "v1", "resource": "deployments"},
            "name": "api", "namespace": "shop", "userInfo": {"username": "jane"},
            "object": object, "oldObject": old,
        },
    })
}

fn deployment(labels: Value) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "api", "namespace": "shop", "labels": labels},
    })
}

fn text(review: &Value) -> String {
    serde_json::to_string_pretty(review).expect("JSON")
}

#[test]
fn a_request_is_judged_with_its_operation() {
    let estate = Folder::estate();
    estate.file("create.json", text(&review("CREATE", deployment(json!({})), Value::Null)));
    let said = estate.run(&["check", "create.json", "-o", "json"]);
    said.is(1, &[]);
    let report = said.json();
    assert_eq!(report["subjects"][0]["operation"], "CREATE", "{said:#?}");
    assert_eq!(report["findings"][0]["rule"], "team-present");
    assert!(report["findings"][0]["line"].as_u64() > Some(1), "{said:#?}");

    estate.file("delete.json", text(&review("DELETE", Value::Null, deployment(json!({})))));
    let said = estate.run(&["check", "delete.json", "-o", "json"]);
    assert_eq!((said.code, &said.json()["subjects"][0]["operation"]), (0, &json!("DELETE")), "{said:#?}");

    let good = text(&review("UPDATE", deployment(json!({"team": "a"})), deployment(json!({}))));
    assert_eq!(estate.run_with(&["check", "-"], good).code, 0);
}

#[test]
fn requests_and_manifests_are_one_report() {
    let estate = Folder::estate();
    estate.file("create.json", text(&review("CREATE", deployment(json!({})), Value::Null)));
    estate.file("good.yaml", crate::support::deployment("good", "{team: a}"));
    let said = estate.run(&["check", ".", "-o", "json"]);
    let report = said.json();
    assert_eq!((said.code, report["subjects"].as_array().map(Vec::len)), (1, Some(2)), "{said:#?}");
    let at = report["findings"][0]["subject"].as_u64().expect("an index") as usize;
    assert_eq!(report["subjects"][at]["file"], "create.json", "{said:#?}");
}

#[test]
fn what_is_no_request_is_an_error() {
    let estate = Folder::estate();
    let good = review("CREATE", deployment(json!({})), Value::Null);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut bad = good.clone();
        change(&mut bad);
        text(&bad)
    };
    for (bad, word) in [
        (with(&|bad| bad["apiVersion"] = "admission.k8s.io/v1beta1".into()), "v1beta1"),
        (
            with(&|bad| drop(bad["request"].as_object_mut().and_then(|request| request.remove("uid")))),
            "request.uid",
        ),
        (with(&|bad| bad["request"]["object"] = Value::Null), "request.object"),
        (with(&|bad| bad["request"] = "x".into()), "request"),
    ] {
        estate.file("bad.json", &bad);
        estate.run(&["check", "bad.json"]).is(2, &["bad.json:1:1", word]);
    }
}

#[test]
fn a_secret_in_a_request_is_never_shown() {
    const SECRET: &str = "hunter2-hunter2";
    let estate = Folder::estate();
    let mut secret = review(
        "CREATE",
        json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "api"}, "stringData": {"password": SECRET}}),
        Value::Null,
    );
    secret["request"]["kind"] = json!({"group": "", "version": "v1", "kind": "Secret"});
    secret["request"]["resource"] = json!({"group": "", "version": "v1", "resource": "secrets"});
    estate.file("secret.json", text(&secret));
    for arguments in [
        &["read", "secret.json"][..],
        &["check", "-v", "secret.json"],
        &["check", "-o", "json", "secret.json"],
    ] {
        let said = estate.run(arguments);
        assert_eq!(said.code, 0, "{said:#?}");
        assert!(!said.out.contains(SECRET) && !said.err.contains(SECRET), "{said:#?}");
    }
}
