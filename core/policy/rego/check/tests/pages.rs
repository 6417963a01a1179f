//! The examples of the pages: the first of each page is found by its check, what is to be written instead is not.

use std::path::PathBuf;

use tollgate_rego_check::{CODES, Files, check};
use tollgate_vocabulary::{Map, Value};

/// What only the compiler finds: it looks at the order of conditions and at patterns.
const COMPILED: [&str; 2] = ["regex", "unsafe-variable"];

#[expect(clippy::disallowed_methods, reason = "tests read the pages")]
fn page(code: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../docs/reference/checks");
    std::fs::read_to_string(PathBuf::from(folder).join(format!("{code}.md"))).unwrap()
}

fn examples(code: &str) -> (String, String) {
    let page = page(code);
    let mut blocks = page.split("```rego\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned());
    (blocks.next().unwrap(), blocks.next().unwrap())
}

fn codes(rules: &str) -> Vec<&'static str> {
    let text = format!("package example\n\n{rules}");
    let Ok(module) = tollgate_rego_syntax::parse(&text, None) else { return vec!["rego-syntax"] };
    let modules = [module];
    let data = ["registries", "settings"].map(|name| (name.into(), Value::Object(Map::default())));
    let data = Value::Object(Map::from_entries(data.into()).unwrap());
    let (program, found) = tollgate_rego_resolve::resolve(&modules);
    check(&Files { texts: &[&text], modules: &modules, data: Some(&data) }, &program, found)
        .problems
        .iter()
        .map(|problem| problem.code)
        .collect()
}

#[test]
fn each_example_is_what_its_page_is_about() {
    for code in CODES.iter().filter(|code| !COMPILED.contains(&code.word)) {
        let (wrong, right) = examples(code.word);
        assert!(codes(&wrong).contains(&code.word), "{}: {:?}", code.word, codes(&wrong));
        assert!(
            codes(&right).is_empty(),
            "{}: {:?} in what is to be written instead",
            code.word,
            codes(&right)
        );
    }
}
