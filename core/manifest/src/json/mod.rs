//! Strict JSON (RFC 8259), fast where nobody asks for spans.
//!
//! ```text
//!                 ┌─ Nothing ──> Value                      admission requests, facts, annotations
//! bytes ──> read ─┤
//!                 └─ Places ──> Value + SpanTree + doubts   files
//! ```
//!
//! Stricter than Go's encoding/json, which Kubernetes reads with, and never different from it: what Go repairs in
//! silence (invalid UTF-8, half a surrogate pair) is refused. A key that stands twice is an error here and a doubt in
//! a file, where the last one wins as it does for kubectl. Numbers keep their text; only `-0` becomes `0`, which is
//! the whole number that Kubernetes takes it for.

mod reader;
mod sink;

use tollgate_vocabulary::Value;

use crate::doubt::Notes;
use crate::{Limits, Position, ReadError, SpanTree};
use reader::{Fault, Reader};
use sink::{Nothing, Places};

/// Reads one value, and nothing behind it.
///
/// # Errors
/// Too long, too deep, too many values, not UTF-8, not JSON, or a key that stands twice; each with its place.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Value, ReadError> {
    let text = limits.text(bytes)?;
    let mut reader = Reader::new(text, limits, Nothing);
    match reader.only() {
        Ok((value, ())) => Ok(value),
        Err(Fault::At { message, offset }) => {
            Err(ReadError::new(message, Position::after(text.get(..offset).unwrap_or(text))))
        }
        Err(Fault::Told(error)) => Err(error),
        Err(Fault::Duplicate) => Err(duplicate(text, limits)),
    }
}

/// Reads one value with the spans of all its parts; of a key that stands twice, the last.
///
/// # Errors
/// As [`read`], but for keys that stand twice.
pub fn read_with_spans(bytes: &[u8], limits: &Limits) -> Result<(Value, SpanTree), ReadError> {
    let text = limits.text(bytes)?;
    let mut reader = Reader::new(text, limits, Places::new(text));
    reader.only().map_err(|fault| fault.into_error(text))
}

/// One document of a stream.
pub(crate) struct Document {
    pub(crate) value: Value,
    pub(crate) tree: SpanTree,
    pub(crate) notes: Notes,
}

/// Reads values that follow one another, as kubectl reads a file that begins with `{`.
///
/// # Errors
/// As [`read_with_spans`]; too many documents.
pub(crate) fn stream(text: &str, limits: &Limits) -> Result<Vec<Document>, ReadError> {
    let mut reader = Reader::new(text, limits, Places::new(text));
    let mut documents = Vec::new();
    while let Some((value, tree)) = reader.next().map_err(|fault| fault.into_error(text))? {
        if documents.len() >= limits.documents {
            return Err(too_many_documents(limits, tree.span.start));
        }
        documents.push(Document { value, tree, notes: reader.sink.take() });
    }
    Ok(documents)
}

pub(crate) fn too_many_documents(limits: &Limits, position: Position) -> ReadError {
    ReadError::new(format!("more than {} documents in one file", limits.documents), position)
        .remedy("split the file")
}

/// Reads again with places, to say where the key stands.
fn duplicate(text: &str, limits: &Limits) -> ReadError {
    let mut reader = Reader::new(text, limits, Places::new(text));
    let told = reader.only().err().map(|fault| fault.into_error(text));
    let first = reader.sink.take().doubts.into_iter().next();
    match (told, first) {
        (_, Some(doubt)) => {
            let error = ReadError::new(doubt.message, doubt.span.start);
            ReadError { remedy: doubt.remedy, ..error }
        }
        (Some(error), None) => error,
        (None, None) => ReadError::new("a key stands twice", Position::START),
    }
}

impl Fault {
    fn into_error(self, text: &str) -> ReadError {
        match self {
            Self::At { message, offset } => {
                ReadError::new(message, Position::after(text.get(..offset).unwrap_or(text)))
            }
            Self::Told(error) => error,
            Self::Duplicate => ReadError::new("a key stands twice", Position::START),
        }
    }
}

#[cfg(test)]
mod tests;
