//! An entry: what kind of event happened, and salted commitments to its effects and its body.
//!
//! ```text
//! byte  0        1      2 ............ 33                34 ........... 65
//!       version  kind   SHA-256(salt_e ‖ effects)        SHA-256(salt_b ‖ body)
//! ```
//!
//! - The entry is public, effects and body are not: a salt of 32 random bytes keeps a guess from being confirmed.
//! - Each part has its own salt, so that opening the effects says nothing about the body, and deleting body and
//!   salt leaves a commitment that nobody can open or guess.
//! - Codes are fixed for ever; a code of a later release is an error that names it, never another kind.

use std::fmt;

use tollgate_vocabulary::Digest;

use crate::tree::leaf_hash;

/// The length of an entry in bytes.
pub const ENTRY_LENGTH: usize = 66;

const VERSION: u8 = 1;

/// What kind of event an entry records. The codes are part of the entry's bytes and never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// a verdict with everything it rested on
    Decision = 1,
    /// what the cluster did after an allow
    Outcome = 2,
    /// a hold became spending
    Settlement = 3,
    /// a hold, grant or exception ran out
    Expiry = 4,
    /// a budget's period ended and the next began
    RollOver = 5,
    /// the body of an earlier entry was deleted on purpose
    Tombstone = 6,
    /// a signing key was replaced
    KeyRotation = 7,
    /// a bundle came into force
    BundleActivation = 8,
    /// somebody went around the gate by the way that is meant for it
    BreakGlass = 9,
}

impl Kind {
    /// All kinds, in the order of their codes.
    pub const ALL: [Self; 9] = [
        Self::Decision,
        Self::Outcome,
        Self::Settlement,
        Self::Expiry,
        Self::RollOver,
        Self::Tombstone,
        Self::KeyRotation,
        Self::BundleActivation,
        Self::BreakGlass,
    ];

    /// The byte that stands for this kind.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The kind that a byte stands for.
    ///
    /// # Errors
    /// The code is not one of ours.
    pub fn from_code(code: u8) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.code() == code).ok_or(UnknownKind(code))
    }

    /// The word that reports use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Outcome => "outcome",
            Self::Settlement => "settlement",
            Self::Expiry => "expiry",
            Self::RollOver => "roll-over",
            Self::Tombstone => "tombstone",
            Self::KeyRotation => "key rotation",
            Self::BundleActivation => "bundle activation",
            Self::BreakGlass => "break-glass",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A kind code that this release does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown entry kind {0}: written by a later release, or not an entry")]
pub struct UnknownKind(pub u8);

/// 32 bytes that keep a commitment from being guessed. The caller draws them at random, one for each part.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt(pub [u8; 32]);

impl Salt {
    /// SHA-256(salt ‖ bytes). The salt's length is fixed, so the joint is unambiguous.
    #[must_use]
    pub fn commit(&self, bytes: &[u8]) -> Digest {
        Digest::of_parts(&[&self.0, bytes])
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(..)")
    }
}

/// Bytes and the salt that hides them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// what hides the bytes
    pub salt: Salt,
    /// what is committed to
    pub bytes: Vec<u8>,
}

impl Sealed {
    /// SHA-256(salt ‖ bytes).
    #[must_use]
    pub fn commitment(&self) -> Digest {
        self.salt.commit(&self.bytes)
    }
}

/// An entry of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    kind: Kind,
    effects: Digest,
    body: Digest,
}

/// Bytes that are not an entry of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeEntryError {
    /// too short or too long
    #[error("an entry has {ENTRY_LENGTH} bytes, not {0}")]
    Length(usize),
    /// a version that this release does not know
    #[error("unknown entry version {0}")]
    Version(u8),
    /// a kind that this release does not know
    #[error(transparent)]
    Kind(#[from] UnknownKind),
}

impl Entry {
    /// The entry that commits to these effects and this body.
    #[must_use]
    pub fn new(kind: Kind, effects: &Sealed, body: &Sealed) -> Self {
        Self { kind, effects: effects.commitment(), body: body.commitment() }
    }

