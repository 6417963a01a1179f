//! Bundles of entries: each entry's bytes behind its length in two bytes, big-endian.

/// Up to 256 entries, as the log publishes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bundle {
    bytes: Vec<u8>,
}

/// Bytes that are not a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry {position} of the bundle is cut short")]
pub struct DecodeBundleError {
    /// which entry, counted from 0
    pub position: usize,
}

impl Bundle {
    /// Appends an entry. Gives it back if it is longer than two bytes can say; ours have 66.
    ///
    /// # Errors
    /// The entry has more than 65535 bytes.
    pub fn push<'e>(&mut self, entry: &'e [u8]) -> Result<(), &'e [u8]> {
        let length = u16::try_from(entry.len()).map_err(|_| entry)?;
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.extend_from_slice(entry);
        Ok(())
    }

    /// The bundle's bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The entries in a bundle's bytes.
    ///
    /// # Errors
    /// The bytes end within an entry.
    pub fn decode(mut bytes: &[u8]) -> Result<Vec<&[u8]>, DecodeBundleError> {
        let mut entries = Vec::new();
        while !bytes.is_empty() {
            let cut = DecodeBundleError { position: entries.len() };
            let (length, rest) = bytes.split_first_chunk().ok_or(cut)?;
            let (entry, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into()).ok_or(cut)?;
            entries.push(entry);
            bytes = rest;
        }
        Ok(entries)
    }
}
