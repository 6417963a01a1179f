//! From the client library's JSON to our value.

use std::sync::Arc;

use tollgate_vocabulary::{Map, Number, Value};

/// The same value in our words. Numbers are as the client library read them, which for what the API server keeps of
/// namespaces is as they were written.
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
}
