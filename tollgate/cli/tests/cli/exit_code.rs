//! Exit codes are frozen: 0 allow, 1 deny, 2 failure, 3 undecidable; when several hold: 2, then 1, then 3.

use crate::support::{Folder, NAMESPACE_RULE, deployment};

fn job(name: &str, namespace: &str) -> String {
    format!("apiVersion: batch/v1\nkind: Job\nmetadata: {{name: {name}, namespace: {namespace}}}\n")
}

const NAMESPACE: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: open, labels: {team: a}}\n";

#[test]
fn each_ending_has_its_code() {
    let estate = Folder::estate();
    estate.file("policy/namespaces.rego", NAMESPACE_RULE);
    estate.file("shop.yaml", NAMESPACE.replace("open", "shop"));
    estate.file("allow.yaml", deployment("a", "{team: a}"));
    estate.file("deny.yaml", deployment("b", "{}"));
    estate.file("undecidable.yaml", job("c", "nowhere"));
    estate.file("broken.yaml", "a: b: c\n");
    for (paths, code) in [
        (&["allow.yaml"][..], 0),
        (&["deny.yaml"], 1),
        (&["broken.yaml"], 2),
        (&["undecidable.yaml"], 3),
        (&["undecidable.yaml", "deny.yaml"], 1),
        (&["undecidable.yaml", "allow.yaml"], 3),
        (&["undecidable.yaml", "deny.yaml", "broken.yaml"], 2),
    ] {
        let said = estate.run(&[&["check"], paths].concat());
        assert_eq!(said.code, code, "{paths:?}: {said:#?}");
    }
}

#[test]
fn usage_is_a_failure() {
    let estate = Folder::estate();
    estate.file("a.yaml", deployment("a", "{team: a}"));
    for arguments in [
        &["check"][..],
        &["nonsense"],
        &["check", "--nonsense", "a.yaml"],
        &["check", "-o", "nonsense", "a.yaml"],
        &["check", "--at", "yesterday", "a.yaml"],
        &["check", "-q", "-v", "a.yaml"],
        &["read", "-o", "yaml", "a.yaml"],
        &["up", "--listen", "nonsense", "."],
    ] {
        assert_eq!(estate.run(arguments).code, 2, "{arguments:?}");
    }
    for arguments in [&["--help"][..], &["--version"], &["check", "--help"]] {
        assert_eq!(estate.run(arguments).code, 0, "{arguments:?}");
    }
}

#[test]
fn a_namespace_is_found_beside_and_in_the_rest_of_the_estate() {
    let estate = Folder::estate();
    estate.file("policy/namespaces.rego", NAMESPACE_RULE);
    estate.file("jobs/a.yaml", job("a", "open"));
    assert_eq!(estate.run(&["check", "jobs"]).code, 3);
    estate.file("namespaces/open.yaml", NAMESPACE);
    assert_eq!(estate.run(&["check", "jobs"]).code, 0);
    estate.file("namespaces/open.yaml", NAMESPACE.replace("team: a", "closed: \"true\""));
    assert_eq!(estate.run(&["check", "jobs"]).code, 1);
}

#[test]
fn without_an_estate_and_without_rules_nothing_is_judged() {
    let folder = Folder::empty();
    folder.file("a.yaml", deployment("a", "{}"));
    folder.run(&["check", "a.yaml"]).is(2, &["no rules"]);
    folder.file("rules/r.rego", crate::support::RULES);
    assert_eq!(folder.run(&["check", "-p", "rules", "a.yaml"]).code, 1);
    assert_eq!(folder.run(&["check", "-p", "rules/r.rego", "a.yaml"]).code, 1);
    folder.run(&["check", "-p", "missing", "a.yaml"]).is(2, &["missing"]);
    assert_eq!(folder.run(&["check", "-p", "rules", "--package", "estate", "a.yaml"]).code, 1);
    folder.run(&["check", "-p", "rules", "--package", "other", "a.yaml"]).is(2, &["there is no rule"]);
}

#[test]
fn manifests_of_two_estates_are_not_judged_by_the_rules_of_one() {
    let (first, second) = (Folder::estate(), Folder::estate());
    let a = first.file("a.yaml", deployment("a", "{team: a}"));
    let b = second.file("b.yaml", deployment("b", "{team: a}"));
    let named = [a.display().to_string(), b.display().to_string()];
    first.run(&["check", &named[0], &named[1]]).is(2, &["b.yaml", "one estate at a time"]);
}
