//! Terraform plans.

use std::fs;

use serde_json::Value;

use super::{deployment, estate};
use crate::support::{Folder, repository};

/// A file of `corpus/cost/terraform`.
fn file(name: &str) -> String {
    repository().join("corpus/cost/terraform").join(name).display().to_string()
}

fn run(arguments: &[&str]) -> crate::support::Said {
    let prices = file("prices.csv");
    Folder::empty()
        .run(&[&["cost", "--prices", &prices, "--at", "2026-06-01T00:00:00Z"][..], arguments].concat())
}

#[test]
fn every_plan_of_the_corpus_comes_to_its_figures() {
    let folder = repository().join("corpus/cost/terraform");
    let mut run_of = 0;
    for entry in fs::read_dir(folder).expect("the corpus") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        let Some(plan) = name.strip_suffix(".expected.json") else { continue };
        let said = run(&["-o", "json", &file(&format!("{plan}.json"))]);
        said.is(0, &[]);
        let text = fs::read_to_string(file(&name)).expect("what is expected");
        let (found, wanted): (Value, Value) = (said.json(), serde_json::from_str(&text).expect("JSON"));
        for key in ["before", "after", "delta"] {
            assert_eq!(found[key], wanted[key], "{name}: {key}");
        }
        let rows = |document: &Value| -> Vec<Value> {
            let keys = ["address", "type", "before", "after", "delta", "unknown", "unpriced", "unbounded"];
            let row = |row: &Value| keys.iter().map(|key| row[*key].clone()).collect::<Value>();
            document["resources"].as_array().expect("resources").iter().map(row).collect()
        };
        assert_eq!(rows(&found), rows(&wanted), "{name}");
        run_of += 1;
    }
    assert!(run_of >= 12, "only {run_of} plans");
}

#[test]
fn the_table_says_what_changes_and_what_is_in_no_figure() {
    let said = run(&[&file("actions.json")]);
    said.is(0, &[]);
    for word in [
        "resource                                      before   after  change  in no figure\n",
        "aws_instance.up                                74.38  147.97  +73.58\n",
        "aws_instance.unknown                           74.38    0.80   +0.00  unknown `instance_type`\n",
        "no price is known for `helm_release`\n",
        "more cost what they cost before\n",
        "759.83 USD a month expected, 791.00 at worst, 754.79 before: +152.21; parts of ",
    ] {
        assert!(said.out.contains(word), "{word}: {}", said.out);
    }
    assert!(!said.out.contains("aws_instance.same"), "{}", said.out);
    assert_eq!(run(&["-q", &file("actions.json")]).out.lines().count(), 1);
    let markdown = run(&["-o", "markdown", &file("actions.json")]).out;
    assert!(markdown.starts_with("<!-- tollgate-cost -->\n### +152.21 USD a month\n"), "{markdown}");
    let deferred = run(&[&file("deferred.json")]);
    for word in ["put off by Terraform, in no figure", "the plan is not complete: applying it will plan more"]
    {
        assert!(deferred.out.contains(word), "{word}: {}", deferred.out);
    }
}

#[test]
fn explain_shows_each_figure_with_its_row() {
    let prices = file("prices.csv");
    let explain = |address: &str| {
        let plan = file("actions.json");
        Folder::empty().run(&["cost", "explain", "--prices", &prices, address, &plan])
    };
    let said = explain("aws_instance.up");
    said.is(0, &[]);
    for word in [
        "147.97 USD a month expected, 74.38 before: +73.58",
        "after: instance_type: ",
        "prices.csv:3) = 147.168 USD",
    ] {
        assert!(said.out.contains(word), "{word}: {}", said.out);
    }
    explain("aws_instance.none").is(2, &["no plan holds a resource `aws_instance.none`"]);
}

#[test]
fn a_plan_may_come_on_standard_input_and_stays_alone() {
    let bytes = fs::read(file("deferred.json")).expect("a plan");
    let prices = file("prices.csv");
    let folder = Folder::empty();
    let said = folder.run_with(&["cost", "--prices", &prices, "-"], &bytes);
    assert!(said.code == 0 && said.out.contains("aws_eip.a"), "{said:#?}");
    folder.file("cut.json", &bytes[..bytes.len() / 2]);
    folder.run(&["cost", "--prices", &prices, "cut.json"]).is(2, &["error: cut.json:"]);
    let estate = estate();
    estate.file("api.yaml", deployment("api", 1));
    estate.file("plan.json", &bytes);
    estate.run(&["cost", "plan.json", "api.yaml"]).is(2, &["a Terraform plan is estimated alone"]);
    estate.run(&["cost", "plan.json", "--base", "HEAD"]).is(2, &["holds its own base"]);
    estate.run(&["cost", "plan.json", "plan.json", "-o", "json"]).is(2, &["name one plan with `-o`"]);
    let two = estate.run(&["cost", "plan.json", "plan.json"]);
    assert_eq!((two.code, two.out.matches("plan.json:\n").count()), (0, 2), "{two:#?}");
}
