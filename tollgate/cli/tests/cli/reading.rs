//! `read` prints what the gate judges, and `check` takes what it is given in every way.

use crate::support::{Folder, deployment};

#[test]
fn one_line_for_each_object_with_its_file_and_line() {
    let folder = Folder::empty();
    folder.file(
        "two.yaml",
        format!("# first\n{}---\n{}", deployment("a", "{}"), deployment("b", "{x: \"1\"}")),
    );
    folder.file("list.json", r#"{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"}}]}"#);
    let said = folder.run(&["read", ".", "-o", "json"]);
    said.is(0, &[]);
    let lines: Vec<serde_json::Value> =
        said.out.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    let told: Vec<_> = lines
        .iter()
        .map(|line| {
            (line["file"].as_str(), line["line"].as_u64(), line["object"]["metadata"]["name"].as_str())
        })
        .collect();
    assert_eq!(
        told,
        [
            (Some("list.json"), Some(1), Some("p")),
            (Some("two.yaml"), Some(2), Some("a")),
            (Some("two.yaml"), Some(9), Some("b")),
        ]
    );
    assert_eq!(lines[2]["object"]["metadata"]["labels"]["x"], "1");
}

#[test]
fn what_can_be_read_in_two_ways_is_refused_and_not_printed() {
    let folder = Folder::empty();
    folder
        .file("twice.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  k: a\n  k: b\n");
    let said = folder.run(&["read", "twice.yaml"]);
    said.is(1, &["twice.yaml:6:3", "reading.duplicate-key"]);
    assert_eq!(said.out, "");
    folder.file("yes.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  k: yes\n");
    folder.run(&["read", "yes.yaml"]).is(1, &["yes.yaml:5:6", "reading.ambiguous-scalar", "help"]);
    let estate = Folder::estate();
    estate.file("yes.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  k: yes\n");
    let said = estate.run(&["check", "yes.yaml"]);
    assert!(said.code == 1 && said.out.contains("deny[reading.ambiguous-scalar]"), "{said:#?}");
}

#[test]
fn standard_input_is_read() {
    let estate = Folder::estate();
    let said = estate.run_with(&["read", "-"], deployment("a", "{}"));
    said.is(0, &[]);
    assert!(said.out.starts_with("{\"file\":\"<stdin>\",\"line\":1,"), "{said:#?}");
    assert_eq!(estate.run_with(&["check", "-"], deployment("a", "{}")).code, 1);
    estate.file("b.yaml", deployment("b", "{team: a}"));
    let said = estate.run_with(&["check", "b.yaml", "-"], deployment("a", "{team: a}"));
    assert!(said.code == 0 && said.out.contains("2 objects"), "{said:#?}");
}

#[test]
fn several_formats_are_written_at_once() {
    let estate = Folder::estate();
    estate.file("api.yaml", deployment("api", "{}"));
    let said = estate.run(&[
        "check",
        "api.yaml",
        "-o",
        "text",
        "-o",
        "json=out/../report.json",
        "-o",
        "sarif=out.sarif",
        "-o",
        "junit=out.xml",
        "-o",
        "github",
    ]);
    // `out` does not exist, so neither does the path through it.
    assert_eq!(said.code, 2, "{said:#?}");
    let said = estate.run(&[
        "check",
        "api.yaml",
        "-o",
        "text",
        "-o",
        "json=report.json",
        "-o",
        "sarif=out.sarif",
        "-o",
        "junit=out.xml",
        "-o",
        "github",
    ]);
    assert_eq!(said.code, 1, "{said:#?}");
    assert!(said.out.contains("deny[team-present]") && said.out.contains("::error "), "{said:#?}");
    let written = |name: &str| std::fs::read_to_string(estate.path().join(name)).expect(name);
    assert!(written("report.json").contains("\"tollgate/report/v1\""));
    assert!(written("out.sarif").contains("2.1.0") && written("out.xml").contains("<testsuite"));
}

#[test]
fn the_time_that_rules_see_can_be_given() {
    let estate = Folder::estate();
    estate.file(
        "policy/exception.yaml",
        "apiVersion: tollgate.dev/v1\nkind: Exception\nmetadata: {name: old}\nspec:\n  rule: team-present\n  subjects: [{kind: Deployment, namespace: shop, name: api}]\n  owner: a\n  reason: b\n  expires: \"2030-01-01T00:00:00Z\"\n",
    );
    estate.file("api.yaml", deployment("api", "{}"));
    assert_eq!(estate.run(&["check", "--at", "2029-12-31T23:59:59Z", "api.yaml"]).code, 0);
    assert_eq!(estate.run(&["check", "--at", "2030-01-01T00:00:00Z", "api.yaml"]).code, 1);
}

#[test]
fn colour_is_for_terminals_unless_it_is_asked_for() {
    let estate = Folder::estate();
    estate.file("api.yaml", deployment("api", "{}"));
    let plain = estate.run(&["check", "api.yaml"]);
    assert!(!plain.out.contains('\u{1b}'), "{plain:#?}");
    assert!(estate.run(&["check", "--color", "always", "api.yaml"]).out.contains('\u{1b}'));
    let quiet = estate.run(&["check", "-q", "api.yaml"]);
    assert!(quiet.out.len() <= plain.out.len() && quiet.out.contains("team-present"), "{quiet:#?}");
}

#[test]
fn nothing_is_written_by_checking() {
    let estate = Folder::estate();
    estate.file("api.yaml", deployment("api", "{}"));
    estate.run(&["check", "."]);
    estate.run(&["read", "."]);
    assert!(!estate.data().exists());
}
