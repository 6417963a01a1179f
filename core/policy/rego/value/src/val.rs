//! One value.

use tollgate_vocabulary::{Map, Value};

use crate::collection::{Array, Object, Set};
use crate::number;

/// A value of Rego. Compared, equated and ordered as Rego does: `1` is `1.0`, and a list in an arena equals the same
/// list in a document.
#[derive(Clone, Copy, Debug)]
pub enum Val<'a> {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// a whole number of 64 bits
    Int(i64),
    /// any other number, as JSON text
    Number(&'a str),
    /// a string
    String(&'a str),
    /// a list made while evaluating
    Array(&'a [Val<'a>]),
    /// a list in a document
    DocumentArray(&'a [Value]),
    /// an object made while evaluating: sorted, each key once
    Object(&'a [(Val<'a>, Val<'a>)]),
    /// an object in a document
    DocumentObject(&'a Map),
    /// a set: sorted, each item once
    Set(&'a [Val<'a>]),
}

/// What a value is, in the order in which kinds are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `null`
    Null,
    /// `true`, `false`
    Boolean,
    /// a number
    Number,
    /// a string
    String,
    /// a list
    Array,
    /// an object
    Object,
    /// a set
    Set,
}

impl Kind {
    /// What `type_name` says.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
            Self::Set => "set",
        }
    }
}

impl<'a> Val<'a> {
    /// A look at a document; copies nothing.
    #[inline]
    #[must_use]
    pub fn of(value: &'a Value) -> Self {
        match value {
            Value::Null => Val::Null,
            Value::Bool(truth) => Val::Bool(*truth),
            Value::Number(number) => number::of_text(number.as_str()),
            Value::String(text) => Val::String(text),
            Value::Array(items) => Val::DocumentArray(items),
            Value::Object(map) => Val::DocumentObject(map),
        }
    }

    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Val::Null => Kind::Null,
            Val::Bool(_) => Kind::Boolean,
            Val::Int(_) | Val::Number(_) => Kind::Number,
            Val::String(_) => Kind::String,
            Val::Array(_) | Val::DocumentArray(_) => Kind::Array,
            Val::Object(_) | Val::DocumentObject(_) => Kind::Object,
            Val::Set(_) => Kind::Set,
        }
    }

    /// The text, where this is a string.
    #[must_use]
    pub const fn as_str(&self) -> Option<&'a str> {
        match self {
            Val::String(text) => Some(text),
            _ => None,
        }
    }

    /// The list, where this is one.
    #[must_use]
    pub const fn as_array(&self) -> Option<Array<'a>> {
        match self {
            Val::Array(items) => Some(Array::Own(items)),
            Val::DocumentArray(items) => Some(Array::Document(items)),
            _ => None,
        }
    }

    /// The object, where this is one.
    #[must_use]
    pub const fn as_object(&self) -> Option<Object<'a>> {
        match self {
            Val::Object(entries) => Some(Object::Own(entries)),
            Val::DocumentObject(map) => Some(Object::Document(map)),
            _ => None,
        }
    }

    /// The set, where this is one.
    #[must_use]
    pub const fn as_set(&self) -> Option<Set<'a>> {
        match self {
            Val::Set(items) => Some(Set(items)),
            _ => None,
        }
    }

    /// What stands under `key`: a list's item, an object's value, a set's member itself. Nothing where there is none.
    #[inline]
    #[must_use]
    pub fn step(&self, key: &Val<'a>) -> Option<Val<'a>> {
        match self {
            Val::DocumentObject(map) => match key {
                Val::String(key) => map.get(key).map(Val::of),
                _ => None,
            },
            Val::Object(entries) => Object::Own(entries).get(key),
            Val::Array(_) | Val::DocumentArray(_) => self.as_array()?.at(key),
            Val::Set(items) => Set(items).member(key),
            _ => None,
        }
    }

    /// How many parts it has, where it has parts.
    #[must_use]
    pub fn len(&self) -> Option<usize> {
        match self {
            Val::Array(items) | Val::Set(items) => Some(items.len()),
            Val::DocumentArray(items) => Some(items.len()),
            Val::Object(entries) => Some(entries.len()),
            Val::DocumentObject(map) => Some(map.len()),
            _ => None,
        }
    }

    /// Whether it has parts, and there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// Whether it makes a condition hold: anything but `false`.
    #[inline]
    #[must_use]
    pub const fn truthy(&self) -> bool {
        !matches!(self, Val::Bool(false))
    }
}
