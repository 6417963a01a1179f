//! What a rule says about a subject.

use tollgate_vocabulary::{Path, PolicyPlace, Severity};

/// What the rules say about one subject.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// whether any rule was asked at all
    pub asked: bool,
    /// whether any of them read the Namespace object, or would have
    pub read_namespace: bool,
    /// of the rules that have something to say, in their order
    pub outcomes: Vec<Outcome>,
}

/// What one rule says about one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// index into [`crate::PolicySet::rules`]
    pub rule: usize,
    /// its violations, sorted
    pub violations: Vec<Violation>,
    /// why it could not say all: an error of one of its bodies silences no other
    pub error: Option<RuleError>,
    /// what it may do at most
    pub weight: Weight,
}

/// What an outcome may do at most, whatever its rule's mode: a constraint's `enforcementAction`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// be noted: `dryrun`
    Note,
    /// be told: `warn`
    Warn,
    /// what the rule wants
    #[default]
    Full,
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
    /// the condition that found it
    pub condition: Option<PolicyPlace>,
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
    /// it reached the limit on steps, memory or depth
    #[error("reached the limit on {0}")]
    Limit(&'static str),
}
