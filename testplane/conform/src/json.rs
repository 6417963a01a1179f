//! JSON with its numbers as they were written.

use tollgate_manifest::{Limits, ReadError};
use tollgate_vocabulary::Value;

/// Reads one value; suites are larger than manifests may be.
///
/// # Errors
/// It is no JSON.
pub fn read(text: &str) -> Result<Value, ReadError> {
    tollgate_manifest::json::read(
        text.as_bytes(),
        &Limits { bytes: 256 << 20, depth: 256, nodes: 50_000_000, ..Limits::default() },
    )
}
