//! Secret values stand in no output, raw or base64, in any format.

use crate::support::Folder;

const RAW: &str = "correct-horse-battery";
const BASE64: &str = "Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5";

/// A rule that says everything it sees.
const TALKATIVE: &str = r#"
package talkative

deny contains finding if {
	input.kind == "Secret"
	some key, value in input.data
	finding := {"msg": sprintf("%v is %v", [key, value]), "path": sprintf("data[\"%v\"]", [key]), "found": value, "expected": value}
}

deny contains finding if {
	input.kind == "Secret"
	some key, value in input.stringData
	finding := {"msg": sprintf("all of it: %v", [input]), "path": "stringData", "found": value}
}
"#;

fn estate() -> Folder {
    let estate = Folder::estate();
    estate.file("policy/talkative.rego", TALKATIVE);
    estate.file(
        "secret.yaml",
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  namespace: shop\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '{{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"stringData\":{{\"a\":\"{RAW}\"}}}}'\ndata: {{a: {BASE64}}}\nstringData:\n  b: {RAW}\n"
        ),
    );
    estate
}

#[test]
fn no_format_shows_a_secret() {
    let estate = estate();
    for format in ["text", "json", "yaml", "sarif", "github", "gitlab", "junit", "markdown", "html"] {
        let said = estate.run(&["check", "-v", "secret.yaml", "-o", format]);
        assert_eq!(said.code, 1, "{said:#?}");
        assert!(said.out.contains("masked"), "{format}: {said:#?}");
        for secret in [RAW, BASE64] {
            assert!(!said.out.contains(secret) && !said.err.contains(secret), "{format}: {said:#?}");
        }
    }
}

#[test]
fn read_prints_tokens_that_are_equal_where_the_values_are() {
    let said = estate().run(&["read", "secret.yaml"]);
    assert!(!said.out.contains(RAW) && !said.out.contains(BASE64), "{said:#?}");
    let object = said.json()["object"].clone();
    assert!(object["data"]["a"].as_str().is_some_and(|token| token.starts_with("masked:")), "{said:#?}");
    assert_eq!(object["data"]["a"], object["stringData"]["b"]);
}

#[test]
fn a_secret_that_does_not_parse_is_not_quoted() {
    let estate = estate();
    estate.file("half.yaml", format!("apiVersion: v1\nkind: Secret\nstringData:\n  a: {RAW}: x: [\n"));
    let said = estate.run(&["check", "half.yaml"]);
    assert_eq!(said.code, 2, "{said:#?}");
    assert!(!said.out.contains(RAW) && !said.err.contains(RAW), "{said:#?}");
}

#[test]
fn a_secret_that_is_refused_is_not_quoted() {
    let estate = estate();
    estate.file("twice.yaml", format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData:\n  a: {RAW}\n  a: {RAW}x\n  b: yes\n"));
    for arguments in
        [&["check", "-v", "twice.yaml"][..], &["read", "twice.yaml"], &["check", "-o", "json", "twice.yaml"]]
    {
        let said = estate.run(arguments);
        assert_eq!(said.code, 1, "{said:#?}");
        assert!(!said.out.contains(RAW) && !said.err.contains(RAW), "{said:#?}");
    }
}
