//! A schema's keywords, read as what they must be.

use tollgate_rego_value::{Object, Val};

use super::decimal::is_whole;
use crate::Error;

const TYPES: [&str; 7] = ["array", "boolean", "integer", "number", "null", "object", "string"];

/// A schema's keywords.
pub(super) struct Keywords<'a>(pub(super) Object<'a>);

impl<'a> Keywords<'a> {
    pub(super) fn text(&self, name: &str) -> Result<Option<&'a str>, Error> {
        match self.0.text(name) {
            None => Ok(None),
            Some(Val::String(text)) => Ok(Some(text)),
            Some(_) => Err(invalid_type("string", name)),
        }
    }

    pub(super) fn list(&self, name: &str) -> Result<Option<Vec<Val<'a>>>, Error> {
        let Some(value) = self.0.text(name) else { return Ok(None) };
        let items = value.as_array().ok_or_else(|| failed(&format!("{name} must be of an array")))?;
        Ok(Some(items.iter().collect()))
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<Val<'a>>, Error> {
        match self.0.text(name) {
            Some(number) if !is_number(&number) => Err(failed(&format!("{name} must be of a Number"))),
            other => Ok(other),
        }
    }

    pub(super) fn count(&self, name: &str) -> Result<Option<i64>, Error> {
        let Some(value) = self.0.text(name) else { return Ok(None) };
        let count = Some(value).filter(is_whole).and_then(|value| match value {
            Val::Int(count) => Some(count),
            _ => None,
        });
        let count = count.ok_or_else(|| failed(&format!("{name} must be of an integer")))?;
        if count < 0 {
            return Err(failed(&format!("{name} must be greater than or equal to 0")));
        }
        Ok(Some(count))
    }

    #[expect(clippy::unused_self, reason = "reads beside its fellows")]
    pub(super) fn not_greater(
        &self,
        least: Option<i64>,
        most: Option<i64>,
        low: &str,
        high: &str,
    ) -> Result<(), Error> {
        match least.zip(most) {
            Some((least, most)) if least > most => {
                Err(failed(&format!("{low} cannot be greater than {high}")))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn types(&self) -> Result<Vec<&'a str>, Error> {
        let invalid = || invalid_type("type", "string/Array Of Strings");
        let mut found = Vec::new();
        let mut add = |name: &'a str| {
            if !TYPES.contains(&name) {
                return Err(failed(&format!(
                    "has a primitive type that is NOT VALID -- given: /{name}/ Expected valid values are:[{}]",
                    TYPES.join(" ")
                )));
            }
            if found.contains(&name) {
                return Err(failed(&format!("{name} type is duplicated")));
            }
            found.push(name);
            Ok(())
        };
        match self.0.text("type") {
            None => {}
            Some(Val::String(name)) => add(name)?,
            Some(other) => {
                for name in other.as_array().ok_or_else(invalid)?.iter() {
                    add(name.as_str().ok_or_else(invalid)?)?;
                }
            }
        }
        Ok(found)
    }
}

pub(super) const fn is_number(value: &Val<'_>) -> bool {
    matches!(value, Val::Int(_) | Val::Number(_))
}

pub(super) fn failed(message: &str) -> Error {
    Error::Failed(message.to_owned())
}

pub(super) fn invalid_type(expected: &str, given: &str) -> Error {
    Error::Failed(format!("Invalid type. Expected: {expected}, given: {given}"))
}
