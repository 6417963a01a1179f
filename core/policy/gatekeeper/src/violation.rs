//! What a template answers: its `violation` set, read as messages with details.

use tollgate_manifest::canonical;
use tollgate_vocabulary::{Map, Path, Value};

use crate::node;

/// One violation of one constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// `msg`
    pub message: String,
    /// `details`, or an empty object
    pub details: Value,
    /// where in the object; nothing where it cannot be told
    pub path: Option<Path>,
}

/// A member of `violation` that Gatekeeper would pass over in silence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`violation` holds {0}")]
pub struct ShapeError(String);

/// Reads the members of `violation`, sorted by message and then by details, each once.
///
/// # Errors
/// A member that is not an object with a text as `msg`. Gatekeeper loses such a member, so that nothing is denied;
/// here it is the template's error.
pub fn read_violations<'v>(
    members: impl IntoIterator<Item = &'v Value>,
) -> Result<Vec<Violation>, ShapeError> {
    let mut violations = members.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    violations
        .sort_by_cached_key(|violation| (violation.message.clone(), canonical::text(&violation.details)));
    violations.dedup();
    Ok(violations)
}

impl Violation {
    /// A violation that says this and nothing else.
    #[must_use]
    pub fn of_message(message: String) -> Self {
        Self { message, details: Map::default().into(), path: None }
    }
}

fn read(member: &Value) -> Result<Violation, ShapeError> {
    let Value::Object(map) = member else {
        let found = node::kind(member);
        return Err(ShapeError(format!("{found}, not an object such as `{{\"msg\": \"..\"}}`")));
    };
    let message = match map.get("msg") {
        Some(Value::String(message)) => message.to_string(),
        Some(other) => return Err(ShapeError(format!("{} as `msg`, not text", node::kind(other)))),
        None => return Err(ShapeError("an object without `msg`".to_owned())),
    };
    let details = map.get("details").cloned().unwrap_or_else(|| Map::default().into());
    Ok(Violation { message, details, path: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(entries: &[(&str, Value)]) -> Value {
        Value::Object(entries.iter().map(|(key, value)| (*key, value.clone())).collect())
    }

    #[test]
    fn members_are_sorted_and_each_stands_once() {
        let b = object(&[("msg", "b".into())]);
        let a = object(&[("msg", "a".into()), ("details", object(&[("x", "y".into())]))]);
        let bare = object(&[("msg", "b".into()), ("details", object(&[]))]);
        let read = read_violations([&b, &a, &bare]).unwrap();
        let seen: Vec<_> = read.iter().map(|v| (v.message.as_str(), canonical::text(&v.details))).collect();
        assert_eq!(seen, [("a", r#"{"x":"y"}"#.to_owned()), ("b", "{}".to_owned())]);
    }

    #[test]
    fn a_member_that_gatekeeper_would_lose_is_an_error() {
        for (member, said) in [
            (Value::from("text"), "`violation` holds text, not an object such as `{\"msg\": \"..\"}`"),
            (object(&[("message", "m".into())]), "`violation` holds an object without `msg`"),
            (object(&[("msg", true.into())]), "`violation` holds a truth value as `msg`, not text"),
        ] {
            assert_eq!(read_violations([&member]).unwrap_err().to_string(), said);
        }
    }
}
