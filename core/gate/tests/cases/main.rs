//! Every case of `corpus/cases` through the library: `judge` with the facts given, then `settle` on the state that what
//! went before has left.
#![expect(clippy::disallowed_methods, reason = "tests read their cases from files")]

mod estate;
mod fact;
mod request;

use std::fs;
use std::path::{Path, PathBuf};

use tollgate_gate::{Bundle, Change, Facts, Judged, Ruling, State, Step, Verdict, judge, settle};
use tollgate_manifest::{Limits, read_values};
use tollgate_vocabulary::{Timestamp, Value};

/// All keys that a case may have; what stands below a dot is a key of a part.
const KEYS: &[&str] = &[
    "about",
    "policy",
    "rules",
    "estate",
    "config",
    "budgets",
    "exceptions",
    "facts",
    "facts.namespaces",
    "facts.objects",
    "facts.unavailable",
    "before",
    "at",
    "request",
    "request.operation",
    "request.resource",
    "request.subResource",
    "request.dryRun",
    "request.user",
    "request.object",
    "request.oldObject",
    "expect",
    "expect.verdict",
    "expect.findings",
    "expect.judges",
    "expect.held",
    "expect.reads",
];

pub(crate) fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/cases")
}

#[test]
fn every_case_comes_to_what_it_expects() {
    let mut ran = 0;
    let mut wrong = Vec::new();
    let mut files: Vec<PathBuf> =
        fs::read_dir(corpus()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "yaml")) {
        let case = one_value(file);
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        assert_eq!(unknown_keys(&case), Vec::<String>::new(), "{name} has keys that nobody reads");
        let (expected, found) = (expectation(&case), run(&case));
        if expected != found {
            wrong.push(format!("{name}:\n  expected {expected}\n  found    {found}"));
        }
        ran += 1;
    }
    assert!(ran >= 90, "only {ran} cases were found");
    assert!(wrong.is_empty(), "{} of {ran} cases are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn one_value(file: &Path) -> Value {
    let bytes = fs::read(file).unwrap();
    let mut values =
        read_values(&bytes, &Limits::default()).unwrap_or_else(|error| panic!("{file:?}: {error}"));
    assert_eq!(values.len(), 1, "{file:?} holds one document");
    values.remove(0)
}

fn unknown_keys(case: &Value) -> Vec<String> {
    let keys = |value: &Value| -> Vec<String> {
        let map = value.as_object();
        map.into_iter().flat_map(tollgate_vocabulary::Map::iter).map(|(key, _)| key.to_string()).collect()
    };
    let mut all = keys(case);
    for part in ["facts", "request", "expect"] {
        let below = case.get(part).map(keys).unwrap_or_default();
        all.extend(below.iter().map(|key| format!("{part}.{key}")));
    }
    all.retain(|key| !KEYS.contains(&key.as_str()));
    all
}

pub(crate) fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

pub(crate) fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).unwrap_or_default()
}

fn expectation(case: &Value) -> String {
    let expect = case.get("expect").unwrap();
    let finding = |row: &Value| {
        let part = |key| text(row, key).unwrap();
        format!("{} {} `{}`", part("effect"), part("rule"), part("path"))
    };
    let findings: Vec<String> = items(expect, "findings").iter().map(finding).collect();
    let judges = expect.get("judges").and_then(Value::as_object);
    let judged: Vec<String> = judges
        .into_iter()
        .flat_map(tollgate_vocabulary::Map::iter)
        .filter(|(_, word)| word.as_str() == Some("judged"))
        .map(|(judge, _)| judge.to_string())
        .collect();
    let mut told = format!(
        "{} [{}] judged by [{}]",
        text(expect, "verdict").unwrap(),
        findings.join(", "),
        judged.join(", ")
    );
    if let Some(held) = expect.get("held").and_then(Value::as_object) {
        let held: Vec<String> =
            held.iter().map(|(budget, month)| format!("{budget} {}", month.as_str().unwrap())).collect();
        told.push_str(&format!(" held [{}]", held.join(", ")));
    }
    if expect.get("reads").is_some() {
        let reads: Vec<&str> = items(expect, "reads").iter().filter_map(Value::as_str).collect();
        told.push_str(&format!(" reads [{}]", reads.join(", ")));
    }
    told
}

fn run(case: &Value) -> String {
    let bundle = estate::bundle(case);
    let at: Timestamp = text(case, "at").unwrap().parse().unwrap();
    let mut state = State::default();
    for before in items(case, "before") {
        let change = request::change(before, at);
        let (verdict, _) = take(&change, case, &bundle, &mut state);
        assert_eq!(verdict.ruling, Ruling::Allow, "what went before: {:#?}", verdict.findings);
    }
    let request = case.get("request").unwrap();
    let (verdict, judged) = take(&request::change(request, at), case, &bundle, &mut state);
    let findings: Vec<String> = verdict
        .findings
        .iter()
        .map(|finding| format!("{} {} `{}`", finding.effect.word(), finding.rule, finding.path))
        .collect();
    let judges: Vec<&str> = verdict.judged.iter().map(|judge| judge.word()).collect();
    let mut told =
        format!("{} [{}] judged by [{}]", verdict.ruling.word(), findings.join(", "), judges.join(", "));
    let expect = case.get("expect").unwrap();
    if expect.get("held").is_some() {
        told.push_str(&format!(" held [{}]", held(&state).join(", ")));
    }
    if expect.get("reads").is_some() {
        let reads: Vec<String> = judged.facts.iter().map(|(question, _)| question.to_string()).collect();
        told.push_str(&format!(" reads [{}]", reads.join(", ")));
    }
    told
}

/// Judges and settles a change, and moves the state.
fn take(change: &Change, case: &Value, bundle: &Bundle, state: &mut State) -> (Verdict, Judged) {
    let mut facts = Facts::none();
    let judged = loop {
        match judge(change, &facts, bundle) {
            Step::Done(judged) => break judged,
            Step::Need(questions) => {
                for question in questions {
                    let fact = fact::answer(case, &question);
                    facts.insert(question, fact);
                }
            }
        }
    };
    let (verdict, effects) = settle(&judged, state, bundle).unwrap();
    state.apply(&effects);
    (verdict, judged)
}

/// What a month of all that is held on each budget comes to, by its name.
fn held(state: &State) -> Vec<String> {
    let account = &state.account;
    let of = |budget: &str| {
        let mut months = account
            .holds()
            .filter_map(|(_, hold)| hold.charge_on(budget).unwrap())
            .map(|charge| charge.expected.month().unwrap());
        let first = months.next()?;
        Some(months.fold(first, |sum, month| sum.plus(month).unwrap()))
    };
    account
        .balances()
        .filter_map(|(budget, _)| Some(format!("{budget} {}", of(budget)?.to_exact_text())))
        .collect()
}
