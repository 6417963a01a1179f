//! Reading what was written gives it back; reading anything at all never panics.

use proptest::prelude::*;
use tollgate_manifest::{Limits, Mask, canonical, json, read};
use tollgate_vocabulary::{Map, Number, Value};

fn number() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        any::<i64>().prop_map(|whole| whole.to_string()),
        (-999i32..999, 0u32..1_000_000).prop_map(|(whole, fraction)| format!("{whole}.{fraction}")),
        (1u8..10, -30i8..30).prop_map(|(digit, exponent)| format!("{digit}e{exponent}")),
    ];
    text.prop_map(|text| Value::Number(Number::parse(&text).unwrap()))
}

/// Text without the characters that YAML cannot hold as they are.
fn word() -> impl Strategy<Value = String> {
    "[ -~é😀\u{fb33}\n\t]{0,12}".prop_map(|text| text.replace("<<", "<"))
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number(),
        word().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec((word(), inner), 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map>())),
        ]
    })
}

fn object() -> impl Strategy<Value = Value> {
    value().prop_map(|spec| {
        let entries = [("apiVersion", Value::from("v1")), ("kind", Value::from("X")), ("spec", spec)];
        Value::Object(entries.into_iter().collect())
    })
}

proptest! {
    #[test]
    fn canonical_json_reads_back_to_its_value(value in value()) {
        let text = canonical::text(&value);
        prop_assert_eq!(&json::read(text.as_bytes(), &Limits::default()).unwrap(), &value);
        let (spanned, tree) = json::read_with_spans(text.as_bytes(), &Limits::default()).unwrap();
        prop_assert_eq!(&spanned, &value);
        prop_assert_eq!(tree.span.end.offset, text.len());
    }

    #[test]
    fn json_reads_alike_as_json_and_as_yaml(object in object()) {
        let text = canonical::text(&object);
        let mask = Mask::new([7; 32]);
        let as_json = read(text.as_bytes(), &mask, &Limits::default()).unwrap();
        let as_yaml = read(format!("# YAML\n{text}").as_bytes(), &mask, &Limits::default()).unwrap();
        prop_assert_eq!(&*as_json.objects[0].object.value, &object);
        prop_assert_eq!(&*as_yaml.objects[0].object.value, &object);
        prop_assert!(as_yaml.objects[0].refusals.is_empty(), "{:?}", as_yaml.objects[0].refusals);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes, &Mask::new([7; 32]), &Limits::default());
        let _ = json::read(&bytes, &Limits::default());
    }

    #[test]
    fn no_marks_make_it_panic(text in "(a|y|kind: |apiVersion: v1|items: |- |\\? |: |\\{|\\}|\\[|\\]|,|\"|'|\\\\|<<: |&a |\\*a|!|!!int |\\||>|#|%|\n|  |\t|é|---|\\.\\.\\.|0x1|1e9){0,60}") {
        if let Ok(reading) = read(text.as_bytes(), &Mask::new([7; 32]), &Limits::default()) {
            for read in reading.objects {
                for refusal in &read.refusals {
                    prop_assert!(refusal.span.end.offset <= text.len() && refusal.span.start <= refusal.span.end);
                }
            }
        }
    }
}
