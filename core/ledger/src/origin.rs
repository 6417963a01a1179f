//! The name of a log: first line of its checkpoints, and the name of its key.

use std::fmt;
use std::str::FromStr;

/// The name of a log, by custom a URL without scheme. The first line of everything that a log's key signs says what
/// it is: a checkpoint begins with the origin, a receipt with a line of its own; no origin can be such a line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

/// A text that cannot name a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseOriginError {
    /// empty, or longer than 255 bytes
    #[error("an origin has 1 to 255 bytes, not {0}")]
    Length(usize),
    /// a character that key names of signed notes cannot have
    #[error("origin `{origin}` has the character {character:?}: spaces, controls and `+` are not allowed")]
    Character {
        /// the text
        origin: String,
        /// what is wrong in it
        character: char,
    },
    /// a line that begins something else that log keys sign
    #[error("origin `{origin}` begins with `{prefix}`, which marks another kind of signed text")]
    Reserved {
        /// the text
        origin: String,
        /// what it begins with
        prefix: &'static str,
    },
}

/// How other signed texts begin: our receipts and tombstones, C2SP cosignatures.
const RESERVED: [&str; 3] = ["tollgate.dev/receipt/", "tollgate.dev/tombstone/", "cosignature/"];

impl Origin {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = ParseOriginError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() || text.len() > 255 {
            return Err(ParseOriginError::Length(text.len()));
        }
        if let Some(character) = text.chars().find(|c| forbidden(*c)) {
            return Err(ParseOriginError::Character { origin: text.to_owned(), character });
        }
        if let Some(prefix) = RESERVED.into_iter().find(|prefix| text.starts_with(prefix)) {
            return Err(ParseOriginError::Reserved { origin: text.to_owned(), prefix });
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a key name of a signed note cannot hold this character.
pub(crate) fn forbidden(character: char) -> bool {
    character.is_whitespace() || character.is_control() || character == '+'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_names_are_origins() {
        for name in ["tollgate.example/estate", "a", "log.apexlogic.com/prod-1", "журнал.example"] {
            assert_eq!(name.parse::<Origin>().unwrap().as_str(), name);
        }
    }

    #[test]
    fn no_origin_is_the_first_line_of_another_signed_text() {
        for name in ["tollgate.dev/receipt/v1", "tollgate.dev/receipt/v2", "cosignature/v1"] {
            assert!(matches!(name.parse::<Origin>(), Err(ParseOriginError::Reserved { .. })));
        }
        assert!("tollgate.dev/receipts".parse::<Origin>().is_ok());
    }

    #[test]
    fn names_that_would_break_a_note_are_refused() {
        for name in ["a b", "a\nb", "a+b", "a\u{a0}b", "a\tb", "a\u{2003}b", "a\u{7f}", "a\u{85}b"] {
            assert!(matches!(name.parse::<Origin>(), Err(ParseOriginError::Character { .. })), "{name:?}");
        }
        assert_eq!("".parse::<Origin>(), Err(ParseOriginError::Length(0)));
        assert_eq!("a".repeat(256).parse::<Origin>(), Err(ParseOriginError::Length(256)));
    }
}
