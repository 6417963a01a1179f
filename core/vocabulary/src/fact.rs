//! What the gate must learn to judge a change, and what it learned. Missing is a value.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::Value;

/// Something that the gate must learn. Ordered, so that facts are recorded in one order whatever the order of asking.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// the Namespace object of this name
    Namespace(Arc<str>),
}

/// The answer to a question, one that holds still. Never a default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// learned
    Known {
        /// what was learned
        value: Arc<Value>,
        /// when it was seen
        observed_at: Timestamp,
        /// where it was seen
        source: Source,
    },
    /// learned that there is none
    Absent {
        /// when its absence was seen
        observed_at: Timestamp,
        /// where its absence was seen
        source: Source,
    },
    /// could not be learned
    Unavailable {
        /// the reason, as a person would want it told
        why: Arc<str>,
    },
    /// nobody was asked
    NotGathered,
}

/// Where a fact was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// the estate's own manifests
    Estate,
    /// a watch on the API server
    Watch,
    /// the change itself
    Change,
}

impl Source {
    /// The word that entries and reports use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Estate => "estate",
            Self::Watch => "watch",
            Self::Change => "change",
        }
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Namespace(name) => write!(f, "namespace/{name}"),
        }
    }
}
