//! What runs: much of everything, which ends at a limit.

use super::*;

#[test]
fn a_set_of_a_million_is_made_or_refused() {
    contained(|| {
        let program =
            compiled("package a\np := count({x | some x in numbers.range(1, 1000000)})", "x = data.a.p")
                .unwrap();
        match program.run(0, None, &settings()) {
            Ok(found) => assert_eq!(found[0]["x"], document("1000000")),
            Err(failure) => assert_eq!(failure.code, "limit"),
        }
        let little =
            Settings { limits: Limits { steps: 20_000_000, memory: 8 << 20 }, ..Settings::default() };
        assert_eq!(program.run(0, None, &little).unwrap_err().code, "limit");
    });
}

#[test]
fn products_of_collections_reach_the_limit() {
    contained(|| {
        for text in [
            "p contains [a, b, c] if { some a in numbers.range(1, 1000); some b in numbers.range(1, 1000); some c in [1, 2] }",
            "p contains x if { some a in numbers.range(1, 10000); some b in numbers.range(1, 10000); x := a * b }",
            "p := [1 | some a in numbers.range(1, 100000); some b in numbers.range(1, 100000)]",
            "p := [numbers.range(1, 100000) | some a in numbers.range(1, 100000)]",
            "p := {a: [b | some b in numbers.range(1, 10000)] | some a in numbers.range(1, 10000)}",
            "p[a][b] := c if { some a in numbers.range(1, 1000); some b in numbers.range(1, 1000); some c in [1] }",
        ] {
            assert_eq!(failure(text).code, "limit", "{text}");
        }
    });
}

#[test]
fn what_is_collected_counts_as_memory() {
    contained(|| {
        let text = "package a\np := [1 | some a in numbers.range(1, 3000); some b in numbers.range(1, 3000)]";
        let program = compiled(text, "x = data.a.p").unwrap();
        let little = Settings { limits: Limits { steps: u64::MAX, memory: 1 << 20 }, ..Settings::default() };
        assert_eq!(program.run(0, None, &little).unwrap_err().code, "limit");
    });
}

#[test]
fn comparing_and_searching_large_collections_is_paid_for() {
    contained(|| {
        let large = "a := numbers.range(1, 5000)\nb := numbers.range(1, 5000)\ns := {x | some x in a}\nt := {x | some x in b}\no := {x: 1 | some x in a}\nq := {x: 1 | some x in b}\n";
        for condition in [
            "a == b",
            "s == t",
            "o == q",
            "a <= b",
            "a != b",
            "0 in a",
            "0 in o",
            "[a] == [b]",
            "{\"x\": [a]} == {\"x\": [b]}",
            "x = a; x == b",
            "[[a, b], y] = [[b, a], x]",
        ] {
            let text = format!("{large}p := [1 | some x, y in numbers.range(1, 20000); {condition}]");
            if let Ok(program) = compiled(&format!("package a\n{text}"), "x = count(data.a.p)") {
                let answer = program.run(0, None, &settings());
                assert!(
                    answer.as_ref().map_or_else(|failure| failure.code == "limit", |found| found.len() <= 1),
                    "{condition}"
                );
            }
        }
    });
}

#[test]
fn replacing_much_is_paid_for() {
    contained(|| {
        let many = (0..5_000).fold(String::new(), |text, at| text + &format!("q{at} := {at}\n"));
        for with in ["input as x", "input.a.b.c as x", "data.b as x", "data.a.q7 as x", "count as 7"] {
            let text =
                format!("{many}p := [1 | some x in numbers.range(1, 1000000); data.a.q8 == 8 with {with}]");
            assert_eq!(failure(&text).code, "limit", "{with}");
        }
    });
}

#[test]
fn a_graph_of_a_hundred_thousand_nodes_is_searched_or_refused() {
    contained(|| {
        let text = "g := {x: [x + 1, x + 2] | some x in numbers.range(1, 100000)}\n";
        for call in ["count(graph.reachable(g, [1]))", "count(graph.reachable_paths(g, [1]))"] {
            let found = value(&format!("{text}p := {call}"));
            assert!(
                found.as_ref().map_or_else(|failure| failure.code == "limit", |_| true),
                "{call}: {found:?}"
            );
        }
    });
}

#[test]
fn a_document_with_many_merged_rules_ends() {
    contained(|| {
        let rules =
            (0..5_000).fold(String::new(), |text, at| text + &format!("p.k{at} := 1 if input.x else := 2\n"));
        let found = value(&format!("p[x] := 1 if x := \"own\"\n{rules}"));
        assert!(found.as_ref().map_or_else(|failure| failure.code == "limit", |_| true), "{found:?}");
    });
}

#[test]
fn builtins_over_much_end() {
    contained(|| {
        let large =
            "a := numbers.range(1, 20000)\nt := concat(\",\", [sprintf(\"%d\", [x]) | some x in a])\n";
        for call in [
            "sort(a)",
            "count(json.marshal(a))",
            "count(split(t, \",\"))",
            "count(union({{x} | some x in a}))",
            "count(array.concat(a, a))",
            "count(object.union_n([{x: 1} | some x in a]))",
            "count(replace(t, \"1\", \"22222222\"))",
            "count(indexof_n(t, \"1\"))",
            "count(regex.find_n(\"[0-9]\", t, -1))",
            "count(json.patch({}, [{\"op\": \"add\", \"path\": sprintf(\"/%d\", [x]), \"value\": x} | some x in a]))",
            "count(json.remove({\"a\": a}, [sprintf(\"a/%d\", [x]) | some x in a]))",
            "count(json.filter({\"a\": a}, [sprintf(\"a/%d\", [x]) | some x in a]))",
            "count(strings.replace_n({sprintf(\"%d\", [x]): \"\" | some x in array.slice(a, 0, 2000)}, t))",
            "count(strings.reverse(t))",
            "strings.any_prefix_match([t | some x in a], [t | some x in a])",
            "strings.count(t, \"1\")",
            "count(net.cidr_merge([sprintf(\"10.%d.%d.0/24\", [floor(x / 256) % 256, x % 256]) | some x in array.slice(a, 0, 5000)]))",
            "count(graphql.is_valid(t, t))",
            "semver.compare(t, t)",
            "count(array.reverse(a))",
            "count(crypto.sha256(t))",
            "count(base64.encode(t))",
            "count(yaml.unmarshal(t))",
            "count(intersection([{x} | some x in a]))",
            "count(array.flatten([a | some x in a]))",
        ] {
            if let Ok(program) = compiled(&format!("package a\n{large}p := {call}"), "x = data.a.p") {
                let answer = program.run(0, None, &settings());
                assert!(
                    answer.as_ref().map_or_else(|failure| failure.code != "pending", |_| true),
                    "{call}: {answer:?}"
                );
            }
        }
    });
}

#[test]
fn an_answer_that_repeats_the_input_is_refused() {
    contained(|| {
        let text = "package a\np := [input | some x in numbers.range(1, 10000)]";
        let program = compiled(text, "x = data.a.p").unwrap();
        let large = document(&format!("[{}1]", "[1, 2, 3],".repeat(5_000)));
        assert_eq!(program.run(0, Some(&large), &settings()).unwrap_err().code, "limit");
    });
}
