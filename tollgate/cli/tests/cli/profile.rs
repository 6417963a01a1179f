//! `tollgate policy profile`: what each rule costs.

use crate::support::{Folder, NAMESPACE_RULE, deployment};

#[test]
fn rules_are_counted_and_sorted_by_their_steps() {
    let estate = Folder::estate();
    estate.file("policy/namespaces.rego", NAMESPACE_RULE);
    estate.file(
        "policy/dear.rego",
        "package dear\n\ndeny contains n if {\n\tsome n in numbers.range(1, 1000)\n\tn > input.spec.replicas\n}\n",
    );
    estate.file("a.yaml", deployment("a", "{}"));
    estate.file("b.yaml", deployment("b", "{team: x}"));
    let profile = ["policy", "profile", "--rounds", "2", "a.yaml", "b.yaml", "-o", "json"];
    let json = estate.run(&profile).json();
    let rules = json["rules"].as_array().expect("a list");
    assert_eq!(rules[0]["rule"], "dear.deny", "{json}");
    let of = |id: &str| rules.iter().find(|rule| rule["rule"] == id).expect("it is there");
    let team = of("team-present");
    assert_eq!(
        (&team["asked"], &team["matched"], &team["erred"]),
        (&2.into(), &1.into(), &0.into()),
        "{json}"
    );
    assert!(team["steps"].as_u64() > Some(0) && team["least_ns"].as_u64() <= team["mean_ns"].as_u64());
    let again = estate.run(&profile).json();
    let steps = |json: &serde_json::Value| -> Vec<serde_json::Value> {
        json["rules"].as_array().expect("a list").iter().map(|rule| rule["steps"].clone()).collect()
    };
    assert_eq!(steps(&json), steps(&again));
    let text = estate.run(&["policy", "profile", "-p", "policy", "a.yaml"]).out;
    let first = text.lines().nth(1).unwrap_or_default();
    assert!(first.starts_with("dear.deny") && text.contains("of 10 rounds"), "{text}");
}

#[test]
fn without_manifests_nothing_is_profiled() {
    let estate = Folder::estate();
    estate.run(&["policy", "profile"]).is(2, &["PATH"]);
    estate.run(&["policy", "profile", "none.yaml"]).is(2, &["`none.yaml` does not exist"]);
    estate.run(&["policy", "profile", "--rounds", "0", "."]).is(2, &["0"]);
}
