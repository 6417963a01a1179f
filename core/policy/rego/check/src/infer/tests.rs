//! What goes together and what does not. Each line was given to `opa check` of OPA 1.22.2, which says the same.

use super::*;
use tollgate_rego_syntax::tree::Module;

fn wrong(rules: &str) -> Vec<String> {
    let text = format!("package p\n{rules}\n");
    let module: Module =
        tollgate_rego_syntax::parse(&text, None).unwrap_or_else(|errors| panic!("{errors:?}\n{rules}"));
    let modules = [module];
    let (program, found) = tollgate_rego_resolve::resolve(&modules);
    assert_eq!(found, [], "{rules}");
    let graph = Graph::of(&program);
    problems(&graph, &Given::new(), "type-mismatch").into_iter().map(|problem| problem.message).collect()
}

#[test]
fn what_opa_accepts_is_accepted() {
    for rules in [
        "x := 1 == \"a\"",
        "x if 1 != \"a\"",
        "x if 1 < \"a\"",
        "x if input.a == 1\ny if input.a == \"b\"",
        "x := input.a + 1",
        "x if { some a in [1, \"b\"]; a == \"b\" }",
        "x if { some k, v in {\"a\": 1}; k == \"a\"; v == 1 }",
        "f(a) := a + 1\nx := f(input.b)",
        "f(a) := 1 if a == 1\nf(a) := 2 if a == \"x\"\nx := f(\"x\")\ny := f(1)",
        "a contains 1\nx if a[1]\ny if a[_] == 1",
        "o := {\"a\": 1}\nx if o[input.k] == 1",
        "o[k] := 1 if some k in [\"a\"]\nx if o.b == 1",
        "x if { [a, b] = [1, \"x\"]; a == 1; b == \"x\" }",
        "x if { a := [1, 2][_]; a == 1 }",
        "s := {y | some y in input.ys}\nx if s == set()",
        "s := {1 | true}\nx if s == set()",
        "x := input.a[input.b].c[0]",
        "x if data.other.thing == 1\ny if data.other.thing == \"a\"",
        "v := 1\nx if v == \"a\" with data.p.v as \"a\"",
        "x if {\"a\": 1} == {\"a\": input.x}",
        "x := {} == {\"a\": 1}",
        "default x := \"none\"\nx := 1 if input.a\ny if x == 1\nz if x == \"none\"",
        "p.q.r := 1\nx if data.p.p.q == {}",
        "x if 1 in input.xs",
        "x if { every a in [1, 2] { a > 0 } }",
        "x if { every a in [1, 2] { a == \"b\"; a == 1 } }",
    ] {
        assert_eq!(wrong(rules), Vec::<String>::new(), "{rules}");
    }
}

#[test]
fn what_opa_rejects_is_rejected() {
    for rules in [
        "x if 1 == \"a\"",
        "x if 1 = \"a\"",
        "x if { a := 1; a == \"a\" }",
        "x if [1] == [1, 2]",
        "x if [1] == {1}",
        "x if {\"a\": 1} == {\"b\": 1}",
        "x if not 1 == \"a\"",
        "x := 1 + \"a\"",
        "x := {1} + 2",
        "f(a) := a + 1\nx := f(\"a\")",
        "v := 1\nx if v == \"a\"",
        "v := 1\nx if v.foo",
        "o := {\"a\": 1}\nx if o.b",
        "a contains 1\nx if a.foo",
        "a contains \"m\"\nx if a == \"m\"",
        "x if { a := [1, 2][_]; a == \"x\" }",
        "x if { some a in [1, 2]; a == \"x\" }",
        "x if { some \"a\" in [1, 2] }",
        "x if \"a\" in [1, 2]",
        "x := {y | y := 1; y == \"a\"}",
        "x if { [a, b] = [1, \"x\"]; a == \"1\" }",
        "f(a) := [a]\nx if f(1) == \"a\"",
        "x if { a = b; b = 1; a == \"1\" with input as {} }",
        "x if { a = \"b\"; a = 1 + 1 }",
        "x if false else := 2 if { 1 == \"2\" }",
    ] {
        assert_eq!(wrong(rules).len(), 1, "{rules}: {:?}", wrong(rules));
    }
}

#[test]
fn messages_say_what_is_what() {
    assert_eq!(wrong("x if 1 == \"a\""), ["a number is compared with a string: they can never be equal"]);
    assert_eq!(wrong("o := {\"size\": 1}\nx if o.sise"), ["an object has no field `sise` here"]);
    assert_eq!(
        wrong("x if [1] == [1, 2]"),
        ["an array of 1 items is compared with an array of 2 items: they can never be equal"]
    );
    assert_eq!(wrong("v := 1\nx if v.foo"), ["a number has nothing inside that could be stepped to"]);
}

#[test]
fn keys_are_numbers_however_they_are_written_and_of_doubles_the_last_counts() {
    for rules in [
        "x if {1.0: \"a\"}[1] == \"a\"",
        "x if {10e-1: \"a\"}[1] == \"a\"",
        "x if { {\"a\": y, \"a\": 1} = {\"a\": 1}; y = 2 }",
    ] {
        assert_eq!(wrong(rules), Vec::<String>::new(), "{rules}");
    }
    assert_eq!(wrong("x if {1.5: \"a\"}[1]").len(), 1);
}
