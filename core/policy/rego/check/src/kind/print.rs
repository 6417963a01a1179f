//! Types as a person says them: `a string`, `an array of numbers`.

use std::fmt;

use super::Type;

/// How many members of a union are named.
const NAMED: usize = 4;

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown | Self::Any => f.write_str("any value"),
            Self::Null => f.write_str("null"),
            Self::Boolean => f.write_str("a boolean"),
            Self::Number => f.write_str("a number"),
            Self::String => f.write_str("a string"),
            Self::Array(array) => match (array.0.len(), array.1.as_ref().and_then(Self::plural)) {
                (0, Some(items)) => write!(f, "an array of {items}"),
                (0, None) if array.1.is_none() => f.write_str("an empty array"),
                (items, _) if array.1.is_none() => write!(f, "an array of {items} items"),
                _ => f.write_str("an array"),
            },
            Self::Set(item) => match item.as_deref().and_then(Self::plural) {
                Some(items) => write!(f, "a set of {items}"),
                None if item.is_none() => f.write_str("an empty set"),
                None => f.write_str("a set"),
            },
            Self::Object(_) => f.write_str("an object"),
            Self::Union(members) => {
                let mut words: Vec<String> = members.iter().map(ToString::to_string).collect();
                words.dedup();
                words.truncate(NAMED);
                f.write_str(&words.join(" or "))
            }
        }
    }
}

impl Type {
    const fn plural(&self) -> Option<&'static str> {
        match self {
            Self::Boolean => Some("booleans"),
            Self::Number => Some("numbers"),
            Self::String => Some("strings"),
            Self::Array(_) => Some("arrays"),
            Self::Set(_) => Some("sets"),
            Self::Object(_) => Some("objects"),
            _ => None,
        }
    }
}
