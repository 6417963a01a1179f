//! Values as text in which equal ones are equal.

use tollgate_rego_value::Val;

use super::decimal;
use crate::json_text;

/// `value` as JSON with sorted keys and numbers in floating point.
pub(super) fn canonical(value: &Val<'_>) -> String {
    match value {
        Val::Int(_) | Val::Number(_) => decimal::plain(value),
        other => {
            if let Some(items) = other.as_array() {
                let items: Vec<_> = items.iter().map(|item| canonical(&item)).collect();
                format!("[{}]", items.join(","))
            } else if let Some(object) = other.as_object() {
                let entries: Vec<_> = object
                    .iter()
                    .map(|(key, value)| format!("{}:{}", json_text::write(&key), canonical(&value)))
                    .collect();
                format!("{{{}}}", entries.join(","))
            } else {
                json_text::write(other)
            }
        }
    }
}
