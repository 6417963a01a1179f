//! What is mended.

use super::*;
use crate::gate::{Files, check};
use tollgate_rego_syntax::parse;
use tollgate_rego_syntax::tree::Dialect;

fn mended(text: &str) -> String {
    let modules = [parse(text, None).unwrap_or_else(|errors| panic!("{errors:?}\n{text}"))];
    let (program, found) = tollgate_rego_resolve::resolve(&modules);
    let problems = check(&Files { texts: &[text], modules: &modules, data: None }, &program, found).problems;
    applied(text, &fixes(text, &modules[0], &problems))
}

fn condition(condition: &str) -> String {
    let text = format!("package p\nr if {{\n\t{condition}\n}}\n");
    let mended = mended(&text);
    mended
        .strip_prefix("package p\nr if {\n\t")
        .and_then(|rest| rest.strip_suffix("\n}\n"))
        .unwrap_or(&mended)
        .to_owned()
}

#[test]
fn methods_become_what_rego_has() {
    for (written, meant) in [
        ("input.a.labels.hasOwnProperty(\"x\")", "\"x\" in object.keys(object.get(input.a, \"labels\", {}))"),
        (
            "not input.labels.hasOwnProperty(\"x\")",
            "not \"x\" in object.keys(object.get(input, \"labels\", {}))",
        ),
        ("input.a[\"b/c\"].hasKey(input.k)", "input.k in object.keys(object.get(input.a, \"b/c\", {}))"),
        (
            "input.a.hasOwnProperty(\"x\") == false",
            "(\"x\" in object.keys(object.get(input, \"a\", {}))) == false",
        ),
        ("input.name.startsWith(\"x\")", "startswith(input.name, \"x\")"),
        ("input.list.length() > 2", "count(input.list) > 2"),
        ("input.name.toLowerCase() == \"x\"", "lower(input.name) == \"x\""),
        (
            "{x | x := input.xs[_]; x.y.hasOwnProperty(\"z\")}",
            "{x | x := input.xs[_]; \"z\" in object.keys(object.get(x, \"y\", {}))}",
        ),
    ] {
        assert_eq!(condition(written), meant);
    }
    assert_eq!(
        condition("l := input.l\n\tl.hasOwnProperty(\"x\")"),
        "l := input.l\n\t\"x\" in object.keys(l)"
    );
}

#[test]
fn other_calls_stay() {
    for same in ["object.get(input, \"has\", 1) == 1", "nothing.known(input.x)", "input.a.b(1, 2)"] {
        assert_eq!(condition(same), same);
    }
}

#[test]
fn a_double_goes_with_its_line_or_its_semicolon() {
    assert_eq!(condition("input.a == 1\n\tinput.a == 1\n\tinput.b"), "input.a == 1\n\tinput.b");
    assert_eq!(condition("input.a == 1; input.a == 1; input.b"), "input.a == 1; input.b");
    assert_eq!(condition("input.b; input.a == 1; input.a == 1"), "input.b; input.a == 1");
    assert_eq!(
        condition("input.a == 1\n\tinput.a == 1 # why\n\tinput.b"),
        "input.a == 1\n\t # why\n\tinput.b"
    );
    assert_eq!(mended("package p\nr if { input.a; input.a }\n"), "package p\nr if { input.a }\n");
}

#[test]
fn what_is_there_for_nothing_goes() {
    assert_eq!(
        mended("package p\n\nimport data.a\nimport data.b\n\nr if b.x\n"),
        "package p\n\nimport data.b\n\nr if b.x\n"
    );
    assert_eq!(
        mended("package p\n# tollgate:allow unused-variable was used once\nr if input.x\n"),
        "package p\nr if input.x\n"
    );
    assert_eq!(
        mended("package p\nr { re_match(`^a`, input.x) }\n"),
        "package p\nr { regex.match(`^a`, input.x) }\n"
    );
}

#[test]
fn membership_in_v0_is_imported_once() {
    let text = "package p\n\nr { input.a.hasOwnProperty(\"x\") }\ns { input.a.hasOwnProperty(\"y\") }\n";
    let mended_text = mended(text);
    assert_eq!(mended_text.matches("import future.keywords.in").count(), 1, "{mended_text}");
    let again =
        format!("package p\n\nimport future.keywords.in\n\n{}", text.strip_prefix("package p\n\n").unwrap());
    assert_eq!(mended(&again).matches("import future.keywords.in").count(), 1);
}

fn modern(text: &str) -> String {
    let module = parse(text, Some(Dialect::V0)).unwrap_or_else(|errors| panic!("{errors:?}\n{text}"));
    let modern = applied(text, &modernized(text, &module));
    assert!(parse(&modern, Some(Dialect::V1)).is_ok(), "{modern}");
    modern
}

#[test]
fn v0_becomes_v1() {
    assert_eq!(
        modern("package p\ndeny[msg] { msg := \"x\" }\n"),
        "package p\ndeny contains msg if { msg := \"x\" }\n"
    );
    assert_eq!(
        modern("package p\ndeny[{\"msg\": m}] {\n\tm := \"x\"\n}\n"),
        "package p\ndeny contains {\"msg\": m} if {\n\tm := \"x\"\n}\n"
    );
    assert_eq!(modern("package p\nf(x) = y { y := x }\n"), "package p\nf(x) = y if { y := x }\n");
    assert_eq!(
        modern("package p\nr[k] = v { v := input[k] }\n"),
        "package p\nr[k] = v if { v := input[k] }\n"
    );
    assert_eq!(
        modern("package p\nr { input.a } else = 2 { input.b }\n"),
        "package p\nr if { input.a } else = 2 if { input.b }\n"
    );
    assert_eq!(
        modern("package p\nr { input.a } { input.b }\n"),
        "package p\nr if { input.a }\n\nr if { input.b }\n"
    );
    assert_eq!(
        modern("package p\nd[x] { x := 1 } { x := 2 }\n"),
        "package p\nd contains x if { x := 1 }\n\nd contains x if { x := 2 }\n"
    );
    assert_eq!(
        modern("package p\ndefault allow = false\nlimit = 3\n"),
        "package p\ndefault allow = false\nlimit = 3\n"
    );
}

#[test]
fn v1_stays_as_it_is() {
    let text = "package p\ndeny contains msg if { msg := \"x\" }\n";
    assert_eq!(modernized(text, &parse(text, None).unwrap()), []);
}

#[test]
fn edits_do_not_overlap() {
    let edit = |start, end, text: &str| Edit { span: Span { start, end }, text: text.to_owned() };
    let edits = in_order(vec![edit(4, 6, "b"), edit(0, 5, "a"), edit(6, 6, "c"), edit(0, 5, "a")]);
    assert_eq!(edits, [edit(0, 5, "a"), edit(6, 6, "c")]);
    assert_eq!(applied("01234567", &edits), "a5c67");
}
