//! Our own cases, kept as data in `corpus/cost`: a file for each rule.

use std::path::Path;

use tollgate_estimate::{Beside, Estimate, Estimator, GpuFractions, NodePools, World};
use tollgate_vocabulary::{Money, Rounding, Value};

use crate::data;

const KEYS: [&str; 9] =
    ["about", "why", "prices", "nodes", "fractions", "objects", "expect", "error", "explains"];
const EXPECTED: [&str; 9] = [
    "object",
    "expected_month",
    "worst_month",
    "peak_hour",
    "gpus",
    "unbounded",
    "unpriced",
    "capped",
    "unknown",
];

#[test]
fn every_case_of_the_corpus_comes_to_its_figures() {
    let files = data::entries(&data::corpus());
    let cases: Vec<_> =
        files.iter().filter(|file| file.extension().is_some_and(|end| end == "yaml")).collect();
    assert!(cases.len() >= 90, "only {} cases", cases.len());
    let wrong: Vec<String> = cases.iter().flat_map(|case| differences(case)).collect();
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

fn differences(file: &Path) -> Vec<String> {
    let name = file.file_stem().unwrap().to_string_lossy().into_owned();
    let [case] = &data::values(&name, &data::bytes(file))[..] else { panic!("{name}: one document") };
    only(&name, case, &KEYS);
    let prices = Some(data::text(case, "prices")).filter(|file| !file.is_empty()).unwrap_or("plain.csv");
    let book = data::book(prices, &data::bytes(&data::corpus().join("prices").join(prices)));
    let pools = case.get("nodes").map_or_else(NodePools::default, |nodes| {
        NodePools::read(nodes).unwrap_or_else(|errors| panic!("{name}: {errors:?}"))
    });
    let fractions = case.get("fractions").map_or_else(GpuFractions::default, |fractions| {
        GpuFractions::read(fractions).unwrap_or_else(|errors| panic!("{name}: {errors:?}"))
    });
    let objects = case.get("objects").and_then(Value::as_array).unwrap();
    let world = World::of(objects.iter());
    let estimator = Estimator::new(&book, &pools, &fractions, "2026-11-01T00:00:00Z".parse().unwrap());
    let (mut ours, mut errors, mut said) = (Vec::new(), Vec::new(), String::new());
    for object in objects {
        match estimator.explain(object, &world.around(object)) {
            Ok(None) => {}
            Ok(Some(estimate)) => {
                let identity = Beside::of(object);
                said.push_str(&estimate.tree.to_text(|_| None));
                ours.push(line(&format!("{} {}", identity.kind, identity.name), &estimate));
            }
            Err(error) => errors.push(error.to_string()),
        }
    }
    let mut wrong = Vec::new();
    let mut compare = |what: &str, ours: &[String], theirs: &[String]| {
        if ours != theirs {
            let (ours, theirs) = (ours.join("\n    "), theirs.join("\n    "));
            wrong.push(format!("{name}: {what}\n    {ours}\n  instead of\n    {theirs}"));
        }
    };
    match case.get("error").and_then(Value::as_str) {
        Some(error) => compare("errors", &errors, &[error.to_owned()]),
        None => {
            let expect = case.get("expect").and_then(Value::as_array).expect("`expect` or `error`");
            let theirs: Vec<String> = expect.iter().map(|expected| wanted(&name, expected)).collect();
            compare("errors", &errors, &[]);
            compare("estimates", &ours, &theirs);
        }
    }
    let unsaid = data::texts(case, "explains").into_iter().filter(|part| !said.contains(part));
    wrong.extend(unsaid.map(|part| format!("{name}: `{part}` is not explained in\n{said}")));
    wrong
}

/// An estimate in one line.
fn line(object: &str, estimate: &Estimate) -> String {
    let nine = |money: Money| money.to_text(9, Rounding::HalfUp);
    let unbounded: Vec<String> = estimate.unbounded.iter().map(ToString::to_string).collect();
    format!(
        "{object}: {} {} {}, gpus {}, unbounded {unbounded:?}, unpriced {:?}, capped {:?}, unknown {}",
        nine(estimate.expected_month()),
        nine(estimate.worst_month()),
        nine(estimate.peak_hour()),
        estimate.charge.gpus,
        estimate.unpriced.iter().map(ToString::to_string).collect::<Vec<_>>(),
        estimate.capped.map(Money::to_exact_text),
        estimate.unknown.is_some(),
    )
}

/// What a case expects, in the same form.
fn wanted(name: &str, expected: &Value) -> String {
    only(name, expected, &EXPECTED);
    let text = |key| data::text(expected, key);
    let gpus = Some(text("gpus")).filter(|gpus| !gpus.is_empty()).unwrap_or("0");
    format!(
        "{}: {} {} {}, gpus {gpus}, unbounded {:?}, unpriced {:?}, capped {:?}, unknown {}",
        text("object"),
        text("expected_month"),
        text("worst_month"),
        text("peak_hour"),
        data::texts(expected, "unbounded"),
        data::texts(expected, "unpriced"),
        Some(text("capped")).filter(|capped| !capped.is_empty()),
        expected.get("unknown").and_then(Value::as_bool).unwrap_or(false),
    )
}

fn only(name: &str, value: &Value, keys: &[&str]) {
    let map = value.as_object().unwrap_or_else(|| panic!("{name}: an object"));
    let stray = map.iter().find(|(key, _)| !keys.contains(&&***key));
    assert!(stray.is_none(), "{name}: unknown key {stray:?}");
}
