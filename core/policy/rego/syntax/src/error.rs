//! What is wrong with a file.

use std::borrow::Cow;

use crate::tree::{Dialect, Span};

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// where
    pub span: Span,
    /// what
    pub message: String,
    /// the generation the file was read as; none where that makes no difference
    pub dialect: Option<Dialect>,
    /// how to mend it
    pub hint: Option<String>,
}

impl SyntaxError {
    pub(crate) fn new<'m>(span: Span, message: impl Into<Cow<'m, str>>) -> Self {
        Self { span, message: message.into().into_owned(), dialect: None, hint: None }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
