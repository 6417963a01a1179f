//! A tombstone: the effects of an entry that says which earlier body was deleted on purpose.
//!
//! ```text
//! tollgate.dev/tombstone/v1\n<index>\n<base64 leaf hash>\n
//! ```
//!
//! A missing body that a tombstone names was deleted; one that none names was lost or taken. The effects of an entry
//! are never deleted, so a tombstone is for ever.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tollgate_vocabulary::Digest;

use crate::checkpoint::{parse_decimal, parse_hash};

const FIRST_LINE: &str = "tollgate.dev/tombstone/v1";

/// Which body was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// where the entry stands whose body was deleted
    pub index: u64,
    /// RFC 6962 leaf hash of that entry
    pub leaf: Digest,
}

/// Effects of a tombstone entry that name no entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a tombstone is `{FIRST_LINE}`, an index and a leaf hash, a line each")]
pub struct DecodeTombstoneError;

impl Tombstone {
    /// The bytes that are the tombstone entry's effects.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        format!("{FIRST_LINE}\n{}\n{}\n", self.index, STANDARD.encode(self.leaf.as_bytes())).into_bytes()
    }

    /// Reads the effects of a tombstone entry.
    ///
    /// # Errors
    /// Not of the form.
    pub fn decode(effects: &[u8]) -> Result<Self, DecodeTombstoneError> {
        let text = std::str::from_utf8(effects).map_err(|_| DecodeTombstoneError)?;
        let lines: Vec<&str> = text.split('\n').collect();
        let [FIRST_LINE, index, leaf, ""] = *lines else { return Err(DecodeTombstoneError) };
        let index = parse_decimal(index).ok_or(DecodeTombstoneError)?;
        Ok(Self { index, leaf: parse_hash(leaf).ok_or(DecodeTombstoneError)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tombstone_survives_writing_and_reading() {
        let tombstone = Tombstone { index: 7, leaf: Digest::of(b"x") };
        assert_eq!(Tombstone::decode(&tombstone.encode()), Ok(tombstone));
    }

    #[test]
    fn other_texts_are_no_tombstones() {
        let good = Tombstone { index: 7, leaf: Digest::of(b"x") }.encode();
        let text = String::from_utf8(good).unwrap();
        let bad = [
            text.replace("v1", "v2"),
            text.replace("\n7\n", "\n07\n"),
            text.replace("\n7\n", "\n+7\n"),
            text.trim_end().to_owned(),
            format!("{text}\n"),
            text.replace('=', ""),
        ];
        for text in bad {
            assert_eq!(Tombstone::decode(text.as_bytes()), Err(DecodeTombstoneError), "{text:?}");
        }
        assert_eq!(Tombstone::decode(&[0xff]), Err(DecodeTombstoneError));
    }
}
