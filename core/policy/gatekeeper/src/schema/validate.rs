//! Whether a value fits a schema (apiextensions-apiserver `validation`, and the pruning that finds unknown fields).

use std::sync::Arc;

use tollgate_manifest::canonical;
use tollgate_vocabulary::{Map, Path, Step, Value};

use super::{Additional, Kind, Range, Schema, number};
use crate::{node, spelling};

/// One place where a value does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SchemaError {
    /// from the value that was validated
    pub path: Path,
    /// whether it is a field that no schema has: refused, but not by the schema itself
    pub unknown: bool,
    /// what is wrong, without the path
    pub message: String,
    /// how to mend it
    pub remedy: Option<String>,
}

impl Schema {
    /// Every place where `value` does not fit, in the order of the value.
    #[must_use]
    pub fn validate(&self, value: &Value) -> Vec<SchemaError> {
        let mut check = Check::default();
        check.value(self, value);
        check.unknown(self, value);
        check.errors
    }

    fn fits(&self, value: &Value) -> bool {
        let mut check = Check::default();
        check.value(self, value);
        check.errors.is_empty()
    }
}

#[derive(Default)]
struct Check {
    path: Path,
    errors: Vec<SchemaError>,
}

impl Check {
    fn wrong(&mut self, message: impl Into<String>) {
        self.errors.push(SchemaError {
            path: self.path.clone(),
            unknown: false,
            message: message.into(),
            remedy: None,
        });
    }

    fn value(&mut self, schema: &Schema, value: &Value) {
        if value.is_null() && schema.nullable {
            return;
        }
        if let Some(wanted) = self.misfit(schema, value) {
            self.wrong(format!("must be {wanted}, not {}", node::kind(value)));
            return;
        }
        if let Some(allowed) = &schema.allowed
            && !allowed.iter().any(|other| number::equal(other, value))
        {
            let words: Vec<String> = allowed.iter().map(canonical::text).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            self.wrong(format!("is `{}`, not one of {}", canonical::text(value), spelling::list(&words)));
        }
        match value {
            Value::Object(map) => self.object(schema, map),
            Value::Array(items) => self.array(schema, items),
            Value::String(text) => self.text(schema, text),
            Value::Number(number) => self.number(schema, number::of(number)),
            Value::Null | Value::Bool(_) => {}
        }
        self.combined(schema, value);
    }

    /// What the value should be, where it is something else altogether.
    fn misfit(&self, schema: &Schema, value: &Value) -> Option<String> {
        if schema.int_or_string {
            let fits = match value {
                Value::Number(number) => number::is_integer(number),
                Value::String(_) => true,
                _ => false,
            };
            return (!fits).then(|| "an integer or a string".to_owned());
        }
        let kind = schema.kind?;
        let fits = match (kind, value) {
            (Kind::Object, Value::Object(_))
            | (Kind::Array, Value::Array(_))
            | (Kind::String, Value::String(_))
            | (Kind::Boolean, Value::Bool(_))
            | (Kind::Number, Value::Number(_)) => true,
            (Kind::Integer, Value::Number(number)) => number::is_integer(number),
            _ => false,
        };
        (!fits).then(|| format!("{} {}", kind.article(), kind.word()))
    }

    fn object(&mut self, schema: &Schema, map: &Map) {
        for key in schema.required.iter().filter(|key| map.get(key).is_none()) {
            self.wrong(format!("lacks `{key}`, which is required"));
        }
        self.range(schema.bounds.properties, map.len(), "entries");
        for (key, value) in map.iter() {
            self.path.push(Step::Key(key.clone()));
            match (schema.properties.get(key), &schema.additional) {
                // The API server puts the default in the place of a null that may not be.
                (Some(below), _) if value.is_null() && !below.nullable && below.default.is_some() => {}
                (Some(below), _) => self.value(below, value),
                (None, Additional::Like(below)) => self.value(below, value),
                _ => {}
            }
            self.path.pop();
        }
    }

    fn array(&mut self, schema: &Schema, items: &[Value]) {
        self.range(schema.bounds.items, items.len(), "items");
        if schema.bounds.unique_items {
            let mut seen: Vec<String> = items.iter().map(canonical::text).collect();
            seen.sort();
            if let Some([twice, _]) = seen.windows(2).find(|pair| matches!(pair, [a, b] if a == b)) {
                self.wrong(format!("holds `{twice}` twice"));
            }
        }
        let Some(below) = &schema.items else { return };
        for (at, item) in items.iter().enumerate() {
            self.path.push(Step::Index(at));
            self.value(below, item);
            self.path.pop();
        }
    }

