//! Keys that verify notes, and their text form: `<name>+<8 hex digits of the key id>+<base64 of type and key>`.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::VerifyingKey;
use tollgate_vocabulary::Digest;

use crate::origin::{Origin, ParseOriginError};

/// C2SP signature type of Ed25519. 0x04 is the one of timestamped cosignatures.
const ED25519: u8 = 0x01;

/// An Ed25519 key under the name of the log that signs with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: Origin,
    key: VerifyingKey,
}

/// A text that is not a verifier key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseKeyError {
    /// not three parts
    #[error("a verifier key is `<name>+<8 hex digits>+<base64>`")]
    Shape,
    /// the name cannot name a log
    #[error("a verifier key begins with the name of its log")]
    Name(#[from] ParseOriginError),
    /// the key is not base64 of a type byte and a key
    #[error("the key of `{0}` is not base64 of a type byte and 32 bytes")]
    Encoding(Origin),
    /// a type that this release does not verify
    #[error("the key of `{name}` is of type {kind:#04x}: only Ed25519 (0x01) is supported")]
    Type {
        /// the key's name
        name: Origin,
        /// its type byte
        kind: u8,
    },
    /// 32 bytes that are no point of the curve, or a weak one
    #[error("the key of `{0}` is not a usable Ed25519 key")]
    Point(Origin),
    /// the id is not the one of this name and key
    #[error("the key of `{name}` has id {expected}, not `{found}`")]
    Id {
        /// the key's name
        name: Origin,
        /// the id computed
        expected: String,
        /// the id written
        found: String,
    },
}

impl VerifierKey {
    /// The key of the log `name`.
    #[must_use]
    pub const fn new(name: Origin, key: VerifyingKey) -> Self {
        Self { name, key }
    }

    /// The log's name.
    #[must_use]
    pub const fn name(&self) -> &Origin {
        &self.name
    }

    /// The public key.
    #[must_use]
    pub const fn key(&self) -> &VerifyingKey {
        &self.key
    }

    /// The first four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key).
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        let digest =
            Digest::of_parts(&[self.name.as_str().as_bytes(), b"\n", &[ED25519], self.key.as_bytes()]);
        let [a, b, c, d, ..] = *digest.as_bytes();
        [a, b, c, d]
    }

    fn hex_id(&self) -> String {
        format!("{:08x}", u32::from_be_bytes(self.id()))
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encoded = STANDARD.encode([&[ED25519], self.key.as_bytes().as_slice()].concat());
        write!(f, "{}+{}+{encoded}", self.name, self.hex_id())
    }
}

impl FromStr for VerifierKey {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, rest) = text.split_once('+').ok_or(ParseKeyError::Shape)?;
        let (found, encoded) = rest.split_once('+').ok_or(ParseKeyError::Shape)?;
        let name: Origin = name.parse()?;
        let encoding = || ParseKeyError::Encoding(name.clone());
        let decoded = STANDARD.decode(encoded).map_err(|_| encoding())?;
        let (&kind, key) = decoded.split_first().ok_or_else(encoding)?;
        if kind != ED25519 {
            return Err(ParseKeyError::Type { name, kind });
        }
        let bytes = key.try_into().map_err(|_| encoding())?;
        let point = VerifyingKey::from_bytes(bytes).ok().filter(|key| !key.is_weak());
        let key = Self { key: point.ok_or_else(|| ParseKeyError::Point(name.clone()))?, name };
        let expected = key.hex_id();
        if found != expected {
            return Err(ParseKeyError::Id { name: key.name, expected, found: found.to_owned() });
        }
        Ok(key)
    }
}
