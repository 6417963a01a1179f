//! Why a set does not load, and what is odd about one that does.

use std::fmt;
use std::sync::Arc;

use tollgate_vocabulary::RuleId;

/// A generation of Rego.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    /// before OPA 1.0: `deny[msg] { .. }`
    V0,
    /// since OPA 1.0: `deny contains msg if { .. }`
    V1,
}

/// Why a set does not load. Lines and columns count from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct LoadError {
    /// path relative to the estate
    pub file: Arc<str>,
    /// line
    pub line: usize,
    /// column
    pub column: usize,
    /// the column just behind what is wrong, where it ends on the same line
    pub end_column: Option<usize>,
    /// a stable word for the kind of error, such as `rego-syntax` or `undefined-function`
    pub code: &'static str,
    /// what is wrong
    pub message: String,
    /// which generation of Rego the file was read as, where that matters
    pub dialect: Option<Dialect>,
    /// how to mend it
    pub remedy: Option<String>,
    /// another place that it is about
    pub related: Option<Related>,
}

/// Another place that an error or a hint is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Related {
    /// path relative to the estate
    pub file: Arc<str>,
    /// line
    pub line: usize,
    /// column
    pub column: usize,
    /// the column just behind it, where it ends on the same line
    pub end_column: Option<usize>,
    /// what is there
    pub message: String,
}

/// Why files make no set, and what is odd about them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refused {
    /// what is wrong, in order of file and line; never empty
    pub errors: Vec<LoadError>,
    /// what is odd, as far as the files were looked at
    pub hints: Vec<LoadHint>,
}

/// What is odd about a set that loads. Never changes a verdict.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LoadHint {
    /// path relative to the estate
    pub file: Arc<str>,
    /// line
    pub line: usize,
    /// column
    pub column: usize,
    /// the column just behind what is odd, where it ends on the same line
    pub end_column: Option<usize>,
    /// a stable word for the kind of hint, such as `shared-id`
    pub code: &'static str,
    /// the rule that it is about, where it is about one
    pub rule: Option<RuleId>,
    /// what is odd
    pub message: String,
    /// how to mend it
    pub remedy: Option<String>,
    /// another place that it is about
    pub related: Option<Related>,
}

/// Where in which file: what load errors are made from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) file: Arc<str>,
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) end_column: Option<usize>,
}

impl Place {
    pub(crate) fn start_of(file: &Arc<str>) -> Self {
        Self { file: file.clone(), line: 1, column: 1, end_column: None }
    }

    pub(crate) fn error(&self, code: &'static str, message: impl Into<String>) -> LoadError {
        LoadError {
            file: self.file.clone(),
            line: self.line,
            column: self.column,
            end_column: self.end_column,
            code,
            message: message.into(),
            dialect: None,
            remedy: None,
            related: None,
        }
    }

    pub(crate) fn hint(
        &self,
        code: &'static str,
        rule: Option<RuleId>,
        message: impl Into<String>,
    ) -> LoadHint {
        LoadHint {
            file: self.file.clone(),
            line: self.line,
            column: self.column,
            end_column: self.end_column,
            code,
            rule,
            message: message.into(),
            remedy: None,
            related: None,
        }
    }
}

impl From<Vec<LoadError>> for Refused {
    fn from(mut errors: Vec<LoadError>) -> Self {
        errors.sort();
        errors.dedup();
        Self { errors, hints: Vec::new() }
    }
}

impl LoadError {
    pub(crate) fn mended_by(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V0 => "Rego v0",
            Self::V1 => "Rego v1",
        })
    }
}

impl fmt::Display for LoadHint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}
