//! What a judge found: rule, effect, place, and how to mend it.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::Path;

/// A rule's name: METADATA `custom.id`, else a slug of its title, else `package.rule`. Never an ordinal or a line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(Arc<str>);

/// The six judges, in the order in which they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Judge {
    /// who asks, and may they
    Identity,
    /// where what is deployed comes from
    Provenance,
    /// the estate's own rules
    Policy,
    /// what it costs, and whether that fits
    Cost,
    /// whether it follows from Git
    Drift,
    /// whether it is normal
    Anomaly,
}

/// Who makes a finding: reading, before any judge; a judge; or the gate, when it settles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// what is written cannot be read in one way only
    Reading,
    /// one of the six
    Judge(Judge),
    /// the gate itself: what is required, what is contended
    Gate,
}

/// What a finding does to the verdict. Ordered from mild to hard: the verdict is the hardest of its findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// noted, never shown to the requester as a problem
    Info,
    /// shown, changes nothing
    Warn,
    /// could not be decided: never an allow
    Undecidable,
    /// refused
    Deny,
}

/// How bad it is, for reports only; it never changes a verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// worth knowing
    Info,
    /// small
    Low,
    /// what a rule has that names none
    #[default]
    Medium,
    /// large
    High,
    /// drop everything
    Critical,
}

/// Where in the estate's rules a finding comes from. Lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PolicyPlace {
    /// path relative to the estate's root
    pub file: Arc<str>,
    /// line
    pub line: usize,
    /// column, in characters
    pub column: usize,
}

/// The exception that turned a deny into an info.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExceptionNote {
    /// its name
    pub name: Arc<str>,
    /// who answers for it
    pub owner: Arc<str>,
    /// why it was granted
    pub reason: Arc<str>,
    /// when it ends
    pub expires: Timestamp,
}

/// One thing found in one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// which rule
    pub rule: RuleId,
    /// whose rule
    pub origin: Origin,
    /// what it does to the verdict
    pub effect: Effect,
    /// how bad it is
    pub severity: Severity,
    /// what is wrong, in a sentence without a full stop
    pub message: String,
    /// which subject of the change, counted from 0
    pub subject: usize,
    /// where in that subject's object
    pub path: Path,
    /// what the rule wants there
    pub expected: Option<String>,
    /// what stands there
    pub found: Option<String>,
    /// how to mend it
    pub remedy: Option<String>,
    /// where the rule stands
    pub policy: Option<PolicyPlace>,
    /// the exception that softened it
    pub exception: Option<ExceptionNote>,
}

impl RuleId {
    /// A rule's name as a word.
    #[must_use]
    pub fn new(id: impl Into<Arc<str>>) -> Self {
        Self(id.into())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Judge {
    /// All six, in order.
    pub const ALL: [Self; 6] =
        [Self::Identity, Self::Provenance, Self::Policy, Self::Cost, Self::Drift, Self::Anomaly];

    /// The word that entries, reports and `tollgate.toml` use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Provenance => "provenance",
            Self::Policy => "policy",
            Self::Cost => "cost",
            Self::Drift => "drift",
            Self::Anomaly => "anomaly",
        }
    }

    /// The judge of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|judge| judge.word() == word)
    }
}

impl Origin {
    /// The origin of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "reading" => Some(Self::Reading),
            "gate" => Some(Self::Gate),
            _ => Judge::from_word(word).map(Self::Judge),
        }
    }

    /// The word that entries and reports use: `reading`, a judge's word, or `gate`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Judge(judge) => judge.word(),
            Self::Gate => "gate",
        }
    }
}

impl Effect {
    /// The effect of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Info, Self::Warn, Self::Undecidable, Self::Deny]
            .into_iter()
            .find(|effect| effect.word() == word)
    }

    /// The word that entries and reports use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Undecidable => "undecidable",
            Self::Deny => "deny",
        }
    }
}

impl Severity {
    /// The word that entries, reports and METADATA use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The severity of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical]
            .into_iter()
            .find(|severity| severity.word() == word)
    }
}
