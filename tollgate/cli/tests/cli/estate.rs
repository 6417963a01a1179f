//! The example estate, as a newcomer meets it.

use crate::support::{Folder, repository};

fn example() -> String {
    repository().join("examples/estate").display().to_string()
}

#[test]
fn the_example_estate_is_denied_for_its_one_mistake() {
    let folder = Folder::empty();
    let said = folder.run(&["check", &example(), "-o", "json"]);
    said.is(1, &[]);
    let report = said.json();
    let denied: Vec<_> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter(|finding| finding["effect"] == "deny")
        .collect();
    assert_eq!(denied.len(), 1, "{said:#?}");
    assert_eq!(denied[0]["rule"], "cost-centre-format");
    let file = denied[0]["file"].as_str().expect("a file");
    assert!(file.ends_with("services/catalog/deployment.yaml"), "{file}");
    assert_eq!((&denied[0]["line"], &denied[0]["column"]), (&7.into(), &39.into()));

    let text = folder.run(&["check", &example()]);
    assert!(text.out.contains("services/catalog/deployment.yaml:7:39"), "{text:#?}");
    assert!(text.out.contains("CC-12") && text.out.contains("^^^^^"), "{text:#?}");
}

#[test]
fn the_example_estates_tests_pass() {
    let folder = Folder::empty();
    let said = folder.run(&["test", &example()]);
    said.is(0, &[]);
    assert!(said.out.contains(", 0 failed"), "{said:#?}");
}

#[test]
fn its_rules_explain_themselves() {
    let folder = Folder::empty();
    let said = folder.run(&["explain", "cost-centre-format", "--estate", &example()]);
    said.is(0, &[]);
    for word in ["CC-0000", "policy/finops.rego:", "high", "CREATE, UPDATE", "deny contains finding if {"] {
        assert!(said.out.contains(word), "{word}: {said:#?}");
    }
    folder.run(&["explain", "no-such-rule", "--estate", &example()]).is(2, &["cost-centre-format"]);
}
