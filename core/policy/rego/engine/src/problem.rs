//! What is wrong with a set of files, with its place.

use std::fmt;
use std::sync::Arc;

use tollgate_rego_syntax::tree::{Dialect, Span};

/// Something wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// path of the file
    pub file: Arc<str>,
    /// where in it, in bytes
    pub span: Span,
    /// line and column of where it begins, both from 1, columns in characters
    pub line: usize,
    /// column
    pub column: usize,
    /// the column behind its end, where it ends on the same line
    pub end_column: Option<usize>,
    /// a stable word for what is wrong, such as `undefined-function`
    pub code: &'static str,
    /// what is wrong
    pub message: String,
    /// the generation of Rego the file was read as, where that matters
    pub dialect: Option<Dialect>,
    /// how to mend it
    pub remedy: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}

/// Line and column of a byte: from 1, columns in characters.
pub(crate) fn position(text: &str, at: u32) -> (usize, usize) {
    let before = text.get(..at as usize).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    (line, before.get(line_start..).unwrap_or_default().chars().count() + 1)
}
