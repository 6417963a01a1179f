//! Data documents and METADATA as values, read by the one reader that reads everything.

use tollgate_manifest::{Limits, ReadError, json as reader, read_values};
use tollgate_vocabulary::Value;

/// What does not read, and where: lines and columns from 1.
#[derive(Clone, Debug)]
pub(crate) struct Unreadable {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) message: String,
}

/// The value that a JSON text is.
pub(crate) fn json(bytes: &[u8]) -> Result<Value, Unreadable> {
    Ok(reader::read(bytes, &Limits::default())?)
}

/// The documents that a YAML text holds.
pub(crate) fn yaml(bytes: &[u8]) -> Result<Vec<Value>, Unreadable> {
    Ok(read_values(bytes, &Limits::default())?)
}

impl From<ReadError> for Unreadable {
    fn from(error: ReadError) -> Self {
        Self { line: error.position.line, column: error.position.column, message: error.message }
    }
}