    fn text(&mut self, schema: &Schema, text: &Arc<str>) {
        self.range(schema.bounds.length, text.chars().count(), "characters");
        if let Some(pattern) = &schema.pattern
            && !pattern.is_match(text)
        {
            self.wrong(format!("is `{text}`, which does not match `{pattern}`"));
        }
        let bad = match schema.format.as_deref() {
            Some("date-time") => text.parse::<tollgate_vocabulary::Timestamp>().is_err(),
            Some("ipv4") => text.parse::<std::net::Ipv4Addr>().is_err(),
            Some("ipv6") => text.parse::<std::net::Ipv6Addr>().is_err(),
            _ => false,
        };
        if bad {
            self.wrong(format!("is `{text}`, not {}", schema.format.as_deref().unwrap_or_default()));
        }
    }

    fn number(&mut self, schema: &Schema, number: f64) {
        let bounds = &schema.bounds;
        if let Some(least) = bounds.minimum
            && (number < least || bounds.exclusive_minimum && number == least)
        {
            let or_equal = if bounds.exclusive_minimum { "greater than" } else { "at least" };
            self.wrong(format!("must be {or_equal} {least}"));
        }
        if let Some(most) = bounds.maximum
            && (number > most || bounds.exclusive_maximum && number == most)
        {
            let or_equal = if bounds.exclusive_maximum { "less than" } else { "at most" };
            self.wrong(format!("must be {or_equal} {most}"));
        }
        if let Some(unit) = bounds.multiple_of
            && !number::is_multiple(number, unit)
        {
            self.wrong(format!("must be a multiple of {unit}"));
        }
    }

    fn range(&mut self, range: Range, count: usize, what: &str) {
        if let Some(least) = range.least
            && count < least
        {
            self.wrong(format!("has {count} {what}, fewer than {least}"));
        }
        if let Some(most) = range.most
            && count > most
        {
            self.wrong(format!("has {count} {what}, more than {most}"));
        }
    }

    fn combined(&mut self, schema: &Schema, value: &Value) {
        for part in &schema.all_of {
            self.value(part, value);
        }
        let fitting = |parts: &[Schema]| parts.iter().filter(|part| part.fits(value)).count();
        if !schema.any_of.is_empty() && fitting(&schema.any_of) == 0 {
            self.wrong("fits none of the schemas under `anyOf`");
        }
        match fitting(&schema.one_of) {
            0 if !schema.one_of.is_empty() => self.wrong("fits none of the schemas under `oneOf`"),
            0 | 1 => {}
            several => self.wrong(format!("fits {several} of the schemas under `oneOf`, not one")),
        }
        if schema.not.as_ref().is_some_and(|not| not.fits(value)) {
            self.wrong("fits the schema under `not`");
        }
    }

    /// Fields that the API server would drop.
    fn unknown(&mut self, schema: &Schema, value: &Value) {
        match value {
            Value::Object(map) => {
                for (key, value) in map.iter() {
                    self.path.push(Step::Key(key.clone()));
                    match (schema.properties.get(key), &schema.additional) {
                        (Some(below), _) => self.unknown(below, value),
                        (None, Additional::Like(below)) => self.unknown(below, value),
                        (None, Additional::Allowed(true)) => {}
                        _ if schema.preserve_unknown => {}
                        _ => self.unknown_field(schema, key),
                    }
                    self.path.pop();
                }
            }
            Value::Array(items) => {
                let Some(below) = &schema.items else { return };
                for (at, item) in items.iter().enumerate() {
                    self.path.push(Step::Index(at));
                    self.unknown(below, item);
                    self.path.pop();
                }
            }
            _ => {}
        }
    }

    fn unknown_field(&mut self, schema: &Schema, key: &str) {
        let known: Vec<&str> = schema.properties.keys().map(|key| &**key).collect();
        let remedy = (!known.is_empty()).then(|| spelling::remedy(key, &known));
        let message = "is a field that the template's schema does not have".to_owned();
        self.errors.push(SchemaError { path: self.path.clone(), unknown: true, message, remedy });
    }
}
