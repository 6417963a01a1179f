//! What an engine answers for `deny`, `warn` or `violation`, read as violations.
//!
//! A set of strings or of objects `{"msg": .., "severity", "path", "expected", "found", "remedy"}`; a complete rule that
//! is a string, such an object, or `true`. Every other shape is the rule's own error, never silence.

use tollgate_manifest::canonical;
use tollgate_vocabulary::{Map, Severity, Value};

use crate::outcome::{RuleError, Violation};
use crate::{Rule, path};

/// The violation that a member of a set is, or a rule's one value; nothing where that is `false`.
pub(crate) fn read(rule: &Rule, given: &Value) -> Result<Option<Violation>, RuleError> {
    match given {
        Value::Bool(false) => Ok(None),
        Value::Bool(true) => {
            let message = rule.title.as_deref().unwrap_or("denied").to_owned();
            Ok(Some(Violation::of(message)))
        }
        value => one(rule, value).map(Some),
    }
}

fn one(rule: &Rule, value: &Value) -> Result<Violation, RuleError> {
    match value {
        Value::String(message) => Ok(Violation::of(message.to_string())),
        Value::Object(map) => object(rule, map),
        other => Err(shape(rule, format!("holds {}, not a string or an object with `msg`", kind(other)))),
    }
}

fn object(rule: &Rule, map: &Map) -> Result<Violation, RuleError> {
    let message = match map.get("msg").or_else(|| map.get("message")) {
        Some(Value::String(message)) => message.to_string(),
        Some(other) => return Err(shape(rule, format!("has {} as `msg`, not a string", kind(other)))),
        None => return Err(shape(rule, "holds an object without `msg`".to_owned())),
    };
    let text = |key: &str| map.get(key).map(text);
    let severity = match map.get("severity") {
        None => None,
        Some(value) => match value.as_str().and_then(Severity::from_word) {
            Some(severity) => Some(severity),
            None => {
                let words = "`info`, `low`, `medium`, `high` or `critical`";
                let found = canonical::text(value);
                return Err(shape(rule, format!("has {found} as `severity`: expected {words}")));
            }
        },
    };
    let path = match map.get("path") {
        None => None,
        Some(value) => match path::read(value) {
            Some(path) => Some(path),
            None => {
                let found = canonical::text(value);
                let wanted = "a path such as `spec.containers[0].image`, or a list of keys and indices";
                return Err(shape(rule, format!("has {found} as `path`: expected {wanted}")));
            }
        },
    };
    let (expected, found, remedy) = (text("expected"), text("found"), text("remedy"));
    Ok(Violation { message, severity, path, expected, found, remedy, condition: None })
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_string(),
        other => canonical::text(other),
    }
}

fn shape(rule: &Rule, what: String) -> RuleError {
    RuleError::Shape(format!("`{}` of package `{}` {what}", rule.head.word(), rule.package))
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

impl Violation {
    pub(crate) const fn of(message: String) -> Self {
        Self {
            message,
            severity: None,
            path: None,
            expected: None,
            found: None,
            remedy: None,
            condition: None,
        }
    }
}
