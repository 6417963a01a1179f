//! Every recorded case: what kubectl reads is read alike, and what another reader takes differently is refused.

mod data;

use serde_json::Value as Json;
use tollgate_manifest::{Limits, Mask, Reading, canonical, read};

fn json(value: &tollgate_vocabulary::Value) -> Json {
    serde_json::from_str(&canonical::text(value)).unwrap()
}

/// Equal, where whole numbers are compared by their text and others by their value.
fn equal(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => {
            let (a, b) = (a.to_string(), b.to_string());
            a == b
                || (a.contains(['.', 'e', 'E']) || b.contains(['.', 'e', 'E']) || a.len() > 15)
                    && a.parse::<f64>().unwrap() == b.parse::<f64>().unwrap()
        }
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => a == b,
    }
}

fn matches(reading: &Reading, expected: &Json) -> bool {
    let expected: Vec<&Json> = match expected {
        Json::Array(all) => all.iter().collect(),
        one => vec![one],
    };
    reading.others.is_empty()
        && reading.objects.len() == expected.len()
        && reading
            .objects
            .iter()
            .zip(expected)
            .all(|(read, expected)| equal(&json(&read.object.value), expected))
}

#[test]
fn every_case_is_read_as_kubectl_reads_it_or_refused_with_its_place() {
    let Some(cases) = data::read("k8s-yaml-scalars/cases.jsonl") else { return };
    let mask = Mask::new([7; 32]);
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for line in cases.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let (id, yaml) = (case["id"].as_str().unwrap(), case["yaml"].as_str().unwrap());
        let differs = case["differs_from_yaml12"] == Json::Bool(true)
            || case["differs_from_kustomize"] == Json::Bool(true)
            || !case["kubectl_unstable"].is_null();
        let expected = &case["kubectl_json"];
        let must_refuse = differs || expected.is_null();
        seen += 1;
        match read(yaml.as_bytes(), &mask, &Limits::default()) {
            Err(error) => {
                if !must_refuse {
                    wrong.push(format!("{id}: not read: {error} at {:?}", error.position));
                } else if error.position.offset > yaml.len() || error.position.line == 0 {
                    wrong.push(format!("{id}: no place: {error}"));
                }
            }
            Ok(reading) => {
                let refusals: Vec<_> = reading.objects.iter().flat_map(|read| &read.refusals).collect();
                if must_refuse && refusals.is_empty() {
                    wrong.push(format!("{id}: not refused"));
                }
                if !must_refuse && !refusals.is_empty() {
                    wrong.push(format!("{id}: refused: {:?}", refusals[0].message));
                }
                if refusals
                    .iter()
                    .any(|refusal| refusal.span.start.line == 0 || refusal.span.end.offset > yaml.len())
                {
                    wrong.push(format!("{id}: a refusal without a place"));
                }
                if !expected.is_null() && case["kubectl_unstable"].is_null() && !matches(&reading, expected) {
                    let got: Vec<_> =
                        reading.objects.iter().map(|read| canonical::text(&read.object.value)).collect();
                    wrong.push(format!("{id}: read as {got:?} {:?}", reading.others));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {seen}:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(seen, 242);
}
