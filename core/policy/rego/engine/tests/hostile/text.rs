//! Numbers, patterns and texts.

use super::*;

const HUGE: [&str; 6] =
    ["1E400", "1e1000000000", "-1e99999999999999999999", "1e-1000000000", "0.1e400", "9e999999999999"];

#[test]
fn numbers_of_four_hundred_digits_are_exact() {
    contained(|| {
        let digits = "7".repeat(400);
        let found =
            value(&format!("p := [{digits} + 1, {digits} == {digits}.0, {digits} > 1, -{digits} < 0]"))
                .unwrap();
        let next = format!("{}8", "7".repeat(399));
        assert_eq!(found, Some(document(&format!("[{next}, true, true, true]"))));
    });
}

#[test]
fn numbers_beyond_any_type_are_refused_or_compared() {
    contained(|| {
        for huge in HUGE {
            for text in [
                format!("p := {huge}"),
                format!("p := {huge} + 1"),
                format!("p := {huge} * {huge}"),
                format!("p := {huge} > 1"),
                format!("p if {huge} == {huge}"),
                format!("p := {huge} % 7"),
                format!("p := 1 / {huge}"),
                format!("p := round({huge})"),
                format!("p := ceil({huge})"),
                format!("p := numbers.range(1, {huge})"),
                format!(
                    "p := sprintf(\"%d %v %f %x %s %e %g\", [{huge}, {huge}, {huge}, {huge}, {huge}, {huge}, {huge}])"
                ),
                format!("p := format_int({huge}, 2)"),
                format!("p := bits.lsh(1, {huge})"),
                format!("p := bits.lsh({huge}, 1)"),
                format!("p := substring(\"abc\", {huge}, 1)"),
                format!("p := substring(\"abc\", 0, {huge})"),
                format!("p := array.slice([1], 0, {huge})"),
                format!("p := [1, 2][{huge}]"),
                format!("p := time.add_date(0, {huge}, 1, 1)"),
                format!("p := time.date({huge})"),
                format!("p := json.unmarshal(\"{huge}\")"),
                format!("p := to_number(\"{huge}\")"),
                format!("p := units.parse(\"{huge}Ei\")"),
                format!("p := units.parse_bytes(\"{huge}Ei\")"),
                format!("p := sum([{huge}, 1])"),
                format!("p := product([{huge}, {huge}])"),
                format!("p := {{{huge}, {huge}}}"),
                format!("p := {{{huge}: 1}}[{huge}]"),
                format!("p := abs({huge})"),
                format!("p := {{1, {huge}, \"a\"}}"),
                format!("p := sort([{huge}, 1, 2])"),
                format!("p := max([{huge}, 1, 2])"),
                format!("p := cast_array({{{huge}}})"),
                format!("p := strings.repeat(\"a\", {huge})"),
                format!("p := rand.intn(\"a\", {huge})"),
                format!("p := indexof_n(\"a\", \"a\")[{huge}]"),
            ] {
                if let Ok(program) = compiled(&format!("package a\n{text}"), "x = data.a.p") {
                    let answer = program.run(0, None, &settings());
                    assert!(
                        answer.as_ref().map_or_else(|failure| failure.code == "limit", |_| true),
                        "{text}: {answer:?}"
                    );
                }
            }
        }
    });
}

#[test]
fn bits_and_powers_stay_small() {
    contained(|| {
        for text in [
            "p := bits.lsh(1, 1000000000)",
            "p := bits.lsh(1, 9223372036854775807)",
            "p := product(numbers.range(1, 100000))",
            "p := strings.repeat(\"a\", 1000000000)",
            "p := sprintf(\"%1000000000d\", [1])",
            "p := sprintf(\"%.1000000000f\", [1.5])",
            "p := sprintf(\"%*d\", [1000000000, 1])",
            "p := sprintf(\"%99999999999999999999d\", [1])",
            "p := count(numbers.range(1, 1000000000000))",
            "p := count(numbers.range_step(1, 1000000000000, 1))",
            "p := format_int(1e400, 2)",
            "p := net.cidr_expand(\"0.0.0.0/0\")",
            "p := net.cidr_expand(\"::/0\")",
        ] {
            if let Ok(program) = compiled(&format!("package a\n{text}"), "x = data.a.p") {
                let answer = program.run(0, None, &settings());
                let length =
                    |found: &Vec<Bindings>| found.first().map_or(0, |bound| format!("{bound:?}").len());
                assert!(
                    answer
                        .as_ref()
                        .map_or_else(|failure| failure.code == "limit", |found| length(found) < 2_000),
                    "{text}"
                );
            }
        }
    });
}

#[test]
fn numbers_beyond_any_type_stand_in_data_and_input() {
    contained(|| {
        let huge = document("[1E400, 1e1000000000, -1e99999999999999999999]");
        let text = "package a\np := [x | some x in input; x > 5]\nq := [x | some x in data.d; x < 5]\nr := [x | y := input[_]; x := y + 1]";
        let files = [file(text)];
        let data = Value::Object([(std::sync::Arc::<str>::from("d"), huge.clone())].into_iter().collect());
        let program = compile(&files, data, &["x = data.a"]).unwrap();
        let found = program.run(0, Some(&huge), &settings()).unwrap();
        assert_eq!(found[0]["x"].get("p").unwrap().as_array().map(<[_]>::len), Some(2));
        assert_eq!(found[0]["x"].get("q").unwrap().as_array().map(<[_]>::len), Some(1));
    });
}

