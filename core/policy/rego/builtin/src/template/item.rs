//! What a template computes with.

use tollgate_rego_value::Val;

/// A value as Go's templates see it.
#[derive(Clone, Debug)]
pub(super) enum Item<'a> {
    /// no value at all: a key that is not there
    Missing,
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    /// a number of the data: text of a type of its own
    Number(String),
    /// a list or object of the data
    Data(Val<'a>),
}

impl<'a> Item<'a> {
    pub(super) fn of(value: Val<'a>) -> Self {
        match value {
            Val::Null => Self::Nil,
            Val::Bool(truth) => Self::Bool(truth),
            Val::Int(number) => Self::Number(number.to_string()),
            Val::Number(text) => Self::Number(text.to_owned()),
            Val::String(text) => Self::Text(text.to_owned()),
            // Sets are lists in JSON.
            Val::Set(items) => Self::Data(Val::Array(items)),
            other => Self::Data(other),
        }
    }

    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Missing | Self::Nil => false,
            Self::Bool(truth) => *truth,
            Self::Int(number) => *number != 0,
            Self::Float(number) => *number != 0.0,
            Self::Text(text) | Self::Number(text) => !text.is_empty(),
            Self::Data(value) => value.len().unwrap_or_default() > 0,
        }
    }

    /// What Go calls its type.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Missing | Self::Nil => "nil",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float64",
            Self::Text(_) => "string",
            Self::Number(_) => "json.Number",
            Self::Data(value) if value.as_array().is_some() => "[]interface {}",
            Self::Data(_) => "map[string]interface {}",
        }
    }
}
