//! The Namespace objects of the cluster, always at hand, never older than they say.
//!
//! ```text
//! API server ──watch──> State { objects, confirmed } ──lookup──> Known | Absent | NotSynced
//! ```
//!
//! INVARIANTS: an answer was true at its `observed_at`, which is the last moment at which the API server was heard to
//! say that nothing else had changed. Once that is longer ago than `Freshness::stale_after`, there is no answer.

#[cfg(test)]
mod tests;
mod watch;

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;
use tollgate_vocabulary::{Timestamp, Value};

use crate::Cluster;

/// How old an answer may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// after how long without a word from the API server there are no answers
    pub stale_after: Duration,
    /// how long one watch runs before it is renewed, which is the longest that a healthy one is silent; whole seconds
    pub renew_after: Duration,
}

/// What is known of one namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// it exists
    Known {
        /// the object, without `metadata.managedFields`
        value: Arc<Value>,
        /// when it was like that
        observed_at: Timestamp,
    },
    /// it does not exist
    Absent {
        /// when it did not
        observed_at: Timestamp,
    },
    /// nobody can say
    NotSynced {
        /// why not
        why: Arc<str>,
    },
}

/// A watch on all namespaces, until it is dropped.
pub struct NamespaceCache {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    state: RwLock<State>,
    synced: tokio::sync::watch::Sender<bool>,
    freshness: Freshness,
}

#[derive(Default)]
struct State {
    objects: BTreeMap<Arc<str>, Arc<Value>>,
    confirmed: Option<Confirmed>,
    trouble: Option<Arc<str>>,
}

#[derive(Clone, Copy)]
struct Confirmed {
    at: Timestamp,
    clock: Instant,
}

impl Default for Freshness {
    fn default() -> Self {
        Self { stale_after: Duration::from_secs(30), renew_after: Duration::from_secs(10) }
    }
}

impl Cluster {
    /// Starts to watch the cluster's namespaces. Must be called within a tokio runtime.
    #[must_use]
    pub fn namespaces(&self, freshness: Freshness) -> NamespaceCache {
        let shared = Arc::new(Shared {
            state: RwLock::default(),
            synced: tokio::sync::watch::Sender::new(false),
            freshness,
        });
        let task = tokio::spawn(watch::run(self.client.clone(), shared.clone()));
        NamespaceCache { shared, task }
    }
}

impl NamespaceCache {
    /// What is known of the namespace, without asking anybody.
    #[must_use]
    pub fn lookup(&self, name: &str) -> Lookup {
        let state = self.shared.state.read().unwrap_or_else(PoisonError::into_inner);
        state.lookup(name, self.shared.freshness.stale_after, Instant::now())
    }

    /// Waits for the first complete list; whether it came within `patience`.
    pub async fn synced(&self, patience: Duration) -> bool {
        let mut synced = self.shared.synced.subscribe();
        matches!(tokio::time::timeout(patience, synced.wait_for(|synced| *synced)).await, Ok(Ok(_)))
    }

    /// Why there are no answers now, or nothing where there are.
    #[must_use]
    pub fn trouble(&self) -> Option<Arc<str>> {
        match self.lookup("") {
            Lookup::NotSynced { why } => Some(why),
            _ => None,
        }
    }
}

impl Drop for NamespaceCache {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl State {
    fn lookup(&self, name: &str, stale_after: Duration, now: Instant) -> Lookup {
        let because = self.trouble.as_deref().unwrap_or("the API server has not answered");
        let Some(confirmed) = self.confirmed else {
            return Lookup::NotSynced { why: format!("namespaces were never listed: {because}").into() };
        };
        let silence = now.saturating_duration_since(confirmed.clock);
        if silence > stale_after {
            let why = format!("the watch of namespaces is broken for {} s: {because}", silence.as_secs());
            return Lookup::NotSynced { why: why.into() };
        }
        match self.objects.get(name) {
            Some(value) => Lookup::Known { value: value.clone(), observed_at: confirmed.at },
            None => Lookup::Absent { observed_at: confirmed.at },
        }
    }

    /// What is held was complete at this moment.
    fn confirm(&mut self) {
        self.confirmed = Some(Confirmed { at: Timestamp::now(), clock: Instant::now() });
        self.trouble = None;
    }
}
