//! What generated policies showed beside OPA: each a difference once.

use tollgate_manifest::{Limits, canonical, json};
use tollgate_rego::{Dialect, File, Settings, compile};

/// What `data.p = x` gives for `input`, or the codes of what is wrong.
fn asked(rules: &str, input: &str) -> Result<String, Vec<&'static str>> {
    let file = File {
        path: "p.rego".into(),
        text: format!("package p\n{rules}\n").into(),
        dialect: Some(Dialect::V1),
    };
    let data = json::read(b"{}", &Limits::default()).unwrap();
    let program = compile(&[file], data, &["data.p = x"])
        .map_err(|problems| problems.iter().map(|problem| problem.code).collect::<Vec<_>>())?;
    let input = json::read(input.as_bytes(), &Limits::default()).unwrap();
    let rows = program.run(0, Some(&input), &Settings::default()).unwrap();
    Ok(rows.first().map(|row| canonical::text(&row["x"])).unwrap_or_default())
}

#[test]
fn a_rule_with_a_fixed_name_is_an_entry_of_the_keyed_document_beside_it() {
    let rules = "r[x] contains 1 if some x in input.names\nr[\"dev\"] contains 2 if input.on";
    assert_eq!(asked(rules, "{\"names\": [\"dev\"], \"on\": true}").unwrap(), "{\"r\":{\"dev\":[1,2]}}");
    assert_eq!(asked(rules, "{\"names\": [], \"on\": false}").unwrap(), "{\"r\":{}}");
    // Where no rule has a key, it is a document of its own.
    assert_eq!(asked("r[\"dev\"] contains 2 if input.on", "{}").unwrap(), "{\"r\":{\"dev\":[]}}");
}

#[test]
fn operands_of_a_negation_bind_nothing() {
    let unsafe_variable = Err(vec!["unsafe-variable"]);
    assert_eq!(asked("f(_) := 1\nr if not f(input.xs[_])", "{}"), unsafe_variable);
    assert_eq!(asked("r if not input.xs[_] in [1]", "{}"), unsafe_variable);
    assert_eq!(asked("f(_) := 1\nr if { not f(input.xs[i]); i = 0 }", "{}").unwrap(), "{}");
    // A call within is a condition of its own, before.
    let rules = "r if not count(input.xs[_]) == 1";
    assert_eq!(asked(rules, "{\"xs\": [\"a\", \"bb\"]}").unwrap(), "{\"r\":true}");
    assert_eq!(asked(rules, "{\"xs\": [\"a\"]}").unwrap(), "{}");
}

#[test]
fn closures_below_with_are_checked_for_safety() {
    let wrong = asked("r if count([x | true]) == 1 with input as 1", "{}");
    assert_eq!(wrong, Err(vec!["unsafe-variable"]));
}

#[test]
fn a_pattern_equated_with_what_it_can_never_be_binds_nothing() {
    for body in ["[x] := 1", "[x] := []", "{\"a\": x} := {\"b\": 1, \"c\": 2}"] {
        assert_eq!(asked(&format!("r := x if {{ {body} }}"), "{}"), Err(vec!["unsafe-variable"]), "{body}");
    }
}

#[test]
fn what_some_and_every_declare_must_be_read() {
    for body in ["some x", "every x in [1] { true }", "every k, v in {1: 2} { v > 1 }"] {
        assert_eq!(asked(&format!("r if {{ {body} }}"), "{}"), Err(vec!["unused-declaration"]), "{body}");
    }
    for body in ["some x in [1]", "some x; input[x]", "every _, v in {1: 2} { v > 1 }"] {
        assert!(asked(&format!("r if {{ {body} }}"), "{}").is_ok(), "{body}");
    }
}

#[test]
fn no_rule_is_called_input_or_data() {
    assert_eq!(asked("input := 1", "{}"), Err(vec!["shadowed-root"]));
    assert_eq!(asked("data contains 1", "{}"), Err(vec!["shadowed-root"]));
}
