//! What a set is compiled from: files as bytes, and what the estate says about packages.

use std::collections::BTreeMap;
use std::sync::Arc;

/// A file among the rules: `.rego` is a module, `.json`, `.yaml` and `.yml` are data documents, others are skipped.
#[derive(Clone, Debug)]
pub struct RuleFile {
    /// the folder (or file) that was named, relative to the estate, `/`-separated; empty for the estate itself.
    /// Data documents are rooted at their folder below it, as `opa eval -d` does
    pub root: Arc<str>,
    /// the file's path relative to the estate, `/`-separated
    pub path: Arc<str>,
    /// its content
    pub bytes: Arc<[u8]>,
}

/// What the estate says about its packages.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// by package, such as `kubernetes.admission`
    pub packages: BTreeMap<Arc<str>, PackageOptions>,
    /// the packages that are asked; empty for all
    pub only: Vec<Arc<str>>,
}

/// What the estate says about one package.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PackageOptions {
    /// what its rules read as `input`; found out from the rules themselves where nothing is said
    pub input: Option<InputForm>,
    /// what an error of a builtin function is to its rules
    pub builtin_errors: BuiltinErrors,
}

/// What an error of a builtin function, such as `to_number("x")`, is to the rule that saw it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum BuiltinErrors {
    /// the rule's own error: nobody knows what it would have said
    #[default]
    Strict,
    /// an undefined value and nothing more, as OPA has it
    Undefined,
}

/// What a package reads as `input`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum InputForm {
    /// the object itself (on DELETE the old one), with `context` beside its fields
    #[default]
    Object,
    /// an `AdmissionReview`: `input.request.object`, with `context` beside `request`
    Review,
}

impl InputForm {
    /// The word that `tollgate.toml` uses.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Review => "review",
        }
    }

    /// The form of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Object, Self::Review].into_iter().find(|form| form.word() == word)
    }
}
