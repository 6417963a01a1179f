//! The small commands.

use crate::support::{Folder, deployment};

#[test]
fn init_makes_an_estate_that_works_and_overwrites_nothing() {
    let folder = Folder::empty();
    folder.run(&["init", "shop"]).is(0, &[]);
    let said = folder.run(&["test", "shop"]);
    assert!(said.code == 0 && said.out.contains("2 passed, 0 failed"), "{said:#?}");
    folder.file("shop/api.yaml", deployment("api", "{}"));
    let said = folder.run(&["check", "shop"]);
    assert!(said.code == 1 && said.out.contains("team-present"), "{said:#?}");
    folder.run(&["init", "shop"]).is(2, &["shop/tollgate.toml", "exists already"]);
    folder.run(&["init", "shop/inner"]).is(2, &["estates do not lie in one another"]);
}

#[test]
fn test_runs_the_rules_own_tests() {
    let estate = Folder::estate();
    estate.run(&["test"]).is(2, &["no tests"]);
    estate.file(
        "policy/estate_test.rego",
        "package estate\n\ntest_good if {\n\tcount(deny) == 0 with input as {\"kind\": \"Pod\", \"metadata\": {}}\n}\n\ntest_bad if {\n\tcount(deny) == 7 with input as {\"kind\": \"Pod\", \"metadata\": {}}\n}\n",
    );
    let said = estate.run(&["test"]);
    assert!(
        said.code == 1 && said.out.contains("FAIL") && said.out.contains("policy/estate_test.rego:7:"),
        "{said:#?}"
    );
    assert_eq!(estate.run(&["test", "--run", "good"]).code, 0);
    estate.run(&["test", "--run", "nothing"]).is(2, &["no test's name matches `nothing`"]);
    assert_eq!(estate.run(&["test", "-o", "json"]).json()["tests"].as_array().map(Vec::len), Some(2));
    assert!(estate.run(&["test", "-o", "junit"]).out.contains("failures=\"1\""));
}

#[test]
fn settings_come_from_flag_then_environment_then_file() {
    let folder = Folder::empty();
    let show = |folder: &Folder| folder.run(&["config", "show", "--origin"]).out;
    assert!(show(&folder).contains("color = auto  (built in)"));
    folder.file(".config/tollgate/config.toml", "color = \"never\"\noutput = [\"json\"]\n");
    let told = show(&folder);
    assert!(told.contains("color = never  (") && told.contains("config.toml)"), "{told}");
    let output = folder.command(&["config", "show", "--origin"]).env("TOLLGATE_COLOR", "always").output();
    let told = String::from_utf8(output.expect("runs").stdout).expect("UTF-8");
    assert!(told.contains("color = always  (environment TOLLGATE_COLOR)"), "{told}");
    let told = folder.run(&["config", "show", "--origin", "--color", "auto"]).out;
    assert!(told.contains("color = auto  (flag --color)"), "{told}");
    folder.file(".config/tollgate/config.toml", "colour = \"never\"\n");
    folder.run(&["config", "show"]).is(2, &["config.toml:1:1", "colour"]);
    folder.file(".config/tollgate/config.toml", "color = \"pink\"\n");
    folder.run(&["config", "show"]).is(2, &["config.toml", "pink"]);
}

#[test]
fn completions_man_pages_and_the_reference_are_made() {
    let folder = Folder::empty();
    for shell in ["bash", "zsh", "fish"] {
        let said = folder.run(&["completions", shell]);
        assert!(said.code == 0 && said.out.contains("tollgate"), "{shell}");
    }
    folder.run(&["man", "pages"]).is(0, &[]);
    for page in ["tollgate.1", "tollgate-check.1", "tollgate-log-verify.1"] {
        assert!(folder.path().join("pages").join(page).is_file(), "{page}");
    }
    let said = folder.run(&["reference"]);
    for word in [
        "## `tollgate check`",
        "## `tollgate log verify`",
        "`-o, --output FORMAT[=FILE]`",
        "  3  undecidable",
    ] {
        assert!(said.out.contains(word), "{word}: {}", said.out);
    }
}

#[test]
fn install_prints_objects_that_read_without_a_doubt() {
    let folder = Folder::empty();
    folder.run(&["install"]).is(2, &["--export"]);
    let said = folder.run(&[
        "install",
        "--export",
        "--namespace",
        "gate",
        "--image",
        "registry.example/tollgate@sha256:0",
    ]);
    said.is(0, &[]);
    let read = folder.run_with(&["read", "-"], &said.out);
    assert_eq!(read.code, 0, "{read:#?}");
    let objects: Vec<serde_json::Value> = read
        .out
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["object"].clone())
        .collect();
    let kinds: Vec<_> = objects.iter().filter_map(|object| object["kind"].as_str()).collect();
    assert_eq!(kinds.last(), Some(&"ValidatingWebhookConfiguration"), "{kinds:?}");
    let webhook = &objects[objects.len() - 1]["webhooks"][0];
    assert_eq!(
        (&webhook["failurePolicy"], &webhook["sideEffects"]),
        (&"Fail".into(), &"NoneOnDryRun".into())
    );
    assert!(webhook["namespaceSelector"].to_string().contains("gate"), "{webhook}");
}

#[test]
fn doctor_without_a_gate_finds_nothing_wrong() {
    let estate = Folder::estate();
    let said = estate.run(&["doctor"]);
    assert!(said.code == 0 && said.out.contains("no gate has run"), "{said:#?}");
}
