//! What nests: in rules, in documents, while running.

use super::*;

fn around(open: &str, inner: &str, close: &str, depth: usize) -> String {
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

#[test]
fn ten_thousand_nested_arrays_are_refused() {
    contained(|| {
        let message = refused(&format!("package a\np := {}", around("[", "1", "]", 10_000)));
        assert!(message.contains("nested more than"), "{message}");
    });
}

#[test]
fn nested_comprehensions_give_their_value_or_are_refused() {
    contained(|| {
        for (open, close) in [
            ("[x | x := ", "]"),
            ("{x | x := ", "}"),
            ("[x | some x in ", "]"),
            ("[x | x := data.a.q; y := ", "]"),
            ("{x: 1 | x := ", "}"),
            ("count([1 | every x in [1] { y := ", "; x == 1 }])"),
            ("[x | x := ", "] with input as 1"),
        ] {
            let nested = around(open, "[[1]]", close, 30);
            let found = value(&format!("q := 1\np if {{ z := {nested} }}"));
            assert_eq!(found.unwrap(), Some(document("true")), "{open}");
            let nested = around(open, "[[1]]", close, 200);
            let message = refused(&format!("package a\nq := 1\np if {{ z := {nested} }}"));
            assert!(message.contains("nested more than"), "{message}");
        }
    });
}

#[test]
fn nested_withs_give_their_value() {
    contained(|| {
        for target in ["input.x", "data.a.q", "input", "data.b", "count"] {
            let value_of = if target == "count" { "7".to_owned() } else { "{\"y\": 1}".to_owned() };
            let nested = (0..60).fold("count(input)".to_owned(), |inner, at| {
                format!("[x{at} | x{at} := {inner} with {target} as {value_of}]")
            });
            let text = format!("package a\nq := 1\np := x if x := {nested}");
            let program = compiled(&text, "data.a.p").unwrap();
            program.run(0, Some(&document("{}")), &settings()).unwrap();
        }
    });
}

#[test]
fn unsafe_variables_below_nested_withs_are_told() {
    contained(|| {
        let nested = (0..60).fold("count(nowhere)".to_owned(), |inner, at| {
            format!("[x{at} | x{at} := {inner} with input as 1]")
        });
        let message = refused(&format!("package a\np := x if x := {nested}"));
        assert!(message.contains("a value (the variable is unsafe)"), "{message}");
    });
}

#[test]
fn five_thousand_scans_within_each_other_are_an_error() {
    contained(|| {
        let body =
            (0..5_000).fold(String::new(), |text, at| text + &format!("some x{at} in [1]\nx{at} == 1\n"));
        match compiled(&format!("package a\np if {{\n{body}}}"), "data.a.p") {
            Ok(program) => assert_eq!(program.run(0, None, &settings()).unwrap_err().code, "limit"),
            Err(problems) => {
                assert!(problems[0].message.contains("each within the one before"), "{}", problems[0])
            }
        }
    });
}

#[test]
fn five_thousand_withs_in_a_row_are_an_error() {
    contained(|| {
        let body = "input.x == 1 with input.x as 1\n".repeat(5_000);
        match compiled(&format!("package a\np if {{\n{body}}}"), "data.a.p") {
            Ok(program) => assert_eq!(program.run(0, None, &settings()).unwrap_err().code, "limit"),
            Err(problems) => {
                assert!(problems[0].message.contains("each within the one before"), "{}", problems[0])
            }
        }
    });
}

#[test]
fn as_many_scans_as_may_be_run() {
    contained(|| {
        let body =
            (0..200).fold(String::new(), |text, at| text + &format!("some x{at} in [1]\nx{at} == 1\n"));
        assert_eq!(value(&format!("p if {{\n{body}}}")).unwrap(), Some(document("true")));
    });
}

#[test]
fn names_of_a_hundred_thousand_steps_are_refused() {
    contained(|| {
        let long = "a.".repeat(100_000) + "b";
        let keys = "[x]".repeat(100_000);
        for text in [
            format!("package {long}\np := 1"),
            format!("package a\n{long} := 1"),
            format!("package a\np{keys} := 1 if x := 1"),
            format!("package a\np if true with input.{long} as 1"),
            format!("package a\np if true with data.{long} as 1"),
        ] {
            let message = refused(&text);
            assert!(message.contains("more than"), "{message}");
        }
        let text = format!(
            "package a\nimport data.{long}\nimport input.{long} as c\nq if b\np if input.{long}\nr if c"
        );
        assert_eq!(run(&text, "data.a.p").unwrap(), []);
    });
}

#[test]
fn a_value_that_grows_deeper_with_each_rule_is_compared_and_refused_as_text() {
    contained(|| {
        let text = (0..2_000).fold("q0 := [1]\n".to_owned(), |text, at| {
            text + &format!("q{} := x if x := [[q{at}]]\n", at + 1)
        });
        // Within what may run.
        let chain = (0..100).fold("[1]".to_owned(), |inner, _| format!("[{inner}]"));
        let deep = format!(
            "f0(x) := x\n{}p if {{ a := f8({chain}); b := f8({chain}); a == b; {{a}} == {{b}}; {{a: 1}} == {{b: 1}}; count({{a, b}}) == 1 }}",
            (0..8).fold(String::new(), |text, at| {
                let down = (0..100).fold("x".to_owned(), |inner, _| format!("[{inner}]"));
                text + &format!("f{}(x) := f{at}({down})\n", at + 1)
            })
        );
        assert_eq!(value(&deep).unwrap(), Some(document("true")));
        let text_of = value(&deep.replace("p if {", "p := count(json.marshal(a)) if {"));
        assert_eq!(text_of.unwrap(), None);
        let failure = failure(&deep.replace("p if {", "p := a if {"));
        assert_eq!(failure.code, "limit");
        let _ = value(&format!("{text}p := q50"));
    });
}

#[test]
fn a_deep_document_is_walked() {
    contained(|| {
        let deep = document(&around("[", "1", "]", 250));
        let text = "package a\np := count([1 | walk(input, [_, 1])])\nq := count([1 | walk([[input]], _)])";
        let program = compiled(text, "x = [data.a.p, data.a.q]").unwrap();
        let found = program.run(0, Some(&deep), &settings()).unwrap();
        assert_eq!(found[0]["x"], document("[1, 253]"));
    });
}

#[test]
fn a_value_of_a_thousand_levels_is_walked_or_refused() {
    contained(|| {
        let down = (0..100).fold("x".to_owned(), |inner, _| format!("[{inner}]"));
        let functions = (0..10)
            .fold("f0(x) := x\n".to_owned(), |text, at| text + &format!("f{}(x) := f{at}({down})\n", at + 1));
        let found = value(&format!("{functions}p := count([1 | walk(f10(1), _)])"));
        assert_eq!(found.unwrap(), Some(document("1001")));
    });
}

#[test]
fn deep_text_is_an_error_of_the_builtin() {
    contained(|| {
        for (open, close) in [("[", "]"), ("{\\\"a\\\":", "}")] {
            let text = around(open, "1", close, 10_000);
            for function in ["json.unmarshal", "yaml.unmarshal", "json.is_valid", "yaml.is_valid"] {
                let found = value(&format!("p if {{ {function}(\"{text}\") }}")).unwrap();
                assert_ne!(found, Some(document("true")), "{function}");
            }
        }
    });
}
