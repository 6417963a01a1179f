//! Values as text, as Rego prints them: JSON, with sets in braces.

use std::fmt;

use crate::Val;

impl fmt::Display for Val<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Val::Null => f.write_str("null"),
            Val::Bool(truth) => write!(f, "{truth}"),
            Val::Int(number) => write!(f, "{number}"),
            Val::Number(text) => f.write_str(text),
            Val::String(text) => write!(f, "{text:?}"),
            Val::Array(_) | Val::DocumentArray(_) => f.write_str("[]"),
            Val::Object(_) | Val::DocumentObject(_) => f.write_str("{}"),
            Val::Set(_) => f.write_str("set()"),
        }
    }
}
