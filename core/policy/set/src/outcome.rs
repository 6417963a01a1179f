//! What a rule says about a subject.

use tollgate_vocabulary::{Path, PolicyPlace, RuleId, Severity};

/// What one rule says about one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// index into [`crate::PolicySet::rules`]
    pub rule: usize,
    /// its violations, sorted, none where it has nothing against it; or why it could not say
    pub result: Result<Vec<Violation>, RuleError>,
}

/// One thing that a rule has against a subject.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// what is wrong
    pub message: String,
    /// how bad this one is, where the rule says so
    pub severity: Option<Severity>,
    /// where in the object
    pub path: Option<Path>,
    /// what the rule wants there
    pub expected: Option<String>,
    /// what stands there
    pub found: Option<String>,
    /// how to mend it
    pub remedy: Option<String>,
}

/// Why a rule could not say.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// it reads the Namespace object, and nobody has asked for that yet
    #[error("needs the Namespace object, which was not gathered")]
    NeedsNamespace,
    /// it reads the Namespace object, and that could not be learned
    #[error("needs the Namespace object, which is unavailable: {0}")]
    NamespaceUnavailable(String),
    /// an error while it was evaluated
    #[error("{message}")]
    Runtime {
        /// what went wrong
        message: String,
        /// where in the rules
        place: Option<PolicyPlace>,
    },
    /// its result is not what `deny`, `warn` and `violation` may be
    #[error("{0}")]
    Shape(String),
    /// the engine panicked; the panic went no further
    #[error("the engine panicked: {0}")]
    Panicked(String),
    /// the subject is nested deeper than rules may be asked about
    #[error("the subject is nested more than {0} levels deep")]
    TooDeep(usize),
}

/// A rule that took longer than its limit of wall-clock time: a refusal to judge, outside any verdict.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("rule `{rule}` took longer than one second")]
pub struct TimedOut {
    /// which rule
    pub rule: RuleId,
}
