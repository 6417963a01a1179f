//! From the client library's JSON to our value, and to text for keeping.

use std::sync::Arc;

use tollgate_vocabulary::{Map, Number, Value};

/// The same value in our words. Numbers are as the client library read them, which for what the API server keeps of
/// what we watch is as they were written.
#[must_use]
pub fn value_of(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(truth) => Value::Bool(*truth),
        serde_json::Value::Number(number) => {
            let text = number.to_string();
            Number::parse(&text).map_or_else(|| Value::from(text), Value::Number)
        }
        serde_json::Value::String(text) => Value::from(text.as_str()),
        serde_json::Value::Array(items) => Value::Array(items.iter().map(value_of).collect()),
        serde_json::Value::Object(entries) => Value::Object(
            entries
                .iter()
                .map(|(key, value)| (Arc::<str>::from(key.as_str()), value_of(value)))
                .collect::<Map>(),
        ),
    }
}

/// JSON text of which [`value_of`] makes the same value again.
pub(crate) fn text_of(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value);
    text
}

fn write(text: &mut String, value: &Value) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(truth) => text.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => text.push_str(number.as_str()),
        Value::String(string) => quote(text, string),
        Value::Array(items) => {
            let mut open = '[';
            for item in items {
                text.push(std::mem::replace(&mut open, ','));
                write(text, item);
            }
            text.push_str(if items.is_empty() { "[]" } else { "]" });
        }
        Value::Object(map) => {
            let mut open = '{';
            for (key, value) in map.iter() {
                text.push(std::mem::replace(&mut open, ','));
                quote(text, key);
                text.push(':');
                write(text, value);
            }
            text.push_str(if map.is_empty() { "{}" } else { "}" });
        }
    }
}

fn quote(text: &mut String, string: &str) {
    text.push_str(&serde_json::Value::from(string).to_string());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_json_has_its_value() {
        let json = serde_json::json!({"b": [1, -2.5, null, true], "a": {"x": "y"}});
        let value = value_of(&json);
        let Some([one, half, null, truth]) = value.get("b").and_then(Value::as_array) else { panic!() };
        assert_eq!(one, &Value::from(1u64));
        assert_eq!(half, &Value::Number(Number::parse("-2.5").unwrap()));
        assert!(null.is_null() && truth.as_bool() == Some(true));
        assert_eq!(value.get("a").and_then(|a| a.get("x")).and_then(Value::as_str), Some("y"));
    }
    #[test]
    fn text_becomes_the_same_value_again() {
        let json = serde_json::json!({
            "": [], "a\"\n\u{1}ü": {}, "n": [0, -1, u64::MAX, 2.5, 1e300, [[], [null, true, false]]], "o": {"x": {"y": ""}},
        });
        let value = value_of(&json);
        let text = text_of(&value);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), json);
        assert_eq!(value_of(&serde_json::from_str(&text).unwrap()), value);
    }
}