    /// What kind of event this is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The entry's bytes, as the log publishes them.
    #[must_use]
    pub fn encode(&self) -> [u8; ENTRY_LENGTH] {
        let mut bytes = [0; ENTRY_LENGTH];
        let header = [VERSION, self.kind.code()];
        let parts = header.iter().chain(self.effects.as_bytes()).chain(self.body.as_bytes());
        for (slot, byte) in bytes.iter_mut().zip(parts) {
            *slot = *byte;
        }
        bytes
    }

    /// Reads an entry's bytes.
    ///
    /// # Errors
    /// Wrong length, unknown version, unknown kind.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeEntryError> {
        let length = DecodeEntryError::Length(bytes.len());
        let (&[version, code], rest) = bytes.split_first_chunk().ok_or(length)?;
        let (effects, rest) = rest.split_first_chunk().ok_or(length)?;
        let body: &[u8; 32] = rest.try_into().map_err(|_| length)?;
        if version != VERSION {
            return Err(DecodeEntryError::Version(version));
        }
        Ok(Self {
            kind: Kind::from_code(code)?,
            effects: Digest::from_bytes(*effects),
            body: Digest::from_bytes(*body),
        })
    }

    /// RFC 6962 leaf hash of the entry's bytes.
    #[must_use]
    pub fn leaf_hash(&self) -> Digest {
        leaf_hash(&self.encode())
    }

    /// Whether these are the effects that the entry commits to.
    #[must_use]
    pub fn opens_effects(&self, effects: &Sealed) -> bool {
        effects.commitment() == self.effects
    }

    /// Whether this is the body that the entry commits to.
    #[must_use]
    pub fn opens_body(&self, body: &Sealed) -> bool {
        body.commitment() == self.body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(salt: u8, bytes: &[u8]) -> Sealed {
        Sealed { salt: Salt([salt; 32]), bytes: bytes.to_vec() }
    }

    #[test]
    fn entry_survives_writing_and_reading() {
        for kind in Kind::ALL {
            let entry = Entry::new(kind, &sealed(1, b"effects"), &sealed(2, b"body"));
            assert_eq!(Entry::decode(&entry.encode()), Ok(entry));
        }
    }

    #[test]
    fn parts_open_their_own_commitment_only() {
        let (effects, body) = (sealed(1, b"effects"), sealed(2, b"body"));
        let entry = Entry::new(Kind::Decision, &effects, &body);
        assert!(entry.opens_effects(&effects) && entry.opens_body(&body));
        assert!(!entry.opens_effects(&body) && !entry.opens_body(&effects));
        assert!(!entry.opens_body(&sealed(3, b"body")));
        assert!(!entry.opens_body(&sealed(2, b"Body")));
    }

    #[test]
    fn unknown_codes_and_versions_are_named() {
        let mut bytes = Entry::new(Kind::Decision, &sealed(1, b""), &sealed(2, b"")).encode();
        bytes[1] = 10;
        assert_eq!(Entry::decode(&bytes), Err(DecodeEntryError::Kind(UnknownKind(10))));
        assert!(Entry::decode(&bytes).unwrap_err().to_string().contains("10"));
        bytes[1] = 0;
        assert_eq!(Entry::decode(&bytes), Err(DecodeEntryError::Kind(UnknownKind(0))));
        bytes[0] = 2;
        assert_eq!(Entry::decode(&bytes), Err(DecodeEntryError::Version(2)));
    }

    #[test]
    fn wrong_lengths_are_refused() {
        let bytes = Entry::new(Kind::Expiry, &sealed(1, b""), &sealed(2, b"")).encode();
        for length in 0..ENTRY_LENGTH {
            assert_eq!(Entry::decode(&bytes[..length]), Err(DecodeEntryError::Length(length)));
        }
        assert_eq!(Entry::decode(&[bytes.as_slice(), &[0]].concat()), Err(DecodeEntryError::Length(67)));
    }

    #[test]
    fn salts_are_never_printed() {
        assert_eq!(format!("{:?}", Salt([7; 32])), "Salt(..)");
    }
}
