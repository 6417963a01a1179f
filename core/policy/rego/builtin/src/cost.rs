//! What reading text costs.

/// Steps for reading or writing so much text: one for each 64 bytes begun.
pub(crate) fn of_text(text: &str) -> u64 {
    of_bytes(text.len())
}

/// Steps for so many bytes.
pub(crate) fn of_bytes(count: usize) -> u64 {
    u64::try_from(count / 64).unwrap_or(u64::MAX).saturating_add(1)
}
