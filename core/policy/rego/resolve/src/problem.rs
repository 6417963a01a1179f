//! What is wrong with the files, and where.

use tollgate_rego_syntax::tree::Span;

/// Something wrong at a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// index of the file
    pub file: usize,
    /// where in it
    pub span: Span,
    /// a stable word for what is wrong, such as `undefined-function`
    pub code: &'static str,
    /// what is wrong
    pub message: String,
    /// how to mend it
    pub remedy: Option<String>,
}

impl Problem {
    /// A problem without a remedy.
    #[must_use]
    pub fn new(file: usize, span: Span, code: &'static str, message: impl Into<String>) -> Self {
        Self { file, span, code, message: message.into(), remedy: None }
    }

    /// It, with how to mend it.
    #[must_use]
    pub fn mended_by(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}
