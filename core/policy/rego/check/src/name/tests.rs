//! Names that nothing uses, and those that hide something.

use crate::gate::tests::found;

fn lines(text: &str) -> Vec<String> {
    found(&[&format!("package p\n{text}\n")])
}

#[test]
fn an_import_that_nothing_names_is_found() {
    assert_eq!(
        lines("import data.a.b\nimport data.c as d\nimport input.e\nr if { b.x; e }"),
        ["3 warning unused-import: nothing in this file uses the import `d` (take it out)"]
    );
    assert_eq!(
        lines("import rego.v1\nimport data.lib\nr if lib.f(input.x)\n")
            .iter()
            .filter(|line| line.contains("unused"))
            .count(),
        0
    );
    assert_eq!(lines("import data.lib\nr if input.x with lib as 1"), Vec::<String>::new());
}

#[test]
fn a_local_that_nothing_reads_is_found() {
    assert_eq!(
        lines("r if { x := input.a; input.b }"),
        ["2 warning unused-variable: nothing reads `x` (take it out, or call it `_` or `_x`)"]
    );
    assert_eq!(lines("r if { some k, v in input.a; v > 1 }").len(), 1);
    assert_eq!(lines("r if { some x; input.b }").len(), 1);
    assert_eq!(lines("r if { [a, b] := input.c; a > 1 }").len(), 1);
    for used in [
        "r contains x if x := input.a",
        "r if { some i; input.a[i] == 1 }",
        "r if { some _, v in input.a; v > 1 }",
        "r if { _x := input.a; input.b }",
        "f(x) := 1",
        "r if { x := input.a; count([y | y := x[_]]) > 1 }",
        "r if { x := input.a; input.b with input.c as x }",
        "r[x] := y if { x := input.a; y := input.b }",
        "r := x if { x := input.a } else := y if { y := input.b }",
    ] {
        assert_eq!(lines(used), Vec::<String>::new(), "{used}");
    }
}

#[test]
fn a_local_whose_method_is_called_is_read() {
    let found = lines("r if { labels := input.labels; labels.hasOwnProperty(\"x\") }");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("undefined-function"));
}

#[test]
fn what_hides_a_builtin_is_found() {
    assert_eq!(
        lines("count(x) := 1 if x\nr if count(input.a) == 1"),
        [
            "2 shadowed-builtin: the function `count` hides the builtin function of that name in its whole package (give it another name)"
        ]
    );
    assert_eq!(
        lines("r if { sum := input.a; sum > 1 }"),
        [
            "2 shadowed-builtin: the local `sum` hides the builtin function of that name (give it another name)"
        ]
    );
    assert_eq!(lines("f(max) := max + 1").len(), 1);
    assert_eq!(
        lines("minus := 1\nr if { and := input.x; and }"),
        Vec::<String>::new(),
        "nobody calls them by name"
    );
}

#[test]
fn what_hides_a_rule_or_an_import_is_a_warning() {
    assert_eq!(
        lines("name := \"x\"\nr if { name := input.a; name == \"y\" }"),
        [
            "3 warning shadowed-rule: the local `name` hides the rule of that name (give one of them another name)"
        ]
    );
    assert_eq!(lines("import data.lib\nr if { lib := input.a; lib == 1 }").len(), 1);
}
