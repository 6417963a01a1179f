//! What is wrong with a template, a constraint or a suite, and where.

use std::fmt;
use std::sync::Arc;

/// A place in a file. Lines and columns count from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// path as the caller named it
    pub file: Arc<str>,
    /// line
    pub line: usize,
    /// column
    pub column: usize,
    /// the column just behind what stands there, where it ends on the same line
    pub end_column: Option<usize>,
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// what it is about is not loaded
    Error,
    /// odd, but loaded
    Hint,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{place}: {message}")]
pub struct Problem {
    /// where
    pub place: Place,
    /// how bad
    pub grade: Grade,
    /// a stable word for the kind of problem, such as `constraint-schema`
    pub code: &'static str,
    /// what is wrong, in a sentence without a full stop
    pub message: String,
    /// how to mend it
    pub remedy: Option<String>,
}

impl Place {
    /// The first character of a file.
    #[must_use]
    pub const fn start_of(file: Arc<str>) -> Self {
        Self { file, line: 1, column: 1, end_column: None }
    }

    pub(crate) fn error(self, code: &'static str, message: impl Into<String>) -> Problem {
        Problem { place: self, grade: Grade::Error, code, message: message.into(), remedy: None }
    }

    pub(crate) fn hint(self, code: &'static str, message: impl Into<String>) -> Problem {
        Problem { place: self, grade: Grade::Hint, code, message: message.into(), remedy: None }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl Problem {
    pub(crate) fn mended_by(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    pub(crate) fn mended_if(mut self, remedy: Option<String>) -> Self {
        self.remedy = remedy;
        self
    }

    /// Whether what it is about is not loaded.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.grade == Grade::Error
    }
}
