//! What a template answers: members of its `violation`, read as messages with details.

use tollgate_manifest::canonical;
use tollgate_vocabulary::{Map, Path, Value};

use crate::{Place, node};

/// One violation of one constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// `msg`
    pub message: String,
    /// `details`, or an empty object
    pub details: Value,
    /// where in the object; nothing where it cannot be told
    pub path: Option<Path>,
    /// the condition that read it, in the template
    pub condition: Option<Place>,
}

/// A member of `violation` that Gatekeeper would pass over in silence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`violation` holds {0}")]
pub struct ShapeError(String);

impl Violation {
    /// Reads a member of `violation`.
    ///
    /// # Errors
    /// It is no object with a text as `msg`. Gatekeeper loses such a member, so that nothing is denied; here it is the
    /// template's error.
    pub fn read(member: &Value) -> Result<Self, ShapeError> {
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
        Ok(Self { details, ..Self::of_message(message) })
    }

    /// A violation that says this and nothing else.
    #[must_use]
    pub fn of_message(message: String) -> Self {
        Self { message, details: Map::default().into(), path: None, condition: None }
    }
}

/// Violations sorted by message and then by details, each once: that two places say the same is one violation to
/// Gatekeeper, and stands at the first of them.
pub(crate) fn sorted(mut violations: Vec<Violation>) -> Vec<Violation> {
    violations.sort_by_cached_key(|violation| {
        let (message, details) = (violation.message.clone(), canonical::text(&violation.details));
        (message, details, violation.path.is_none(), violation.path.clone())
    });
    violations.dedup_by(|a, b| a.message == b.message && a.details == b.details);
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(entries: &[(&str, Value)]) -> Value {
        Value::Object(entries.iter().map(|(key, value)| (*key, value.clone())).collect())
    }

    #[test]
    fn what_is_said_twice_stands_once_at_the_first_place() {
        let at = |key: &str| Some(Path::of_keys(&[key]));
        let said =
            |message: &str, path: Option<Path>| Violation { path, ..Violation::of_message(message.into()) };
        let all = vec![said("b", None), said("b", at("y")), said("a", None), said("b", at("x"))];
        assert_eq!(sorted(all), [said("a", None), said("b", at("x"))]);
        let mut other = said("b", at("x"));
        other.details = "d".into();
        assert_eq!(sorted(vec![other.clone(), said("b", at("x"))]).len(), 2);
    }

    #[test]
    fn details_are_an_empty_object_where_none_are_given() {
        let bare = Violation::read(&object(&[("msg", "b".into())])).unwrap();
        assert_eq!((bare.message.as_str(), canonical::text(&bare.details)), ("b", "{}".to_owned()));
        let full = Violation::read(&object(&[("msg", "b".into()), ("details", "d".into())])).unwrap();
        assert_eq!(full.details, "d".into());
    }

    #[test]
    fn a_member_that_gatekeeper_would_lose_is_an_error() {
        for (member, said) in [
            (Value::from("text"), "`violation` holds text, not an object such as `{\"msg\": \"..\"}`"),
            (object(&[("message", "m".into())]), "`violation` holds an object without `msg`"),
            (object(&[("msg", true.into())]), "`violation` holds a truth value as `msg`, not text"),
        ] {
            assert_eq!(Violation::read(&member).unwrap_err().to_string(), said);
        }
    }
}
