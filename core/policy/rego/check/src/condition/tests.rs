//! Conditions that say nothing, or too much.

use crate::gate::tests::found;

/// What is wrong with a rule of these conditions, by line and code.
fn body(conditions: &[&str]) -> Vec<String> {
    let text = format!("package p\nr if {{\n{}\n}}\nh if input.h\n", conditions.join("\n"));
    codes(&found(&[&text]))
}

fn codes(found: &[String]) -> Vec<String> {
    found.iter().map(|line| line.split(": ").next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_condition_written_twice_is_found() {
    for double in [
        "input.a == 1",
        "input.a[_].b > 2",
        "not input.a",
        "h",
        "count(input.a) > 1",
        "input.a with input.b as 1",
        "1 in input.a",
    ] {
        assert_eq!(body(&[double, "input.z", double]), ["5 duplicate-condition"], "{double}");
    }
    assert_eq!(body(&["input.a == 1", "1 == input.a"]), ["4 duplicate-condition"]);
    assert_eq!(body(&["input.a < 1", "1 > input.a"]), ["4 duplicate-condition"]);
    assert_eq!(body(&["count({x | x := input.a[_]; x > 1; x > 1}) == 2"]), ["3 duplicate-condition"]);
}

#[test]
fn what_only_looks_alike_is_no_double() {
    for pair in [
        ["input.a == 1", "input.b == 1"],
        ["input.a < 1", "input.a <= 1"],
        ["x := input.a[_]; x > 0", "y := input.a[_]; y > 0"],
        ["print(1)", "print(1)"],
        ["input.a with input.b as 1", "input.a with input.b as 2"],
        ["some x in input.a; x > 1", "some y in input.a; y > 1"],
        ["every x in input.a { x > 1 }", "every x in input.b { x > 1 }"],
    ] {
        let found = body(&pair);
        assert!(!found.iter().any(|line| line.contains("duplicate")), "{pair:?}: {found:?}");
    }
}

#[test]
fn conditions_that_exclude_one_another_are_found() {
    for pair in [
        ["input.a == \"x\"", "input.a == \"y\""],
        ["input.a == \"x\"", "\"y\" == input.a"],
        ["input.a = 1", "input.a = 2"],
        ["input.a > 3", "input.a < 2"],
        ["input.a == 1", "input.a != 1"],
        ["input.a in {\"x\", \"y\"}", "input.a == \"z\""],
        ["h", "not h"],
        ["input.a == 1", "not input.a == 1"],
        ["input.a[_] == 1", "not input.a[_] == 1"],
        ["x := input.a; x == 1", "input.a == 2"],
        ["x := input.a[_]; x.b == 1", "x.b == 2"],
        ["some i; input.a[i] == 1", "input.a[i] == 2"],
        ["some x in [\"a\", \"b\"]; x == input.c", "x == \"c\""],
    ] {
        let found = body(&pair);
        assert_eq!(found, ["4 contradiction"], "{pair:?}");
    }
}

#[test]
fn conditions_that_may_both_hold_are_left_alone() {
    for pair in [
        ["input.a == \"x\"", "input.b == \"y\""],
        ["input.a[_] == 1", "input.a[_] == 2"],
        ["input.a[i] == 1; input.b[j]; j != i", "input.a[j] == 2; i != j"],
        ["input.a > 2", "input.a < 3"],
        ["input.a", "not input.b"],
        ["input.a == 1 with input.a as 1", "input.a == 2"],
        ["x := input.a[_]; x == 1", "y := input.a[_]; y == 2"],
        ["input.a != 1", "input.a != 2"],
    ] {
        let found = body(&pair);
        let wrong = found.iter().any(|line| line.contains("contradiction"));
        assert!(!wrong, "{pair:?}: {found:?}");
    }
}

#[test]
fn what_never_holds_is_found() {
    for never in
        ["false", "1 > 2", "\"a\" == \"b\"", "not true", "count(input.a) < 0", "x := 1; x == 2", "null == 1"]
    {
        let found = body(&["input.z", never]);
        let is_found = found.iter().any(|line| line == "4 never-matches" || line == "4 type-mismatch");
        assert!(is_found, "{never}: {found:?}");
    }
    for not_never in ["input.a == 1", "count(input.a) == 0", "x := input.a; x == 2"] {
        assert_eq!(body(&["input.z", not_never]), Vec::<String>::new(), "{not_never}");
    }
}

#[test]
fn what_always_holds_is_a_warning() {
    for always in
        ["true", "1 < 2", "\"a\" != \"b\"", "not false", "count(input.a) > -1", "[x | x := input.a]"]
    {
        assert_eq!(body(&["input.z", always]), ["4 warning constant-condition"], "{always}");
    }
    assert_eq!(codes(&found(&["package p\nr if true\n"])), Vec::<String>::new(), "nothing else is said");
    assert_eq!(
        body(&["input.z", "count(input.a) >= 0"]),
        Vec::<String>::new(),
        "it asks whether there is one"
    );
}

#[test]
fn a_rule_that_asks_nothing_is_found() {
    let always = |rule: &str| codes(&found(&[&format!("package p\n{rule}\n")]));
    assert_eq!(always("deny contains \"x\""), ["2 always-matches"]);
    assert_eq!(always("deny contains \"x\" if h\nh if 2 > 1"), ["2 always-matches"]);
    assert_eq!(always("deny_all contains m if m := \"x\""), ["2 always-matches"]);
    assert_eq!(always("deny contains \"x\" if input.a"), Vec::<String>::new());
    assert_eq!(always("deny contains \"x\" if h\nh if not input.a"), Vec::<String>::new());
    assert_eq!(always("deny contains \"x\" if data.freeze"), Vec::<String>::new());
    assert_eq!(always("allowed contains \"x\""), Vec::<String>::new(), "nobody asks it");
}

#[test]
fn tests_may_say_what_does_not_hold() {
    assert_eq!(
        codes(&found(&["package p\ntest_it if { 1 > 2 }\ntodo_test_it if false\n"])),
        Vec::<String>::new()
    );
}

#[test]
fn chains_of_locals_end() {
    let chain: Vec<String> = (1..3_000).map(|at| format!("x{at} := x{}.a", at - 1)).collect();
    let text = format!("package p\nr if {{\nx0 := input\n{}\nx2999 == 1\nx2999 == 2\n}}\n", chain.join("\n"));
    assert_eq!(codes(&found(&[&text])), ["3004 contradiction"]);
    let doubling: Vec<String> =
        (1..60).map(|at| format!("y{at} := input[y{}][y{}]", at - 1, at - 1)).collect();
    let text =
        format!("package p\nr if {{\ny0 := input.x\n{}\ny59 == 1\ny59 == 2\n}}\n", doubling.join("\n"));
    found(&[&text]);
}
