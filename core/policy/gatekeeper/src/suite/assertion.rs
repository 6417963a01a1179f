//! What a case expects of its violations.

use regex::Regex;

use crate::Violation;

/// An expectation.
#[derive(Clone, Debug)]
pub struct Assertion {
    /// how many violations
    pub count: Count,
    /// only those are counted whose message this matches somewhere
    pub message: Option<Regex>,
}

/// How many violations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// `yes`, and where nothing is said
    Some,
    /// `no`
    None,
    /// so many
    Exactly(u32),
}

impl Assertion {
    /// Holds the expectation against what was found.
    ///
    /// # Errors
    /// What was expected, and what was found instead.
    pub fn check(&self, violations: &[Violation]) -> Result<(), String> {
        let counts = |message: &str| self.message.as_ref().is_none_or(|regex| regex.is_match(message));
        let found = violations.iter().filter(|violation| counts(&violation.message)).count();
        let (holds, wanted) = match self.count {
            Count::Some => (found > 0, "at least one".to_owned()),
            Count::None => (found == 0, "none".to_owned()),
            Count::Exactly(wanted) => (u32::try_from(found) == Ok(wanted), format!("exactly {wanted}")),
        };
        if holds {
            return Ok(());
        }
        let with = self.message.as_ref().map(|regex| format!(" with a message like `{regex}`"));
        let messages: Vec<String> =
            violations.iter().map(|violation| format!("`{}`", violation.message)).collect();
        let all = if messages.is_empty() { "nothing".to_owned() } else { messages.join(", ") };
        Err(format!("{found} violations{}, expected {wanted}; found {all}", with.unwrap_or_default()))
    }
}
