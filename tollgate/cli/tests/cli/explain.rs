//! `tollgate explain RULE --input FILE`: what conditions came to, and with which values.

use crate::support::{Folder, deployment};

#[test]
fn conditions_are_told_with_their_values_and_places() {
    let estate = Folder::estate();
    estate.file("api.yaml", deployment("api", "{team: shop}"));
    let said = estate.run(&["explain", "team-present", "--input", "api.yaml"]);
    let wanted = "\
team-present: found nothing on Deployment shop/api
  --> api.yaml:1:1
  ::: policy/estate.rego:9:1
    9 | deny contains finding
   10 |   input.kind == \"Deployment\"  # held
      |     input.kind is \"Deployment\"  (api.yaml:2:7)
   11 |   not input.metadata.labels.team  # failed
      |     input.metadata.labels.team is \"shop\"  (api.yaml:6:18)
   12 |   finding := {\"msg\": \"label `team` is missing\", \"path\": \"metadata.labels.team\"}  # not reached
";
    assert_eq!((said.code, said.out.as_str()), (0, wanted), "{}", said.out);
    estate.file("bare.yaml", deployment("bare", "{}"));
    let said = estate.run(&["explain", "team-present", "--input", "bare.yaml"]);
    for line in [
        "team-present: found something on Deployment shop/bare",
        "not input.metadata.labels.team  # held",
        "input.metadata.labels.team is missing",
        "  = found: label `team` is missing",
    ] {
        assert!(said.out.contains(line), "{line}\n{}", said.out);
    }
}

#[test]
fn conditions_on_each_container_are_counted_and_one_of_each_outcome_is_shown() {
    let estate = Folder::estate();
    estate.file(
        "policy/pods.rego",
        "package pods\n\n# METADATA\n# custom:\n#   id: not-privileged\ndeny contains c.name if {\n\tsome c in input.spec.containers\n\tprint(\"looks at\", c.name)\n\tc.privileged == true\n}\n",
    );
    estate.file(
        "pod.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: shop}\nspec:\n  containers:\n  - name: a\n    privileged: false\n  - name: b\n    privileged: true\n",
    );
    let said = estate.run(&["explain", "not-privileged", "--input", "pod.yaml"]);
    for line in [
        "some c in input.spec.containers  # held",
        "c.privileged == true  # held 1 and failed 1 of 2 times",
        "c.privileged is false  (pod.yaml:7:17)",
        "c.privileged is true  (pod.yaml:9:17)",
        "= printed: policy/pods.rego:8: looks at b",
    ] {
        assert!(said.out.contains(line), "{line}\n{}", said.out);
    }
    let json = estate.run(&["explain", "not-privileged", "--input", "pod.yaml", "-o", "json"]).json();
    let condition = &json["objects"][0]["bodies"][0]["conditions"][2];
    assert_eq!((&condition["held"], &condition["failed"]), (&1.into(), &1.into()), "{json}");
    let told = &condition["attempts"][0]["values"][1]["path"];
    assert_eq!(told, "spec.containers[0].privileged", "{json}");
    let said = estate.run(&["check", "-v", "pod.yaml"]);
    assert!(said.err.contains("Pod shop/p: printed: policy/pods.rego:8: looks at a"), "{said:#?}");
    assert!(!estate.run(&["check", "pod.yaml"]).err.contains("looks at"));
}

#[test]
fn a_secret_is_masked_in_explanations() {
    let estate = Folder::estate();
    estate.file(
        "policy/secret.rego",
        "package secret\n\n# METADATA\n# custom:\n#   id: no-word\ndeny contains \"x\" if {\n\tprint(input, input.data)\n\tsome key, value in input.data\n\tvalue == \"Y29ycmVjdA==\"\n}\n",
    );
    estate.file(
        "secret.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop}\ndata: {a: Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5}\n",
    );
    for format in ["text", "json"] {
        let said = estate.run(&["explain", "no-word", "--input", "secret.yaml", "-o", format]);
        assert!(said.code == 0 && said.out.contains("masked:"), "{said:#?}");
        assert!(!said.out.contains("Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5"), "{said:#?}");
    }
    let said = estate.run(&["check", "-v", "secret.yaml"]);
    assert!(said.err.contains("masked:") && !said.err.contains("Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5"), "{said:#?}");
}

#[test]
fn an_admission_review_is_explained_by_its_object() {
    let estate = Folder::estate();
    let object = serde_json::json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "api", "namespace": "shop", "labels": {"team": "a"}},
    });
    let review = serde_json::json!({
        "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
        "request": {
            "uid": "6c4e7f1a-0000-4000-8000-000000000001", "operation": "CREATE",
            "kind": {"group": "apps", "version": "v1", "kind": "Deployment"},
            "resource": {"group": "apps", "version": "v1", "resource": "deployments"},
            "name": "api", "namespace": "shop", "userInfo": {"username": "jane"}, "object": object,
        },
    });
    estate.file("review.json", serde_json::to_string_pretty(&review).expect("JSON"));
    let said = estate.run(&["explain", "team-present", "--input", "review.json"]);
    assert_eq!(said.code, 0, "{said:#?}");
    assert!(said.out.contains("input.metadata.labels.team is \"a\"  (review.json:"), "{}", said.out);
}

#[test]
fn wrong_input_is_told() {
    let estate = Folder::estate();
    estate.file("api.yaml", deployment("api", "{}"));
    estate.run(&["explain", "team-present", "--input", "none.yaml"]).is(2, &["`none.yaml` does not exist"]);
    estate
        .run(&["explain", "team-presnt"])
        .is(2, &["there is no rule `team-presnt`", "did you mean `team-present`?"]);
    estate.run(&["explain", "team-present", "-o", "json"]).is(2, &["--input"]);
    estate.file("none.txt", "nothing");
    estate.run(&["explain", "team-present", "--input", "none.txt"]).is(2, &[]);
}
