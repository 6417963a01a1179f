//! What is compiled: many rules, long rules, long names, cycles.

use super::*;

/// Rules, one for each number.
fn rules(count: usize, rule: impl Fn(usize) -> String) -> String {
    (0..count).fold("package a\n".to_owned(), |text, at| text + &rule(at) + "\n")
}

#[test]
fn thirty_thousand_rules_of_one_document_compile() {
    contained(|| {
        let text = rules(30_000, |at| format!("p contains \"m{at}\" if input.kind == \"k{at}\""));
        let found = run(&text, "x = count(data.a.p)").unwrap();
        assert_eq!(found[0]["x"], document("0"));
    });
}

#[test]
fn thirty_thousand_documents_compile() {
    contained(|| {
        let text = rules(30_000, |at| {
            format!("p{at} := x if {{ x := {at} + input.a; regex.match(`^a{}`, \"b\") }}", at % 100)
        });
        let found = run(&text, "data.a.p7").unwrap();
        assert_eq!(found, []);
    });
}

#[test]
fn a_long_chain_of_rules_compiles_and_is_too_deep_to_run() {
    contained(|| {
        let text = rules(30_000, |at| format!("p{at} := p{}", at + 1)) + "p30000 := 1";
        let failure = run(&text, "data.a.p0").unwrap_err();
        assert_eq!(failure.code, "limit");
        assert_eq!(run(&text, "x = data.a.p29720").unwrap()[0]["x"], document("1"));
    });
}

#[test]
fn a_long_chain_of_functions_compiles_and_is_too_deep_to_run() {
    contained(|| {
        let text = rules(1_000, |at| format!("f{at}(x) := f{}(x + 1) + 1", at + 1)) + "f1000(x) := x";
        let failure = run(&text, "data.a.f0(1)").unwrap_err();
        assert_eq!((failure.code, &*failure.message), ("limit", "rules nest too deep"));
        assert_eq!(run(&text, "x = data.a.f720(1)").unwrap()[0]["x"], document("561"));
    });
}

#[test]
fn a_long_cycle_is_told_in_short() {
    contained(|| {
        let text = rules(50_000, |at| format!("p{at} := p{}", (at + 1) % 50_000));
        let message = refused(&text);
        assert!(message.contains("needs its own value"), "{message}");
        assert!(message.len() < 2_000, "{} bytes", message.len());
    });
}

#[test]
fn rules_that_each_read_the_whole_package_of_another_compile() {
    contained(|| {
        let mut text = rules(20_000, |at| format!("p{at} := 1"));
        let other =
            rules(20_000, |at| format!("q{at} if data.a[input.x{at}]")).replace("package a", "package b");
        let files = [file(&std::mem::take(&mut text)), File { path: "b.rego".into(), ..file(&other) }];
        compile(&files, document("{}"), &["data.b.q1"]).unwrap();
    });
}

#[test]
fn a_megabyte_of_conditions_in_reverse_compiles() {
    contained(|| {
        let reversed = |count: usize| {
            let body =
                (0..count).rev().fold(String::new(), |text, at| text + &format!("x{} = x{at} + 1\n", at + 1));
            format!("p := x{count} if {{\n{body}\nx0 = 1\n}}")
        };
        assert_eq!(value(&reversed(10_000)).unwrap(), Some(document("10001")));
    });
}

#[test]
fn ten_thousand_comprehensions_and_negations_in_one_body_compile() {
    contained(|| {
        let body = (0..10_000).fold(String::new(), |text, at| {
            text + &format!("x{at} := [y | some y in [{at}]]\nnot x{at} == 7\n")
        });
        assert_eq!(value(&format!("p if {{\n{body}}}")).unwrap(), Some(document("true")));
    });
}

#[test]
fn a_policy_of_ten_megabytes_compiles() {
    contained(|| {
        let text = "a".repeat(1 << 20);
        let comment = format!("# {text}\n").repeat(5);
        let items = (0..600_000).fold(String::new(), |text, at| text + &at.to_string() + ",");
        let found = value(&format!("{comment}q := \"{text}\"\np := count([{items}])")).unwrap();
        assert_eq!(found, Some(document("600000")));
    });
}

#[test]
fn thirty_thousand_mistakes_are_told_in_time() {
    contained(|| {
        let text = rules(30_000, |at| format!("p{at} := nothing{at}(1)"));
        assert!(compiled(&text, "data.a.p0").is_err());
        let text = rules(30_000, |at| format!("p{at} := x if {{ not x }}"));
        assert!(compiled(&text, "data.a.p0").is_err());
    });
}

#[test]
fn objects_with_many_keys_are_matched_key_by_key() {
    contained(|| {
        let one = (0..20_000).fold(String::new(), |text, at| text + &format!("\"k{at}\": x{at},"));
        let two =
            (0..20_000).rev().fold(String::new(), |text, at| text + &format!("\"k{at}\": input.a.b[0],"));
        let found = value(&format!("p := x7 if {{ {{{one}}} = {{{two}}} }}")).unwrap();
        assert_eq!(found, Some(document("1")));
    });
}

#[test]
fn a_rule_that_reaches_itself_by_a_value_is_refused() {
    for text in [
        "package a\np if data[input.x]",
        "package a\np if data[x]",
        "package a\np if data.a[input.x]",
        "package a\np if data.a",
        "package a\np if count(data) > 1",
        "package a\np if walk(data, [x, _])",
        "package a\np contains x if x := data.a[_]",
        "package a\np[x] := 1 if data.a.p[x]",
        "package a\nq if data[\"a\"][input.x]\np if q",
        "package a.b\np if data.a[input.x].p",
        "package a\nf(x) := f(x - 1)",
    ] {
        let message = refused(text);
        assert!(message.contains("needs its own value"), "{text}: {message}");
    }
}

#[test]
fn a_rule_that_replaces_itself_ends() {
    contained(|| {
        for text in [
            "p if data.a.q with data.a.q as data.a.q\nq := 1",
            "p := x if x := f(3) with f as g\nf(x) := x\ng(x) := f(x)",
            "p := x if x := f(3) with f as g with g as f\nf(x) := x\ng(x) := x",
            "p := x if x := count([1]) with count as f\nf(x) := count(x)",
        ] {
            let answer = std::panic::catch_unwind(|| compiled(&format!("package a\n{text}"), "data.a.p"));
            if let Ok(program) = answer.unwrap() {
                let _ = program.run(0, None, &settings());
            }
        }
    });
}

#[test]
fn two_packages_of_one_name_in_two_dialects_are_one_package() {
    let old = File { path: "v0.rego".into(), ..file("package a\np[x] { x := 1 }\nq { p[1] }") };
    let new = File { path: "v1.rego".into(), ..file("package a\np contains 2 if true\nr if q") };
    let program = compile(&[old, new], document("{}"), &["x = data.a"]).unwrap();
    let found = program.run(0, None, &settings()).unwrap();
    assert_eq!(found[0]["x"], document(r#"{"p": [1, 2], "q": true, "r": true}"#));
}

#[test]
fn rules_of_one_name_and_two_kinds_in_two_dialects_are_refused() {
    let old = File { path: "v0.rego".into(), ..file("package a\np[x] { x := 1 }") };
    let new = File { path: "v1.rego".into(), ..file("package a\np := 2 if true") };
    let problems = compile(&[old, new], document("{}"), &["x = data.a"]).unwrap_err();
    assert!(problems[0].message.contains("`data.a.p` is "), "{}", problems[0]);
}
