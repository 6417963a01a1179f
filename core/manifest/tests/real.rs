//! Real files: manifests that people keep in Git, and requests that a real API server sent.

mod data;

use std::collections::BTreeMap;

use serde_json::Value as Json;
use tollgate_manifest::{Limits, Mask, canonical, json, looks_like_template, read};
use tollgate_vocabulary::Value;

fn parse(text: &str) -> Value {
    json::read(text.as_bytes(), &Limits::default()).unwrap()
}

#[test]
fn real_manifests_read_to_the_json_that_kubectl_reads() {
    let (Some(expected), Some(files)) =
        (data::read("real-manifests/expected.jsonl"), data::files("real-manifests"))
    else {
        return;
    };
    let files: BTreeMap<_, _> = files.into_iter().collect();
    let mask = Mask::new([7; 32]);
    let (mut seen, mut documents, mut refused) = (0, 0, Vec::new());
    for line in expected.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let name = case["file"].as_str().unwrap().trim_start_matches("./");
        let bytes = &files[name];
        assert!(!looks_like_template(bytes), "{name}");
        let reading = read(bytes, &mask, &Limits::default()).unwrap_or_else(|error| {
            panic!("{name}:{}:{}: {error}", error.position.line, error.position.column)
        });
        seen += 1;
        let refusals: Vec<_> = reading.objects.iter().flat_map(|read| &read.refusals).collect();
        if refusals.is_empty() {
            assert_eq!(case["strict"], Json::Null, "{name} is refused by a strict reading");
        } else {
            assert!(
                refusals.iter().all(|refusal| refusal.rule.as_str() == "reading.duplicate-key"),
                "{refusals:?}"
            );
            refused.push(name.to_owned());
        }
        let docs = case["docs"].as_array().unwrap();
        documents += docs.len();
        // A list stands for its items.
        let docs: Vec<&Json> = docs
            .iter()
            .flat_map(|doc| doc["items"].as_array().map_or(vec![doc], |all| all.iter().collect()))
            .collect();
        assert_eq!((reading.objects.len(), reading.others.len()), (docs.len(), 0), "{name}");
        for (read, doc) in reading.objects.iter().zip(docs) {
            let mut doc = parse(&doc.to_string());
            mask.apply(&mut doc);
            assert_eq!(canonical::text(&read.object.value), canonical::text(&doc), "{name}");
        }
    }
    assert_eq!((seen, documents, refused.len()), (186, 221, 2), "{refused:?}");
}

#[test]
fn real_requests_read_alike_fast_with_spans_and_as_yaml() {
    let Some(files) = data::files("admission-reviews") else { return };
    let mut seen = 0;
    for (name, bytes) in files.iter().filter(|(name, _)| name.ends_with(".json")) {
        let fast = json::read(bytes, &Limits::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (spanned, _) = json::read_with_spans(bytes, &Limits::default()).unwrap();
        assert_eq!(fast, spanned, "{name}");
        let with: Json = serde_json::from_slice(bytes).unwrap();
        assert_eq!(serde_json::from_str::<Json>(&canonical::text(&fast)).unwrap(), with, "{name}");
        seen += 1;
    }
    assert_eq!(seen, 53);
}

#[test]
fn a_json_object_reads_alike_as_json_and_as_yaml() {
    let Some(files) = data::files("admission-reviews") else { return };
    // No key masks anything here but Secrets, which both readings mask alike.
    let mask = Mask::new([7; 32]);
    let mut seen = 0;
    for (name, bytes) in files.iter().filter(|(name, _)| name.ends_with(".json")) {
        let review: Json = serde_json::from_slice(bytes).unwrap();
        for object in [&review["request"]["object"], &review["request"]["oldObject"]] {
            if object["kind"].is_null() {
                continue;
            }
            let text = serde_json::to_string(object).unwrap();
            let as_json = read(text.as_bytes(), &mask, &Limits::default()).unwrap();
            let as_yaml = read(format!("# YAML\n{text}").as_bytes(), &mask, &Limits::default())
                .unwrap_or_else(|error| panic!("{name}: {error} at {:?}", error.position));
            assert_eq!(as_json.objects[0].object, as_yaml.objects[0].object, "{name}");
            assert!(as_yaml.objects[0].refusals.is_empty(), "{name}: {:?}", as_yaml.objects[0].refusals);
            seen += 1;
        }
    }
    assert!(seen > 40, "{seen}");
}
