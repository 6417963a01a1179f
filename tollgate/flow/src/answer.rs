//! What is answered to whoever asked.
//!
//! INVARIANT: an allow is encoded from [`Answer::Recorded`] or [`Answer::Dry`] and from nothing else; the one is made
//! only by recording, the other only from the proof that the change is a dry run.

use tollgate_gate::{Bundle, DryRun, Judged, Ruling, State, Superseded, Verdict, settle};
use tollgate_vocabulary::Digest;

use crate::record::Recorded;

/// An answer.
#[must_use]
#[derive(Clone, Debug)]
pub enum Answer {
    /// a decision that stands in the ledger
    Recorded(Recorded),
    /// a dry run's: nothing was recorded, nothing was taken
    Dry(Dry),
    /// no verdict: refused by the shell, and unrecorded
    Refused(Refusal),
}

/// A dry run's verdict.
#[derive(Clone, Debug)]
pub struct Dry {
    verdict: Verdict,
    bundle: Digest,
}

/// Why the shell refuses without a verdict.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// the deadline passed first
    #[error("no decision within the deadline")]
    Late,
    /// too much is queued
    #[error("too many decisions are waiting to be recorded")]
    Busy,
    /// the ledger cannot be written
    #[error("the decision cannot be recorded: {0}")]
    StoreDown(String),
    /// the rules kept changing while this was judged
    #[error("the rules changed while this was judged; ask again")]
    RulesChanged,
    /// the same UID came with another body
    #[error("request `{0}` came before with another body")]
    AnotherBody(String),
    /// the gate is stopping
    #[error("the gate is stopping")]
    Stopping,
}

impl Dry {
    /// Settles a dry run: reads the state, changes nothing.
    ///
    /// # Errors
    /// The bundle changed since it was judged.
    pub(crate) fn settle(
        _proof: &DryRun,
        judged: &Judged,
        state: &State,
        bundle: &Bundle,
    ) -> Result<Self, Superseded> {
        settle(judged, state, bundle).map(|(verdict, _effects)| Self { verdict, bundle: judged.bundle })
    }

    /// The verdict.
    pub const fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// The bundle it was judged under.
    #[must_use]
    pub const fn bundle(&self) -> Digest {
        self.bundle
    }
}

impl Answer {
    /// The verdict, where there is one.
    #[must_use]
    pub const fn verdict(&self) -> Option<&Verdict> {
        match self {
            Self::Recorded(recorded) => Some(recorded.verdict()),
            Self::Dry(dry) => Some(dry.verdict()),
            Self::Refused(_) => None,
        }
    }

    /// Whether the change may take effect.
    #[must_use]
    pub fn allows(&self) -> bool {
        self.verdict().is_some_and(|verdict| verdict.ruling == Ruling::Allow)
    }
}
