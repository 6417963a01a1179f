//! What is wrong with rules, where, and how to mend it.

use tollgate_rego_syntax::tree::Span;

use crate::code::{self, Severity};

/// Something wrong at a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// index of the file
    pub file: usize,
    /// where in it
    pub span: Span,
    /// a stable word for what is wrong; `docs/reference/checks/<code>.md` is its page
    pub code: &'static str,
    /// whether the rules load in spite of it
    pub severity: Severity,
    /// what is wrong
    pub message: String,
    /// how to mend it
    pub remedy: Option<String>,
    /// another place that it is about
    pub related: Option<Related>,
}

/// Another place that a problem is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Related {
    /// index of the file
    pub file: usize,
    /// where in it
    pub span: Span,
    /// what is there
    pub message: String,
}

impl Problem {
    /// A problem without a remedy, of the severity that its code has.
    #[must_use]
    pub fn new(file: usize, span: Span, code: &'static str, message: impl Into<String>) -> Self {
        let severity = code::of(code).map_or(Severity::Error, |code| code.severity);
        Self { file, span, code, severity, message: message.into(), remedy: None, related: None }
    }

    /// It, with how to mend it.
    #[must_use]
    pub fn mended_by(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// It, with another place of the same file.
    #[must_use]
    pub fn beside(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related = Some(Related { file: self.file, span, message: message.into() });
        self
    }
}
