//! 32 secret bytes: never printed, overwritten when dropped.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::{Zeroize as _, Zeroizing};

const MAGIC: &str = "tollgate-key/v1";

/// 32 bytes that nobody may see.
pub(crate) struct Secret([u8; 32]);

impl Secret {
    /// New ones from the operating system.
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        let mut secret = Self([0; 32]);
        getrandom::fill(&mut secret.0)?;
        Ok(secret)
    }

    /// The line that a key file holds.
    pub(crate) fn line(&self, purpose: &str) -> Zeroizing<String> {
        let encoded = Zeroizing::new(STANDARD.encode(self.0));
        Zeroizing::new(format!("{MAGIC} {purpose} {}\n", *encoded))
    }

    /// Reads [`Secret::line`]; none if it is anything else.
    pub(crate) fn parse(text: &str, purpose: &str) -> Option<Self> {
        let rest = text.strip_prefix(MAGIC)?.strip_prefix(' ')?.strip_prefix(purpose)?.strip_prefix(' ')?;
        let encoded = rest.strip_suffix('\n').unwrap_or(rest);
        let decoded = Zeroizing::new(STANDARD.decode(encoded).ok()?);
        Some(Self(decoded.as_slice().try_into().ok()?))
    }

    /// The bytes.
    pub(crate) const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