#[test]
fn catastrophic_patterns_take_linear_time() {
    contained(|| {
        let subject = "a".repeat(50_000) + "!";
        for pattern in [
            "(a+)+$",
            "(.*a){25}",
            "(a|aa)+$",
            "(a*)*b",
            "(x+x+)+y",
            ".*.*.*.*=",
            "^(([a-z])+.)+[A-Z]([a-z])+$",
        ] {
            for call in [
                format!("regex.match(`{pattern}`, input)"),
                format!("regex.match(concat(\"\", [`{pattern}`]), input)"),
                format!("count(regex.split(`{pattern}`, input)) > 7"),
                format!("count(regex.find_n(`{pattern}`, input, -1)) > 100000"),
                format!("regex.replace(input, `{pattern}`, \"\") == \"no\""),
            ] {
                let program = compiled(&format!("package a\np if {call}"), "data.a.p").unwrap();
                let answer = program.run(0, Some(&Value::from(subject.as_str())), &settings());
                assert!(
                    answer.as_ref().map_or_else(|failure| failure.code == "limit", |_| true),
                    "{call}: {answer:?}"
                );
            }
        }
    });
}

#[test]
fn patterns_too_large_are_refused() {
    contained(|| {
        for pattern in [
            "a{1000}{1000}",
            "(a{1000}){1000}",
            "((a{100}){100}){100}",
            "a{100000}",
            "\\pL{1000}{100}",
            "(?i)\\pL{900}",
        ] {
            let text = format!("package a\np if regex.match(`{pattern}`, \"a\")");
            match compiled(&text, "data.a.p") {
                Err(problems) => {
                    assert!(problems[0].message.contains("is no regular expression"), "{}", problems[0])
                }
                Ok(program) => assert_eq!(program.run(0, None, &settings()).unwrap(), [], "{pattern}"),
            }
            let _ = value(&format!("p if regex.match(concat(\"\", [`{pattern}`]), \"a\")"));
        }
    });
}

#[test]
fn many_patterns_compile() {
    contained(|| {
        let text = (0..300).fold("package a\n".to_owned(), |text, at| {
            text + &format!("p if regex.match(`^([a-z]+{at}|x{{1,{}}})+$`, input.x)\n", at % 50 + 1)
        });
        assert_eq!(run(&text, "data.a.p").unwrap(), []);
    });
}

#[test]
fn globs_of_many_stars_take_linear_time() {
    contained(|| {
        let stars = "*a".repeat(60);
        let supers = "**a".repeat(60);
        let choices = "{a,b,{c,d}}".repeat(60);
        let subject = "a".repeat(20_000);
        for pattern in [stars, supers, choices, "{".repeat(10_000), "[".repeat(10_000), "\\".repeat(10_001)] {
            for delimiters in ["[]", "[\".\"]", "null"] {
                let call = format!("glob.match(`{pattern}`, {delimiters}, `{subject}b`)");
                let found = run(&format!("package a\np if {call}"), "data.a.p");
                assert!(
                    found.as_ref().map_or_else(|failure| failure.code == "limit", Vec::is_empty),
                    "{found:?}"
                );
            }
        }
    });
}

#[test]
fn texts_that_double_reach_the_limit() {
    contained(|| {
        let doubled = (0..60).fold("f0(x) := x\n".to_owned(), |text, at| {
            text + &format!("f{}(x) := f{at}(concat(\"\", [x, x]))\n", at + 1)
        });
        assert_eq!(failure(&format!("{doubled}p := count(f60(\"aaaaaaaa\"))")).code, "limit");
        let nested = (0..60)
            .fold("f0(x) := x\n".to_owned(), |text, at| text + &format!("f{}(x) := f{at}([x, x])\n", at + 1));
        for end in [
            "json.marshal(f60(1))",
            "sprintf(\"%v\", [f60(1)])",
            "f60(1)",
            "count(json.marshal(f60(1)))",
            "$\"{f60(1)}\"",
            "yaml.marshal(f60(1))",
            "crypto.sha256(json.marshal(f60(1)))",
        ] {
            let found = value(&format!("{nested}p := {end}"));
            assert!(
                found.as_ref().map_or_else(|failure| failure.code == "limit", Option::is_none),
                "{end}: {found:?}"
            );
        }
        assert_eq!(value(&format!("{nested}p if f60(1) == f60(1)")).unwrap(), Some(document("true")));
        assert_eq!(
            value(&format!("{nested}p if {{ x := f60(1); y := f60(1); {{x}} == {{y}} }}")).unwrap(),
            Some(document("true"))
        );
        assert_eq!(failure(&format!("{nested}p := count([1 | walk(f60(1), _)])")).code, "limit");
    });
}
