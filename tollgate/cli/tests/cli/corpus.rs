//! The cases of `corpus/cases` that files can express, through the command line.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Folder, repository};

/// Kinds that cost nothing: beside the object they bear on it, and ask for nothing themselves.
const FREE: [&str; 3] = ["HorizontalPodAutoscaler", "LimitRange", "ScaledObject"];

/// Why files cannot say what a case says; nothing where they can.
fn is_not_for_files(case: &Value) -> Option<&'static str> {
    let (request, facts) = (&case["request"], &case["facts"]);
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let known =
        |name: &str| list(&facts["namespaces"]).iter().any(|namespace| namespace["metadata"]["name"] == name);
    let reads_namespace = case["policy"].as_str().is_some_and(|policy| policy.contains("context.namespace"));
    let namespace = request["object"]["metadata"]["namespace"].as_str();
    let reads_absent = list(&case["expect"]["reads"])
        .iter()
        .filter_map(|read| read.as_str()?.strip_prefix("namespace/"))
        .any(|name| !known(name));
    let costs = |object: &Value| !object["kind"].as_str().is_some_and(|kind| FREE.contains(&kind));
    let reasons = [
        (request["operation"] != "CREATE", "files ask for nothing but creation"),
        (!request["subResource"].is_null(), "files ask for no subresource"),
        (!request["user"].is_null(), "files have no user"),
        (!case["before"].is_null(), "files have no past"),
        (!facts["unavailable"].is_null(), "what is not among the files is all that is unavailable"),
        (
            reads_absent || (reads_namespace && namespace.is_some_and(|name| !known(name))),
            "files know no absence",
        ),
        (list(&facts["objects"]).iter().any(costs), "what lies beside would be asked for too"),
    ];
    reasons.into_iter().find_map(|(holds, why)| holds.then_some(why))
}

#[test]
fn the_command_line_comes_to_what_the_cases_expect() {
    let cases = repository().join("corpus/cases");
    let mut paths: Vec<_> =
        fs::read_dir(&cases).expect("the corpus").map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    paths.sort();
    let mut run = 0;
    for path in &paths {
        let case = read(path);
        if let Some(why) = is_not_for_files(&case) {
            eprintln!("{}: skipped: {why}", path.display());
        } else {
            check(path, &case);
            run += 1;
        }
    }
    assert!(run >= 55, "only {run} of {} cases are for files", paths.len());
}

/// A case as JSON: the program itself reads it, as an object of a made-up kind.
fn read(path: &Path) -> Value {
    let folder = Folder::empty();
    let text = fs::read_to_string(path).expect("a case");
    folder.file("case.yaml", format!("apiVersion: v1\nkind: Case\n{text}"));
    let said = folder.run(&["read", "case.yaml"]);
    assert_eq!(said.code, 0, "{}: {said:#?}", path.display());
    said.json()["object"].clone()
}

fn check(path: &Path, case: &Value) {
    let name = path.display();
    let folder = Folder::empty();
    folder.file("tollgate.toml", case["config"].as_str().unwrap_or("[estate]\n"));
    let cases = path.parent().expect("a parent");
    if let Some(policy) = case["policy"].as_str() {
        folder.file("policy/case.rego", policy);
    }
    for (key, to) in [("rules", "policy/"), ("estate", "")] {
        case[key].as_str().into_iter().for_each(|from| copy(&cases.join(from), &folder, to));
    }
    for key in ["budgets", "exceptions"] {
        for (at, object) in case[key].as_array().into_iter().flatten().enumerate() {
            folder.file(&format!("policy/{key}-{at}.yaml"), object.to_string());
        }
    }
    folder.file("0-object.json", case["request"]["object"].to_string());
    for (at, namespace) in case["facts"]["namespaces"].as_array().into_iter().flatten().enumerate() {
        folder.file(&format!("namespace-{at}.json"), namespace.to_string());
    }
    for (at, object) in case["facts"]["objects"].as_array().into_iter().flatten().enumerate() {
        folder.file(&format!("object-{at}.json"), object.to_string());
    }
    let at = case["at"].as_str().expect("a time");
    let said = folder.run(&["check", ".", "--at", at, "-o", "json"]);
    assert!([0, 1, 3].contains(&said.code), "{name}: {said:#?}");
    let report = said.json();
    let subjects = report["subjects"].as_array().expect("subjects");
    assert_eq!(subjects[0]["file"], "0-object.json", "{name}");
    assert_eq!(subjects[0]["verdict"], case["expect"]["verdict"], "{name}: {said:#?}");
    if subjects.len() == 1 {
        let code = match case["expect"]["verdict"].as_str() {
            Some("allow") => 0,
            Some("deny") => 1,
            _ => 3,
        };
        assert_eq!(said.code, code, "{name}: {said:#?}");
    }
    let short = |finding: &Value| -> Vec<String> {
        ["rule", "effect", "path"]
            .iter()
            .map(|key| finding[key].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    let found: Vec<_> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter(|finding| finding["subject"] == 0)
        .map(short)
        .collect();
    let expected: Vec<_> = case["expect"]["findings"].as_array().into_iter().flatten().map(short).collect();
    assert_eq!(found, expected, "{name}: {said:#?}");
    for (judge, word) in report["judges"].as_object().expect("judges") {
        let expected = case["expect"]["judges"][judge].as_str().unwrap_or("not judged");
        assert_eq!(word, expected, "{name}: {judge}");
    }
}

fn copy(from: &Path, folder: &Folder, to: &str) {
    for entry in fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())) {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        folder.file(&format!("{to}{name}"), fs::read(&path).expect("a rule file"));
    }
}
