//! C2SP tlog-checkpoint: a log's word that it has so many entries, under this root.
//!
//! ```text
//! <origin>\n<size>\n<base64 root>\n[<extension>\n]...
//! ```

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tollgate_vocabulary::Digest;

use crate::note::{Note, ParseNoteError, VerifierKey, VerifyNoteError};
use crate::origin::{Origin, ParseOriginError};
use crate::{Frontier, SigningKey};

/// The state of a log at one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// which log
    pub origin: Origin,
    /// how many entries it has
    pub size: u64,
    /// RFC 6962 root of the tree of these entries
    pub root: Digest,
    /// further lines, none of them empty. We write none.
    pub extensions: Vec<String>,
}

/// Bytes that are not the checkpoint that they should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseCheckpointError {
    /// not a signed note
    #[error("a checkpoint is a signed note")]
    Note(#[from] ParseNoteError),
    /// not signed by the log
    #[error("a checkpoint is signed by its log")]
    Signature(#[from] VerifyNoteError),
    /// fewer than three lines
    #[error("a checkpoint has an origin, a size and a root, a line each")]
    Lines,
    /// the first line names no log
    #[error("the first line of a checkpoint names its log")]
    Origin(#[from] ParseOriginError),
    /// the first line names another log than the key does
    #[error("the checkpoint is of log `{found}`, the key of log `{expected}`")]
    OtherLog {
        /// the log of the key
        expected: Origin,
        /// the log of the checkpoint
        found: Origin,
    },
    /// the second line is not a decimal number without leading zeros, below 2^64
    #[error("the size of a checkpoint is a decimal number, not `{0}`")]
    Size(String),
    /// the third line is not base64 of 32 bytes
    #[error("the root of a checkpoint is base64 of 32 bytes, not `{0}`")]
    Root(String),
    /// an extension line is empty
    #[error("extension line {0} of the checkpoint is empty")]
    Extension(usize),
}

impl Checkpoint {
    /// The checkpoint of a tree.
    #[must_use]
    pub fn of(origin: Origin, frontier: &Frontier) -> Self {
        Self { origin, size: frontier.size(), root: frontier.root(), extensions: Vec::new() }
    }

    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root.as_bytes()));
        for extension in &self.extensions {
            text.push_str(extension);
            text.push('\n');
        }
        text
    }

    /// The checkpoint signed by its log's key.
    ///
    /// # Errors
    /// An extension holds what a note cannot hold.
    pub fn sign(&self, key: &SigningKey) -> Result<Note, ParseNoteError> {
        Note::sign(self.text(), &self.origin, key)
    }

    /// Reads a signed checkpoint and verifies that the log of this key made it.
    ///
    /// # Errors
    /// Not a checkpoint, of another log, or not signed by the key.
    pub fn verify(note: &[u8], key: &VerifierKey) -> Result<Self, ParseCheckpointError> {
        let note = Note::parse(note)?;
        let checkpoint = Self::from_text(note.verify(key)?)?;
        if checkpoint.origin != *key.name() {
            let (expected, found) = (key.name().clone(), checkpoint.origin);
            return Err(ParseCheckpointError::OtherLog { expected, found });
        }
        Ok(checkpoint)
    }

    /// Reads a signed checkpoint without verifying who made it.
    ///
    /// # Errors
    /// Not a checkpoint.
    pub fn unverified(note: &[u8]) -> Result<Self, ParseCheckpointError> {
        Self::from_text(Note::parse(note)?.unverified_text())
    }

    fn from_text(text: &str) -> Result<Self, ParseCheckpointError> {
        let mut lines = text.strip_suffix('\n').ok_or(ParseCheckpointError::Lines)?.split('\n');
        let mut line = || lines.next().ok_or(ParseCheckpointError::Lines);
        let (origin, size, root) = (line()?, line()?, line()?);
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if let Some(index) = extensions.iter().position(String::is_empty) {
            return Err(ParseCheckpointError::Extension(index + 1));
        }
        Ok(Self {
            origin: origin.parse()?,
            size: parse_decimal(size).ok_or_else(|| ParseCheckpointError::Size(size.to_owned()))?,
            root: parse_hash(root).ok_or_else(|| ParseCheckpointError::Root(root.to_owned()))?,
            extensions,
        })
    }
}

/// A decimal number as we write it: digits only, no leading zeros.
pub(crate) fn parse_decimal(text: &str) -> Option<u64> {
    text.parse::<u64>().ok().filter(|number| number.to_string() == text)
}

/// Base64 of 32 bytes, padded.
pub(crate) fn parse_hash(text: &str) -> Option<Digest> {
    let bytes = STANDARD.decode(text).ok()?;
    Some(Digest::from_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests;
