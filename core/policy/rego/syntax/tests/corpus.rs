//! Rego that exists: OPA's compliance cases, the Gatekeeper library, and the policies of this repository.

mod data;

use serde_json::Value;
use tollgate_rego_syntax::tree::{Dialect, Module};
use tollgate_rego_syntax::{SyntaxError, parse, parse_query};

#[test]
fn every_compliance_case_reads_as_v1() {
    let Some(root) = data::root() else { return };
    let mut cases = 0;
    let mut wrong = Vec::new();
    for (path, text) in data::files(&root.join("opa-compliance/v1"), "json") {
        let file: Value = serde_json::from_str(&text).unwrap();
        for case in file["cases"].as_array().unwrap() {
            cases += 1;
            for module in case["modules"].as_array().into_iter().flatten() {
                let text = module.as_str().unwrap();
                wrong.extend(refused(&path, text, parse(text, Some(Dialect::V1)).map(drop)));
            }
            let query = case["query"].as_str().unwrap();
            wrong.extend(refused(&path, query, parse_query(query, None).map(drop)));
        }
    }
    assert!(cases > 900, "{cases}");
    assert!(wrong.is_empty(), "{}: {}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_template_of_the_gatekeeper_library_reads_as_v0() {
    let Some(root) = data::root() else { return };
    let mut wrong = Vec::new();
    let mut read = 0;
    for (path, text) in data::files(&root.join("gatekeeper-library"), "yaml") {
        for text in data::blocks(&text) {
            match parse(&text, None) {
                Ok(Module { dialect, .. }) => {
                    assert_eq!(dialect, Dialect::V0, "{path}");
                    read += 1;
                }
                Err(errors) => wrong.extend(refused(&path, &text, Err(errors))),
            }
        }
    }
    assert!(read > 40, "{read}");
    assert!(wrong.is_empty(), "{}: {}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_policy_of_this_repository_reads() {
    let mut wrong = Vec::new();
    let mut read = 0;
    for folder in ["corpus", "examples"] {
        for (path, text) in data::files(&data::repository().join(folder), "rego") {
            let broken = path.contains("/broken/");
            match parse(&text, None) {
                Ok(_) => read += 1,
                Err(_) if broken => {}
                Err(errors) => wrong.extend(refused(&path, &text, Err(errors))),
            }
        }
    }
    assert!(read > 50, "{read}");
    assert!(wrong.is_empty(), "{}: {}", wrong.len(), wrong.join("\n"));
}

fn refused(path: &str, text: &str, read: Result<(), Vec<SyntaxError>>) -> Option<String> {
    let errors = read.err()?;
    let error = errors.first().unwrap();
    let before = &text[..error.span.start as usize];
    let line = text.lines().nth(before.matches('\n').count()).unwrap_or_default();
    Some(format!("{path}: {error} ({} errors)\n    {line}", errors.len()))
}
