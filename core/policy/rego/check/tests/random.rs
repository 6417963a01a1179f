//! Whatever parses can be checked and mended.

use proptest::prelude::*;
use tollgate_rego_check::{Files, applied, check, fixes, modernized};
use tollgate_rego_syntax::parse;
use tollgate_rego_syntax::tree::Dialect;

fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[0-9]{1,3}",
        Just("\"Deployment\"".to_owned()),
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("x".to_owned()),
        Just("y".to_owned()),
        Just("_".to_owned()),
        Just("helper".to_owned()),
        Just("input.request.kind.kind".to_owned()),
        Just("input.request.object.spec.template.spec.containers".to_owned()),
        Just("data.p.helper".to_owned()),
        Just("input.metadata.labels.hasOwnProperty(\"a\")".to_owned()),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("[{a}, {b}]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{{\"k\": {a}, \"l\": {b}}}")),
            inner.clone().prop_map(|a| format!("{{{a}}}")),
            inner.clone().prop_map(|a| format!("count({a})")),
            inner.clone().prop_map(|a| format!("f({a})")),
            inner.clone().prop_map(|a| format!("object.get({a}, \"spec\", {{}})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("[x | x := {a}; {b}]")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("{a} + {b}")),
        ]
    })
}

fn condition() -> impl Strategy<Value = String> {
    (value(), value(), 0..9).prop_map(|(a, b, which)| match which {
        0 => format!("x := {a}"),
        1 => format!("{a} == {b}"),
        2 => format!("{a} = {b}"),
        3 => format!("not {a}"),
        4 => format!("some y in {a}"),
        5 => format!("{a} in {b}"),
        6 => format!("{a} < {b}"),
        7 => format!("{a} with input as {b}"),
        _ => format!("every x in {a} {{ {b} }}"),
    })
}

fn file() -> impl Strategy<Value = String> {
    let body = prop::collection::vec(condition(), 1..5).prop_map(|conditions| conditions.join("\n\t"));
    let rule = (body, value(), 0..4).prop_map(|(body, value, which)| match which {
        0 => format!("deny contains {value} if {{\n\t{body}\n}}\n"),
        1 => format!("helper := {value} if {{\n\t{body}\n}}\n"),
        2 => format!("f(x) := {value} if {{\n\t{body}\n}} else := 1\n"),
        _ => format!(
            "# tollgate:allow duplicate-condition why\nwarn contains \"m\" if {{\n\t{body}\n\t{body}\n}}\n"
        ),
    });
    prop::collection::vec(rule, 1..4)
        .prop_map(|rules| format!("package p\n\nimport data.unused\n\n{}", rules.join("\n")))
}

proptest! {
    #[test]
    fn what_parses_is_checked_and_what_is_mended_parses(text in file()) {
        let Ok(module) = parse(&text, None) else { return Ok(()) };
        let modules = [module];
        let (program, found) = tollgate_rego_resolve::resolve(&modules);
        let problems = check(&Files { texts: &[&text], modules: &modules, data: None }, &program, found).problems;
        prop_assert!(problems.is_sorted());
        for problem in &problems {
            prop_assert!(text.get(problem.span.start as usize..problem.span.end as usize).is_some(), "{problem:?}");
        }
        let mended = applied(&text, &fixes(&text, &modules[0], &problems));
        let again = parse(&mended, None);
        prop_assert!(again.is_ok(), "{mended}\n{again:?}");
    }

    #[test]
    fn v0_made_v1_parses_as_v1(bodies in prop::collection::vec(value(), 1..4), heads in prop::collection::vec(0..5, 1..4)) {
        let rules = bodies.iter().zip(&heads).map(|(value, head)| match head {
            0 => format!("deny[{value}] {{ x := {value} }}\n"),
            1 => format!("r = {value} {{ y := 1 }} else = 2 {{ y := 3 }}\n"),
            2 => format!("f(x) {{ {value} }} {{ x == 1 }}\n"),
            3 => format!("default d = 1\ns[x] {{ x := {value} }} {{ x := 2 }}\n"),
            _ => format!("o[\"k\"] = {value} {{ true }}\n"),
        });
        let text = format!("package p\n\n{}", rules.collect::<Vec<_>>().join("\n"));
        let Ok(module) = parse(&text, Some(Dialect::V0)) else { return Ok(()) };
        let modern = applied(&text, &modernized(&text, &module));
        let again = parse(&modern, Some(Dialect::V1));
        prop_assert!(again.is_ok(), "{modern}\n{again:?}");
    }
}
