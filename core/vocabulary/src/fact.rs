//! What the gate must learn to judge a change, and what it learned. Missing is a value.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::{Digest, Value};

/// Something that the gate must learn. Ordered, so that facts are recorded in one order whatever the order of asking.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// the Namespace object of this name
    Namespace(Arc<str>),
    /// the object of this name
    Object(ObjectName),
    /// what stands around the object of this name and bears on what it costs: `{"autoscalers": [..], "limitRanges":
    /// [..], "resourceQuotas": [..], "runtimeClasses": [..], "owner": {..}}`, each where there is one
    Around(ObjectName),
    /// what the quote of this text says, where somebody who may has signed it: the text that was signed
    Quote(Arc<str>),
}

/// Which object: as the references in other objects name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName {
    /// API group; empty for the core group
    pub group: Arc<str>,
    /// kind, such as `Deployment`
    pub kind: Arc<str>,
    /// namespace, where it lies in one
    pub namespace: Option<Arc<str>>,
    /// name
    pub name: Arc<str>,
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
            Self::Object(name) => write!(f, "object/{name}"),
            Self::Around(name) => write!(f, "around/{name}"),
            Self::Quote(text) => write!(f, "quote/{}", Digest::of(text.as_bytes())),
        }
    }
}

/// `apps/Deployment/shop/api`; the core group and no namespace are empty.
impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let namespace = self.namespace.as_deref().unwrap_or_default();
        write!(f, "{}/{}/{namespace}/{}", self.group, self.kind, self.name)
    }
}
