//! A receipt: the log's signed promise that an entry stands at an index. It convicts a log that forgets.
//!
//! ```text
//! tollgate.dev/receipt/v1\n<origin>\n<index>\n<base64 leaf hash>\n<RFC 3339 UTC time, milliseconds>\n
//! ```
//!
//! Signed as a note with the key that signs checkpoints. The first line can never be an [`Origin`], so that no
//! receipt reads as a checkpoint, nor the other way round.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tollgate_vocabulary::{Digest, Timestamp};

use crate::SigningKey;
use crate::checkpoint::{parse_decimal, parse_hash};
use crate::note::{Note, ParseNoteError, VerifierKey, VerifyNoteError};
use crate::origin::{Origin, ParseOriginError};

const FIRST_LINE: &str = "tollgate.dev/receipt/v1";

/// A log's promise about one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    origin: Origin,
    index: u64,
    leaf: Digest,
    time: Timestamp,
}

/// Bytes that are not the receipt that they should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseReceiptError {
    /// not a signed note
    #[error("a receipt is a signed note")]
    Note(#[from] ParseNoteError),
    /// not signed by the log
    #[error("a receipt is signed by its log")]
    Signature(#[from] VerifyNoteError),
    /// not five lines of which the first says what this is
    #[error("a receipt is `{FIRST_LINE}`, an origin, an index, a leaf hash and a time, a line each")]
    Lines,
    /// the second line names no log
    #[error("the second line of a receipt names its log")]
    Origin(#[from] ParseOriginError),
    /// the second line names another log than the key does
    #[error("the receipt is of log `{found}`, the key of log `{expected}`")]
    OtherLog {
        /// the log of the key
        expected: Origin,
        /// the log of the receipt
        found: Origin,
    },
    /// the third line is not a decimal number without leading zeros, below 2^64
    #[error("the index of a receipt is a decimal number, not `{0}`")]
    Index(String),
    /// the fourth line is not base64 of 32 bytes
    #[error("the leaf hash of a receipt is base64 of 32 bytes, not `{0}`")]
    Leaf(String),
    /// the fifth line is not a time as we write it
    #[error("the time of a receipt is written like `2026-11-23T06:04:36.120Z`, not `{0}`")]
    Time(String),
}

impl Receipt {
    /// A promise that `leaf` stands at `index`. The time is cut to milliseconds.
    #[must_use]
    pub fn new(origin: Origin, index: u64, leaf: Digest, time: Timestamp) -> Self {
        let time = Timestamp::from_millisecond(time.as_millisecond()).unwrap_or(time);
        Self { origin, index, leaf, time }
    }

    /// Which log promises.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Where the entry stands.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// RFC 6962 leaf hash of the entry.
    #[must_use]
    pub const fn leaf(&self) -> &Digest {
        &self.leaf
    }

    /// When the log promised it, to the millisecond.
    #[must_use]
    pub const fn time(&self) -> Timestamp {
        self.time
    }

    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> String {
        let leaf = STANDARD.encode(self.leaf.as_bytes());
        format!("{FIRST_LINE}\n{}\n{}\n{leaf}\n{:.3}\n", self.origin, self.index, self.time)
    }

    /// The receipt signed by its log's key.
    ///
    /// # Errors
    /// None in practice: an origin and numbers always fit a note.
    pub fn sign(&self, key: &SigningKey) -> Result<Note, ParseNoteError> {
        Note::sign(self.text(), &self.origin, key)
    }

    /// Reads a signed receipt and verifies that the log of this key made it.
    ///
    /// # Errors
    /// Not a receipt, of another log, or not signed by the key.
    pub fn verify(note: &[u8], key: &VerifierKey) -> Result<Self, ParseReceiptError> {
        let note = Note::parse(note)?;
        let receipt = Self::from_text(note.verify(key)?)?;
        if receipt.origin != *key.name() {
            let (expected, found) = (key.name().clone(), receipt.origin);
            return Err(ParseReceiptError::OtherLog { expected, found });
        }
        Ok(receipt)
    }

    fn from_text(text: &str) -> Result<Self, ParseReceiptError> {
        let lines: Vec<&str> = text.split('\n').collect();
        let [FIRST_LINE, origin, index, leaf, time, ""] = *lines else {
            return Err(ParseReceiptError::Lines);
        };
        let receipt = Self {
            origin: origin.parse()?,
            index: parse_decimal(index).ok_or_else(|| ParseReceiptError::Index(index.to_owned()))?,
            leaf: parse_hash(leaf).ok_or_else(|| ParseReceiptError::Leaf(leaf.to_owned()))?,
            time: time.parse().map_err(|_| ParseReceiptError::Time(time.to_owned()))?,
        };
        if receipt.text() == text { Ok(receipt) } else { Err(ParseReceiptError::Time(time.to_owned())) }
    }
}

#[cfg(test)]
mod tests;
