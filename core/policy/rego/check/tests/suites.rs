//! Rules that work: the gate has nothing against them but what is really odd about them.

use std::path::{Path, PathBuf};

use tollgate_manifest::{Limits, read_values};
use tollgate_rego_check::{Files, Problem, check};
use tollgate_vocabulary::Value;

/// A folder of the recorded data, or nothing, said loudly.
#[expect(clippy::disallowed_methods, reason = "tests find their data in the environment")]
fn data(folder: &str) -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../../shared/data");
    let root = PathBuf::from(std::env::var("TOLLGATE_TEST_DATA").unwrap_or_else(|_| default.into()));
    let folder = root.join(folder);
    if folder.is_dir() {
        Some(folder)
    } else {
        eprintln!("SKIPPED: no test data at {}", folder.display());
        None
    }
}

#[expect(clippy::disallowed_methods, reason = "tests read their data")]
fn files(folder: &Path, named: &dyn Fn(&Path) -> bool) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in
            std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if named(&path) {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found.sort();
    found
}

fn gate(texts: &[&str]) -> Vec<Problem> {
    let modules: Vec<_> = texts
        .iter()
        .map(|text| {
            tollgate_rego_syntax::parse(text, None).unwrap_or_else(|errors| panic!("{errors:?}\n{text}"))
        })
        .collect();
    let (program, found) = tollgate_rego_resolve::resolve(&modules);
    check(&Files { texts, modules: &modules, data: None }, &program, found).problems
}

#[test]
fn no_case_of_opas_suite_is_said_to_be_of_wrong_types() {
    let Some(folder) = data("opa-compliance/v1") else { return };
    let mut cases = 0;
    for (path, text) in files(&folder, &|path| path.extension().is_some_and(|extension| extension == "json"))
    {
        let values = read_values(text.as_bytes(), &Limits::default())
            .unwrap_or_else(|error| panic!("{path:?}: {error}"));
        let listed = values.iter().filter_map(|value| value.get("cases")?.as_array()).flatten();
        for case in listed {
            let modules = case.get("modules").and_then(Value::as_array).unwrap_or_default();
            let texts: Vec<&str> = modules.iter().filter_map(Value::as_str).collect();
            let types = ["type-mismatch", "schema-type", "unknown-field", "unknown-value", "contradiction"];
            let wrong: Vec<Problem> =
                gate(&texts).into_iter().filter(|problem| types.contains(&problem.code)).collect();
            assert_eq!(wrong, [], "{path:?}: {texts:?}");
            cases += 1;
        }
    }
    assert!(cases > 900, "{cases} cases");
}

#[test]
fn nothing_is_wrong_with_gatekeepers_library() {
    let Some(folder) = data("gatekeeper-library") else { return };
    let mut templates = 0;
    for (path, text) in files(&folder, &|path| path.ends_with("template.yaml")) {
        let values = read_values(text.as_bytes(), &Limits::default())
            .unwrap_or_else(|error| panic!("{path:?}: {error}"));
        let targets =
            values.iter().filter_map(|value| value.get("spec")?.get("targets")?.as_array()).flatten();
        for target in targets {
            let engines = target.get("code").and_then(Value::as_array).unwrap_or_default();
            let source =
                engines.iter().find(|engine| engine.get("engine").and_then(Value::as_str) == Some("Rego"));
            let source = source.and_then(|engine| engine.get("source")).unwrap_or(target);
            let Some(rego) = source.get("rego").and_then(Value::as_str) else { continue };
            let libs = source.get("libs").and_then(Value::as_array).unwrap_or_default();
            let texts: Vec<&str> = [rego].into_iter().chain(libs.iter().filter_map(Value::as_str)).collect();
            assert_eq!(gate(&texts), [], "{path:?}");
            templates += 1;
        }
    }
    assert_eq!(templates, 26);
}

#[test]
fn nothing_is_wrong_with_the_rules_of_the_corpus_and_of_the_example() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../.."));
    let folders = ["realistic", "realistic-object", "finops-v0", "finops-v1", "has-own-property"];
    let corpus = folders.map(|folder| root.join("corpus/policy").join(folder));
    for folder in corpus.into_iter().chain([root.join("examples/estate/policy")]) {
        let found = files(&folder, &|path| path.extension().is_some_and(|extension| extension == "rego"));
        let texts: Vec<&str> = found.iter().map(|(_, text)| &**text).collect();
        assert!(!texts.is_empty(), "{folder:?}");
        assert_eq!(gate(&texts), [], "{folder:?}");
    }
}
