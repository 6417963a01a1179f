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
fn nothing_else_is_denied_in_any_month() {
    let folder = Folder::empty();
    for at in ["2026-11-01T00:00:00Z", "2026-11-30T12:00:00Z", "2027-01-15T00:00:00Z", "2027-02-10T00:00:00Z"]
    {
        let said = folder.run(&["check", &example(), "--at", at, "-o", "json"]);
        said.is(1, &[]);
        let report = said.json();
        let told: Vec<_> = report["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .filter(|finding| finding["effect"] != "info" || !finding["exception"].is_null())
            .map(|finding| (finding["effect"].as_str(), finding["rule"].as_str()))
            .collect();
        let wanted = [(Some("info"), Some("gpu-job-deadline")), (Some("deny"), Some("cost-centre-format"))];
        assert_eq!(told, wanted, "{at}: {said:#?}");
        assert_eq!(report["judges"]["cost"], "judged");
    }
}

#[test]
fn what_it_costs_has_a_price_and_a_budget() {
    let folder = Folder::empty();
    let costs = folder.run(&["cost", &example(), "-o", "json"]).json();
    assert_eq!(costs["currency"], "EUR");
    let objects = costs["objects"].as_array().expect("objects");
    assert!(objects.len() >= 10, "{costs}");
    for object in objects {
        assert_eq!(object["unpriced"].as_array().map(Vec::len), Some(0), "{object}");
        let is_bounded = object["unbounded"].as_array().is_some_and(Vec::is_empty);
        assert!(is_bounded || object["capped_month"].is_string(), "{object}");
    }
    let budgets = folder.run(&["budget", "ls", &example(), "-o", "json"]).json();
    let names: Vec<_> =
        budgets.as_array().expect("budgets").iter().filter_map(|row| row["name"].as_str()).collect();
    assert_eq!(names, ["apexlogic", "batch", "models", "shop"]);
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
