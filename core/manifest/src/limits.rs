//! How much may be read at once, and what is said where nothing can be.
//!
//! Limits count bytes, levels and nodes, never time: the same input always meets the same limit.

use crate::Position;

/// Levels beyond which no limit can be set: reading recurses, and the stack is finite.
const DEEPEST: usize = 256;

/// What one reading may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// bytes of the input
    pub bytes: usize,
    /// levels of lists and objects, each inside the other; never more than 256
    pub depth: usize,
    /// documents in one file, empty ones included
    pub documents: usize,
    /// values in one file, those that aliases repeat included
    pub nodes: usize,
}

/// Why an input cannot be read at all. Nothing is known to be masked in such an input: whoever prints the error must
/// not print the line it stands in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ReadError {
    /// what is wrong, in a sentence without a full stop; never a value of the input
    pub message: String,
    /// where
    pub position: Position,
    /// how to mend it
    pub remedy: Option<String>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 32 << 20, depth: 100, documents: 10_000, nodes: 2_000_000 }
    }
}

impl Limits {
    /// Levels that may be entered.
    pub(crate) fn levels(&self) -> usize {
        self.depth.min(DEEPEST)
    }

    /// The input as text, where it is short enough and text at all.
    ///
    /// # Errors
    /// Too long, or not UTF-8.
    pub(crate) fn text<'i>(&self, bytes: &'i [u8]) -> Result<&'i str, ReadError> {
        if bytes.len() > self.bytes {
            let message = format!("{} bytes are more than the limit of {}", bytes.len(), self.bytes);
            return Err(ReadError::new(message, Position::START));
        }
        std::str::from_utf8(bytes).map_err(|error| {
            let valid = bytes.get(..error.valid_up_to()).and_then(|valid| std::str::from_utf8(valid).ok());
            let position = Position::after(valid.unwrap_or_default());
            match bytes {
                [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
                    ReadError::new("the input is UTF-16", position).remedy("save it as UTF-8")
                }
                _ => ReadError::new("the input is not UTF-8", position),
            }
        })
    }
}

impl ReadError {
    pub(crate) fn new(message: impl Into<String>, position: Position) -> Self {
        Self { message: message.into(), position, remedy: None }
    }

    pub(crate) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

impl Position {
    /// The first character of an input.
    pub const START: Self = Self { line: 1, column: 1, offset: 0 };

    /// The position just behind `text`, where `text` begins an input. Lines end with `\n`.
    #[must_use]
    pub fn after(text: &str) -> Self {
        Self::START.past(text)
    }

    /// The position behind `text`, where `text` begins at this one.
    #[must_use]
    pub fn past(self, text: &str) -> Self {
        let mut position = self;
        for line in text.split_inclusive('\n') {
            if line.ends_with('\n') {
                position.line += 1;
                position.column = 1;
            } else {
                position.column += line.chars().count();
            }
        }
        position.offset += text.len();
        position
    }
}
