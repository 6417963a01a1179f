//! What is too deep is refused, on a small stack and without optimisation; what is merely large is read.

use std::thread;

use tollgate_rego_syntax::tree::Dialect;
use tollgate_rego_syntax::{MAX_DEPTH, parse, parse_query, parse_term};

/// Runs on a stack of 2 MiB, which is what a thread has unless somebody asks for more.
fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    thread::Builder::new().stack_size(2 << 20).spawn(test).unwrap().join().unwrap();
}

fn around(open: &str, inner: &str, close: &str, depth: usize) -> String {
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

const NESTS: [(&str, &str, &str); 14] = [
    ("[", "1", "]"),
    ("{", "1", "}"),
    ("(", "1", ")"),
    ("{\"a\": ", "1", "}"),
    ("{", "1", ": 1}"),
    ("f(", "1", ")"),
    ("a[", "1", "]"),
    ("[1 | x := ", "1", "]"),
    ("{1 | x := ", "1", "}"),
    ("{1: 1 | x := ", "1", "}"),
    ("[1 | 2, ", "1", "]"),
    ("$\"{", "1", "}\""),
    ("1 + [", "1", "]"),
    ("[1 | every x in [] { y := ", "1", "}]"),
];

#[test]
fn what_nests_too_deep_is_an_error_and_no_overflow() {
    on_a_small_stack(|| {
        for (open, inner, close) in NESTS {
            for depth in [600, 10_000] {
                let errors = parse_term(&around(open, inner, close, depth), None).unwrap_err();
                assert_eq!(errors[0].message, format!("nested more than {MAX_DEPTH} deep"), "{open}");
            }
        }
    });
}

#[test]
fn unclosed_brackets_are_an_error_and_no_overflow() {
    on_a_small_stack(|| {
        for (open, ..) in NESTS {
            parse_term(&open.repeat(20_000), None).unwrap_err();
            parse_query(&open.repeat(20_000), None).unwrap_err();
            parse(&format!("package a\np if {}", open.repeat(20_000)), None).unwrap_err();
        }
    });
}

#[test]
fn what_nests_as_deep_as_allowed_is_read_compared_and_dropped() {
    on_a_small_stack(|| {
        for (open, inner, close) in NESTS {
            let deepest = (1..=MAX_DEPTH as usize)
                .rev()
                .find_map(|depth| parse_term(&around(open, inner, close, depth), None).ok())
                .unwrap();
            assert!(deepest == deepest.clone(), "{open}");
        }
    });
}

#[test]
fn a_chain_of_operators_counts_as_depth() {
    on_a_small_stack(|| {
        for operator in [" + 1", " | 1", " == 1", " in 1", " * 1", ".a(1)"] {
            let chain = |length: usize| format!("x{}", operator.repeat(length));
            parse_term(&chain(200), None).unwrap_or_else(|errors| panic!("{operator}: {errors:?}"));
            let errors = parse_term(&chain(20_000), None).unwrap_err();
            assert_eq!(errors[0].message, format!("nested more than {MAX_DEPTH} deep"), "{operator}");
        }
    });
}

#[test]
fn lists_steps_conditions_and_elses_may_be_as_long_as_they_like() {
    on_a_small_stack(|| {
        let long = 20_000;
        parse_term(&format!("[{}]", "1, ".repeat(long)), None).unwrap();
        parse_term(&format!("a{}", ".b".repeat(long)), None).unwrap();
        parse_query(&"x == 1\n".repeat(long), None).unwrap();
        let text = format!("package a\np := 1 if x{}", " else := 2 if y".repeat(long));
        parse(&text, Some(Dialect::V1)).unwrap();
    });
}

/// Were each level tried twice, this would take 2^100 steps.
#[test]
fn brackets_that_look_like_comprehensions_are_not_tried_again_and_again() {
    for open in ["[1 | ", "{1 | ", "{1: 1 | "] {
        let close = match open {
            "[1 | " => ", 2]",
            "{1 | " => ", 2}",
            _ => ", 2: 2}",
        };
        parse_term(&around(open, "3", close, 100), None).unwrap();
        parse_term(&around(open, "3", close, 100)[1..], None).unwrap_err();
    }
    let bodies = around("x := {1 | ", "true", "; y, z}", 100);
    parse(&format!("package a\np if {{ {bodies} }}"), None).unwrap_err();
}

#[test]
fn a_policy_of_ten_megabytes_is_read() {
    let rules: String = (0..100_000)
        .map(|at| format!("deny contains msg if {{\n\tinput.kind[_] == \"K{at}\"\n\tmsg := sprintf(\"%v is {at}\", [input.name])\n}}\n\n"))
        .collect();
    let text = format!("package large\n\n{rules}");
    assert!(text.len() > 9_000_000, "{}", text.len());
    assert_eq!(parse(&text, None).unwrap().rules.len(), 100_000);
}

#[test]
fn a_large_policy_full_of_errors_is_read_to_a_limit() {
    let text = format!("package large\n{}", "p if {\n\tx := )\n}\n".repeat(100_000));
    assert_eq!(parse(&text, None).unwrap_err().len(), 100);
}
