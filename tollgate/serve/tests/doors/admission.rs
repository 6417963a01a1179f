//! What an API server is answered.

use serde_json::{Value, json};

use crate::gate::{Running, deployment, recorded};

#[tokio::test(flavor = "multi_thread")]
async fn all_recorded_requests_are_answered_with_their_uid_and_recorded_once() {
    let gate = Running::start().await;
    let reviews = recorded();
    if reviews.is_empty() {
        return;
    }
    assert_eq!(reviews.len(), 53);
    let mut live = 0;
    for (file, body) in &reviews {
        let review: Value = serde_json::from_str(body).expect("JSON");
        let answer = gate.client.post(&gate.path, body).await;
        assert_eq!(answer.code, 200, "{file}: {}", answer.text());
        let answer = answer.json();
        let response = &answer["response"];
        assert_eq!(response["uid"], review["request"]["uid"], "{file}");
        let annotations = &response["auditAnnotations"];
        assert!(annotations.get("refusal").is_none(), "{file}: {answer}");
        if review["request"]["dryRun"] == true {
            assert_eq!(annotations["dry-run"], "true", "{file}");
        } else {
            live += 1;
            assert!(
                annotations["decision"].as_str().is_some_and(|id| id.starts_with("d-")),
                "{file}: {answer}"
            );
        }
        let again = gate.client.post(&gate.path, body).await.json();
        assert_eq!(again, answer, "{file}: the same request is answered the same");
    }
    assert_eq!(gate.decisions(), live);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denial_names_rule_place_remedy_and_decision() {
    let gate = Running::start().await;
    let answer = gate.admit(&deployment("u-1", "vision", &json!({}))).await;
    assert_eq!(
        (&answer["apiVersion"], &answer["kind"]),
        (&json!("admission.k8s.io/v1"), &json!("AdmissionReview"))
    );
    let response = &answer["response"];
    assert_eq!((&response["uid"], &response["allowed"]), (&json!("u-1"), &json!(false)));
    assert_eq!(
        (&response["status"]["code"], &response["status"]["reason"]),
        (&json!(403), &json!("Forbidden"))
    );
    let message = response["status"]["message"].as_str().expect("a message");
    let decision = response["auditAnnotations"]["decision"].as_str().expect("an id");
    let lines: Vec<&str> = message.lines().collect();
    assert!(lines[0].contains("Deployment web/vision is denied") && lines[0].contains(decision), "{message}");
    assert!(
        lines[1].starts_with("deny[cost-centre]: label `cost` is missing (metadata.labels)"),
        "{message}"
    );
    assert!(lines[1].contains("add the label `cost`; policy policy/doors.rego:"), "{message}");
    let bundle = gate.gate.pinned().estate.bundle.digest().to_string();
    assert_eq!(response["auditAnnotations"]["bundle"], bundle);
    let index: u64 =
        response["auditAnnotations"]["index"].as_str().expect("an index").parse().expect("a number");
    let receipt = response["auditAnnotations"]["receipt"].as_str().expect("a receipt");
    let receipt =
        tollgate_ledger::Receipt::verify(receipt.as_bytes(), gate.gate.verifier()).expect("it verifies");
    assert_eq!(receipt.index(), index);
    assert_eq!(gate.metric("tollgate_decisions_total{verdict=\"deny\",phase=\"live\"}").await, Some(1.0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_allow_has_its_warnings_and_its_entry() {
    let gate = Running::start().await;
    let answer = gate.admit(&deployment("u-1", "api", &json!({"cost": "CC-1"}))).await;
    let response = &answer["response"];
    assert_eq!(response["allowed"], true, "{answer}");
    let warnings = response["warnings"].as_array().expect("warnings");
    assert!(
        warnings.len() == 1 && warnings[0].as_str().expect("a text").contains("the name is short"),
        "{answer}"
    );
    assert_eq!(response["auditAnnotations"]["verdict"], "allow");
    assert_eq!(gate.decisions(), 1);
    for step in ["decode", "judge", "record"] {
        let line = format!("tollgate_step_duration_seconds_count{{step=\"{step}\"}}");
        assert_eq!(gate.metric(&line).await, Some(1.0), "{step}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_so_and_is_not_recorded() {
    let gate = Running::start().await;
    for (labels, allowed) in [(json!({}), false), (json!({"cost": "CC-1"}), true)] {
        let mut review = deployment("u-1", "vision", &labels);
        review["request"]["dryRun"] = json!(true);
        let answer = gate.admit(&review).await;
        let response = &answer["response"];
        assert_eq!(response["allowed"], allowed, "{answer}");
        assert_eq!(response["auditAnnotations"]["dry-run"], "true");
        assert!(response["auditAnnotations"].get("decision").is_none());
        assert!(
            response["status"]["message"].as_str().is_some_and(|text| text.contains("dry run")),
            "{answer}"
        );
    }
    assert_eq!(gate.decisions(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_uid_with_another_body_is_refused_and_not_recorded() {
    let gate = Running::start().await;
    let first = deployment("u-1", "vision", &json!({"cost": "CC-1"}));
    assert_eq!(gate.admit(&first).await["response"]["allowed"], true);
    let other = gate.admit(&deployment("u-1", "vision", &json!({"cost": "CC-2"}))).await;
    assert_eq!(other["response"]["allowed"], false);
    assert_eq!(other["response"]["auditAnnotations"]["refusal"], "another-body");
    assert_eq!(gate.decisions(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_review_is_refused_with_the_reason() {
    let gate = Running::start().await;
    for body in ["", "{", "[]", "null", "{}", "\u{feff}{}", r#"{"apiVersion":"v1","kind":"Pod"}"#, "not json"]
    {
        let answer = gate.client.post(&gate.path, body).await;
        assert_eq!(answer.code, 400, "{body}: {}", answer.text());
        assert!(!answer.body.is_empty());
    }
    let changed = |change: fn(&mut Value)| {
        let mut review = deployment("u-1", "vision", &json!({"cost": "CC-1"}));
        change(&mut review);
        review
    };
    // With a UID, it is answered to the API server as a review.
    for (review, says) in [
        (
            changed(|review| review["apiVersion"] = json!("admission.k8s.io/v1beta1")),
            "admission.k8s.io/v1beta1",
        ),
        (changed(|review| review["kind"] = json!("Pod")), "Pod"),
        (changed(|review| review["request"]["object"] = Value::Null), "request.object"),
        (changed(|review| review["request"]["operation"] = json!("PATCH")), "request.operation"),
        (changed(|review| review["request"]["dryRun"] = json!("yes")), "request.dryRun"),
        (changed(|review| review["request"]["userInfo"] = Value::Null), "request.userInfo.username"),
    ] {
        let answer = gate.admit(&review).await;
        let response = &answer["response"];
        assert_eq!((&response["uid"], &response["allowed"]), (&json!("u-1"), &json!(false)), "{answer}");
        assert_eq!(response["status"]["code"], 400);
        assert!(response["status"]["message"].as_str().is_some_and(|text| text.contains(says)), "{answer}");
    }
    // Without one, it is HTTP's to say.
    let mut review = changed(|_| ());
    review["request"].as_object_mut().expect("an object").remove("uid");
    let answer = gate.client.post(&gate.path, &review.to_string()).await;
    assert_eq!(answer.code, 400);
    assert!(answer.text().contains("request.uid"), "{}", answer.text());
    assert_eq!(gate.decisions(), 0);
    assert!(
        gate.metric("tollgate_refusals_total{reason=\"not-a-review\"}")
            .await
            .is_some_and(|count| count >= 15.0)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_deep_is_refused_as_a_review() {
    let gate = Running::start().await;
    let review = deployment("u-1", "vision", &json!({"cost": "CC-1"})).to_string();
    let deep = format!("{{\"x\":{}{}", "[".repeat(5000), "]".repeat(5000));
    let body = review.replace("{\"replicas\":1}", &format!("{deep}}}"));
    assert_ne!(body, review);
    let answer = gate.client.post(&gate.path, &body).await;
    assert_eq!(answer.code, 200, "{}", answer.text());
    let answer = answer.json();
    assert_eq!((&answer["response"]["uid"], &answer["response"]["allowed"]), (&json!("u-1"), &json!(false)));
    assert_eq!(gate.decisions(), 0);
}
