//! The schema of a template's parameters: OpenAPI v3 as CustomResourceDefinitions have it
//! (apiextensions.k8s.io/v1 `JSONSchemaProps`).
//!
//! ```text
//! openAPIV3Schema ──read──> Schema ──> validate(parameters): what does not fit, what nobody knows
//!                                 └──> fill(parameters): defaults put in, as the API server does
//! ```

mod default;
mod number;
mod read;
mod validate;

use std::collections::BTreeMap;
use std::sync::Arc;

use regex::Regex;
use tollgate_vocabulary::Value;

pub use validate::SchemaError;

/// What a value may be.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    kind: Option<Kind>,
    nullable: bool,
    /// `x-kubernetes-int-or-string`
    int_or_string: bool,
    /// `x-kubernetes-preserve-unknown-fields`
    preserve_unknown: bool,
    properties: BTreeMap<Arc<str>, Schema>,
    additional: Additional,
    items: Option<Box<Schema>>,
    required: Vec<Arc<str>>,
    default: Option<Value>,
    allowed: Option<Vec<Value>>,
    bounds: Bounds,
    pattern: Option<Regex>,
    format: Option<Arc<str>>,
    all_of: Vec<Schema>,
    any_of: Vec<Schema>,
    one_of: Vec<Schema>,
    not: Option<Box<Schema>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Object,
    Array,
    String,
    Integer,
    Number,
    Boolean,
}

/// What of an object's keys beside its properties.
#[derive(Clone, Debug, Default)]
enum Additional {
    #[default]
    Unsaid,
    Allowed(bool),
    Like(Box<Schema>),
}

#[derive(Clone, Debug, Default)]
struct Bounds {
    minimum: Option<f64>,
    maximum: Option<f64>,
    exclusive_minimum: bool,
    exclusive_maximum: bool,
    multiple_of: Option<f64>,
    length: Range,
    items: Range,
    properties: Range,
    unique_items: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Range {
    least: Option<usize>,
    most: Option<usize>,
}

impl Kind {
    const ALL: [Self; 6] =
        [Self::Object, Self::Array, Self::String, Self::Integer, Self::Number, Self::Boolean];

    const fn word(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Array => "array",
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
        }
    }

    const fn article(self) -> &'static str {
        match self {
            Self::Object | Self::Array | Self::Integer => "an",
            Self::String | Self::Number | Self::Boolean => "a",
        }
    }
}

impl Schema {
    /// A schema that everything fits, as `legacySchema` makes one where none is written.
    #[must_use]
    pub fn anything() -> Self {
        Self { preserve_unknown: true, ..Self::default() }
    }

    /// Allows unknown keys at every level, as `legacySchema: true` does.
    #[must_use]
    pub fn legacy(mut self) -> Self {
        if matches!(self.kind, None | Some(Kind::Object)) {
            self.preserve_unknown = true;
        }
        if self.kind == Some(Kind::Array) && self.items.is_none() {
            self.items = Some(Box::new(Self::anything()));
        }
        self.properties = self.properties.into_iter().map(|(key, schema)| (key, schema.legacy())).collect();
        self.items = self.items.map(|items| Box::new(items.legacy()));
        if let Additional::Like(schema) = self.additional {
            self.additional = Additional::Like(Box::new(schema.legacy()));
        }
        self
    }

    /// The default of the value itself.
    #[must_use]
    pub fn default_value(&self) -> Option<&Value> {
        self.default.as_ref()
    }
}

#[cfg(test)]
mod tests;
