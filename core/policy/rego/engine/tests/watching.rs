//! What conditions came to, as whoever watches sees it.

use std::collections::BTreeMap;

use tollgate_rego::{
    Arena, Attempt, File, Input, Limits, Outcome, Program, Tally, Term, Val, Watched, compile,
};
use tollgate_vocabulary::Value;

fn program(text: &str) -> Program {
    let file = File { path: "a.rego".into(), text: text.into(), dialect: None };
    compile(&[file], Value::Object(Default::default()), &[])
        .unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// Asks the rules of these numbers and looks at what was seen.
fn watch<T>(text: &str, rules: &[usize], input: &str, look: impl FnOnce(&Program, Watched<'_>) -> T) -> T {
    let program = program(text);
    let object = tollgate_manifest::json::read(input.as_bytes(), &Default::default()).expect("JSON");
    let (arena, limits) = (Arena::new(1 << 24), Limits::default());
    let input = Input { value: Some(Val::of(&object)), pending: &[], now: 0 };
    let mut watching = program.watching(input, &arena, limits, Some(&object), rules);
    for rule in rules {
        watching.ask(&program.entry_alone(*rule));
    }
    look(&program, watching.seen())
}

/// What each condition came to, by its text.
fn tallies(text: &str, rules: &[usize], input: &str) -> BTreeMap<String, (u64, u64, u64)> {
    watch(text, rules, input, |program, seen| {
        let pairs = program.conditions().iter().zip(&seen.conditions);
        pairs
            .map(|(condition, Tally { reached, held, failed })| {
                let span = condition.span;
                (text[span.start as usize..span.end as usize].to_owned(), (*reached, *held, *failed))
            })
            .collect()
    })
}

fn values(text: &str, attempt: &Attempt<'_>) -> Vec<(String, Option<String>, Option<String>)> {
    let told = |glimpse: &tollgate_rego::Glimpse<'_>| {
        let term = match &glimpse.term {
            Term::Name(name) => name.to_string(),
            Term::At(span) => text[span.start as usize..span.end as usize].to_owned(),
        };
        let value = glimpse.value.map(|value| value.print(1 << 10).expect("short"));
        (term, value, glimpse.path.as_ref().map(ToString::to_string))
    };
    attempt.glimpses.iter().map(told).collect()
}

const HELPER: &str = r#"package a

deny contains "x" if {
	input.kind == "Pod"
	has_team(input.labels)
	not input.open
}

has_team(labels) if {
	labels.team
	labels.team != ""
}
"#;

#[test]
fn conditions_of_rules_and_of_the_functions_that_they_call_hold_or_fail() {
    let seen = tallies(HELPER, &[0], r#"{"kind": "Pod", "labels": {"team": ""}}"#);
    assert_eq!(seen["input.kind == \"Pod\""], (1, 1, 0));
    assert_eq!(seen["has_team(input.labels)"], (1, 0, 1));
    assert_eq!(seen["labels.team"], (1, 1, 0));
    assert_eq!(seen["labels.team != \"\""], (1, 0, 1));
    assert_eq!(seen["not input.open"], (0, 0, 0));
    let seen = tallies(HELPER, &[0], r#"{"kind": "Pod", "labels": {"team": "a"}, "open": true}"#);
    assert_eq!(seen["not input.open"], (1, 0, 1));
    let seen = tallies(HELPER, &[0], r#"{"kind": "Pod", "labels": {"team": "a"}}"#);
    assert_eq!(seen["not input.open"], (1, 1, 0));
}

#[test]
fn a_head_is_reached_where_something_is_given() {
    let heads = |input| watch(HELPER, &[0], input, |_, seen| seen.heads);
    assert_eq!(heads(r#"{"kind": "Pod", "labels": {"team": "a"}}"#), [1, 1]);
    assert_eq!(heads(r#"{"kind": "Pod", "labels": {}}"#), [0, 0]);
}

#[test]
fn an_else_has_a_head_of_its_own() {
    let text = "package a\n\np := 1 if {\n\tinput.a\n} else := 2 if {\n\tinput.b\n} else := 3\n";
    let heads = |input| watch(text, &[0], input, |_, seen| seen.heads);
    assert_eq!(heads(r#"{"a": 1}"#), [1, 0, 0]);
    assert_eq!(heads(r#"{"b": 1}"#), [0, 1, 0]);
    assert_eq!(heads("{}"), [0, 0, 1]);
    let program = program(text);
    let lines = program.heads().iter().map(|head| &text[head.span.start as usize..head.span.end as usize]);
    assert!(
        lines.clone().nth(1).is_some_and(|head| head.starts_with("else := 2")),
        "{:?}",
        lines.collect::<Vec<_>>()
    );
}

#[test]
fn a_condition_on_each_part_is_reached_for_each() {
    let text = "package a\n\ndeny contains c.name if {\n\tsome c in input.cs\n\tc.privileged\n\tc.name != \"x\"\n}\n";
    let seen = tallies(
        text,
        &[0],
        r#"{"cs": [{"name": "x", "privileged": true}, {"name": "y"}, {"name": "z", "privileged": true}]}"#,
    );
    assert_eq!(seen["some c in input.cs"], (1, 1, 0));
    assert_eq!(seen["c.privileged"], (3, 2, 1));
    assert_eq!(seen["c.name != \"x\""], (2, 1, 1));
    let seen = tallies(text, &[0], r#"{"cs": []}"#);
    assert_eq!(seen["some c in input.cs"], (1, 0, 1));
}

#[test]
fn a_condition_that_goes_through_parts_itself_holds_once_or_fails_once() {
    let text = "package a\n\ndeny contains \"x\" if {\n\tinput.cs[_].privileged == true\n}\n";
    let seen = tallies(text, &[0], r#"{"cs": [{"privileged": false}, {"privileged": true}]}"#);
    assert_eq!(seen["input.cs[_].privileged == true"], (1, 1, 0));
    let seen = tallies(text, &[0], r#"{"cs": [{"privileged": false}, {}]}"#);
    assert_eq!(seen["input.cs[_].privileged == true"], (1, 0, 1));
}

#[test]
fn conditions_within_comprehensions_and_every_are_their_own() {
    let text = "package a\n\ndeny contains \"x\" if {\n\tcount([n | some n in input.ns; n > 1]) == 2\n\tevery n in input.ns {\n\t\tn < 9\n\t}\n}\n";
    let seen = tallies(text, &[0], r#"{"ns": [1, 2, 3]}"#);
    assert_eq!(seen["count([n | some n in input.ns; n > 1]) == 2"], (1, 1, 0));
    assert_eq!(seen["some n in input.ns"], (1, 1, 0));
    assert_eq!(seen["n > 1"], (3, 2, 1));
    assert_eq!(seen["n < 9"], (3, 3, 0));
    let seen = tallies(text, &[0], r#"{"ns": [2, 9, 1, 0]}"#);
    assert_eq!(seen["n < 9"], (2, 1, 1));
    let every = seen.iter().find(|(text, _)| text.starts_with("every")).expect("it is there");
    assert_eq!(*every.1, (1, 0, 1));
}

#[test]
fn what_with_replaces_leads_on_to_the_next_condition() {
    let text = "package a\n\ntest_x if {\n\tcount(deny) == 1 with input as {\"kind\": \"Pod\"}\n\tcount(deny) == 0\n}\n\ndeny contains \"x\" if input.kind == \"Pod\"\n";
    let seen = tallies(text, &[0], "{}");
    assert_eq!(seen["count(deny) == 1 with input as {\"kind\": \"Pod\"}"], (1, 1, 0), "{seen:?}");
    assert_eq!(seen["count(deny) == 0"], (1, 1, 0));
    assert_eq!(seen["input.kind == \"Pod\""], (2, 1, 1));
}

#[test]
fn the_furthest_condition_that_failed_is_told_with_what_it_compared() {
    let text = "package a\n\ndeny contains \"x\" if {\n\tlimit := 3\n\tinput.spec.replicas > limit\n\tcount([x | some x in input.xs; x > 9]) == 1\n}\n";
    watch(text, &[0], r#"{"spec": {"replicas": 2}}"#, |_, seen| {
        let attempt = seen.furthest.expect("one failed");
        assert_eq!(attempt.outcome, Outcome::Failed);
        let path = Some("spec.replicas".to_owned());
        let wanted = [
            ("input.spec.replicas".to_owned(), Some("2".to_owned()), path),
            ("limit".to_owned(), Some("3".to_owned()), None),
        ];
        assert_eq!(values(text, &attempt), wanted);
    });
    watch(text, &[0], r#"{"spec": {"replicas": 4}, "xs": [1]}"#, |_, seen| {
        let attempt = seen.furthest.expect("one failed");
        assert!(
            values(text, &attempt)
                .iter()
                .any(|(term, value, _)| { term.starts_with("count(") && value.as_deref() == Some("0") })
        );
    });
    watch(text, &[0], r#"{"spec": {"replicas": 4}, "xs": [10]}"#, |_, seen| {
        assert!(
            seen.furthest.is_none() && seen.attempts.iter().any(|attempt| attempt.outcome == Outcome::Held)
        );
    });
}

#[test]
fn what_is_missing_is_told_as_missing() {
    watch(HELPER, &[0], r#"{"kind": "Pod", "labels": {"team": "a"}}"#, |program, seen| {
        let of = |text: &str| {
            let at = program.conditions().iter().position(|condition| {
                HELPER[condition.span.start as usize..condition.span.end as usize] == *text
            });
            let at = u32::try_from(at.expect("it is there")).expect("small");
            seen.attempts.iter().find(|attempt| attempt.condition == at).expect("it was tried")
        };
        let open = values(HELPER, of("not input.open"));
        assert_eq!(open, [("input.open".to_owned(), None, Some("open".to_owned()))]);
    });
}

#[test]
fn print_says_everything_and_never_fails() {
    let text = "package a\n\ndeny contains \"x\" if {\n\tprint(\"a\", input.none, input.ns[_], 1 / 0)\n\ttrace(sprintf(\"at %v\", [input.ns]))\n\tx := 7\n\tprint()\n\tprint(x, {\"k\": [x]})\n}\n";
    watch(text, &[0], r#"{"ns": [2, 1]}"#, |_, seen| {
        let said: Vec<&str> = seen.notes.iter().map(|note| note.text.as_str()).collect();
        let wanted =
            ["a <undefined> 1 <undefined>", "a <undefined> 2 <undefined>", "at [2, 1]", "", "7 {\"k\": [7]}"];
        assert_eq!(said, wanted);
        assert_eq!(seen.heads, [1]);
    });
}

#[test]
fn a_division_by_zero_in_print_is_no_error_of_the_rule() {
    let text = "package a\n\ndeny contains \"x\" if {\n\tprint(1 / 0)\n}\n";
    let program = program(text);
    let arena = Arena::new(1 << 20);
    let input = Input { value: None, pending: &[], now: 0 };
    let entry = program.entry(&[0]);
    let plain = program.session(input, &arena, Limits::default()).ask(&entry);
    let mut watching = program.watching(input, &arena, Limits::default(), None, &[]);
    let watched = watching.ask(&entry);
    assert_eq!((&plain.given, &plain.wrong), (&watched.given, &watched.wrong));
    assert!(plain.wrong.is_empty() && plain.given.len() == 1);
}

#[test]
fn a_case_is_known_before_what_it_wants_fails() {
    let text = "package a\n\ntest_sum[c.note] if {\n\tsome c in [{\"note\": \"good\", \"a\": 1, \"want\": 2}, {\"note\": \"bad\", \"a\": 1, \"want\": 3}]\n\tc.a + 1 == c.want\n}\n";
    watch(text, &[0], "{}", |_, seen| {
        let cases: Vec<String> = seen.cases.iter().map(|case| case.print(99).expect("short")).collect();
        assert_eq!(cases, ["[\"good\"]", "[\"bad\"]"]);
    });
}

#[test]
fn attempts_are_kept_of_the_rules_that_are_meant_and_only_a_few() {
    let text = "package a\n\ndeny contains n if {\n\tsome n in numbers.range(1, 1000)\n\tsmall(n)\n}\n\nsmall(n) if n < 500\n";
    watch(text, &[0], "{}", |program, seen| {
        assert!(seen.attempts.len() < 20, "{}", seen.attempts.len());
        let own = |attempt: &Attempt<'_>| program.conditions()[attempt.condition as usize].rule == 0;
        assert!(seen.attempts.iter().all(own));
    });
}

#[test]
fn steps_are_counted_and_equal_for_equal_questions() {
    let program = program(HELPER);
    let arena = Arena::new(1 << 20);
    let steps = || {
        let input = Input { value: None, pending: &[], now: 0 };
        program.session(input, &arena, Limits::default()).ask(&program.entry(&[0])).steps
    };
    assert!(steps() > 0);
    assert_eq!(steps(), steps());
}
