//! From findings to a verdict: deny > undecidable > allow, the hardest finding decides.

use tollgate_vocabulary::{Effect, Finding, Judge};

/// Whether a change may take effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ruling {
    /// it may
    Allow,
    /// nobody can tell: something an enforced rule needed could not be learned
    Undecidable,
    /// it may not
    Deny,
}

/// A ruling with everything that led to it.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// of the whole change
    pub ruling: Ruling,
    /// of each subject, in order
    pub subjects: Vec<Ruling>,
    /// all findings, ordered by subject, then by judge, then by the rules' own order
    pub findings: Vec<Finding>,
    /// which of the six judged; the others had no rule for this change
    pub judged: Vec<Judge>,
}

impl Ruling {
    /// The ruling of findings.
    #[must_use]
    pub fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        findings
            .into_iter()
            .map(|finding| match finding.effect {
                Effect::Deny => Self::Deny,
                Effect::Undecidable => Self::Undecidable,
                Effect::Warn | Effect::Info => Self::Allow,
            })
            .max()
            .unwrap_or(Self::Allow)
    }

    /// The ruling of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Allow, Self::Undecidable, Self::Deny].into_iter().find(|ruling| ruling.word() == word)
    }

    /// The word that entries and reports use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Undecidable => "undecidable",
            Self::Deny => "deny",
        }
    }
}

impl Verdict {
    /// The verdict on a change of `subjects` subjects.
    pub fn of(subjects: usize, findings: Vec<Finding>, judged: Vec<Judge>) -> Self {
        Self {
            ruling: Ruling::of(&findings),
            subjects: (0..subjects)
                .map(|at| Ruling::of(findings.iter().filter(|finding| finding.subject == at)))
                .collect(),
            findings,
            judged,
        }
    }
}
