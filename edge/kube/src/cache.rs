//! The objects of the cluster that the gate needs, always at hand, never older than they say.
//!
//! ```text
//! API server ──list, watch──> State { objects, confirmed } ──object, list──> Known | Absent | NotSynced
//!   one loop for each resource     └── what changed ──> Events, for each subscriber
//! ```
//!
//! INVARIANTS: an answer was true at its `observed_at`, which is the last moment at which the API server was heard to
//! say that nothing else had changed in this resource. Once that is longer ago than `Freshness::stale_after`, there is
//! no answer. Resources stand each for itself: one in trouble silences no other. Where a resource is not served, which
//! is found out anew at each renewal, it is as if its list were empty.

mod discovery;
mod follow;
mod list;
mod object;
mod state;
#[cfg(test)]
mod tests;
mod trouble;

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;
use tollgate_vocabulary::{Timestamp, Value};

pub(crate) use discovery::is_none_served;
pub(crate) use object::{Body, Decoder, Kept, Key, Objects};
pub(crate) use state::{Moment, State};
pub(crate) use trouble::Trouble;

use crate::event::Events;
use crate::resource::Scope;
use crate::{Cluster, Resource};

/// How old an answer may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// after how long without a word from the API server there are no answers
    pub stale_after: Duration,
    /// how long one watch runs before it is renewed, which is the longest that a healthy one is silent; whole seconds
    pub renew_after: Duration,
}

/// What is known of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// it exists
    Known {
        /// the object, as much of it as is kept of its resource
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

/// What is known of the objects of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listing {
    /// these exist, and no others
    Known {
        /// the objects in the order of namespace and name, as much of them as is kept of their resource
        values: Vec<Arc<Value>>,
        /// when that was so
        observed_at: Timestamp,
    },
    /// nobody can say
    NotSynced {
        /// why not
        why: Arc<str>,
    },
}

/// A watch on some resources, until it is dropped.
pub struct ObjectCache {
    watches: Vec<Watch>,
}

struct Watch {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// What one loop keeps up to date.
pub(crate) struct Shared {
    pub(crate) resource: Resource,
    state: RwLock<State>,
    synced: tokio::sync::watch::Sender<bool>,
    freshness: Freshness,
}

impl Default for Freshness {
    fn default() -> Self {
        Self { stale_after: Duration::from_secs(30), renew_after: Duration::from_secs(10) }
    }
}

impl Cluster {
    /// Starts to watch resources, [`WATCHED`](crate::WATCHED) for all that the gate may. Must be called within a tokio
    /// runtime.
    #[must_use]
    pub fn watch(&self, resources: &[Resource], freshness: Freshness) -> ObjectCache {
        let mut watches: Vec<Watch> = Vec::new();
        for &resource in resources {
            if watches.iter().any(|watch| watch.shared.is(resource.group, resource.plural)) {
                continue;
            }
            let shared = Arc::new(Shared::new(resource, freshness));
            let task = tokio::spawn(follow::run(self.client.clone(), Arc::clone(&shared)));
            watches.push(Watch { shared, task });
        }
        ObjectCache { watches }
    }
}

impl ObjectCache {
    /// What is known of one object, without asking anybody. The namespace of what has none is not looked at.
    #[must_use]
    pub fn object(&self, group: &str, resource: &str, namespace: &str, name: &str) -> Lookup {
        let Some(shared) = self.shared(group, resource) else {
            return Lookup::NotSynced { why: not_watched(group, resource) };
        };
        let found =
            shared.fresh(|objects| objects.get(shared.place(namespace), name).map(|kept| kept.body.clone()));
        match found {
            Err(why) => Lookup::NotSynced { why },
            Ok((Some(body), observed_at)) => Lookup::Known { value: body.value(), observed_at },
            Ok((None, observed_at)) => Lookup::Absent { observed_at },
        }
    }

    /// All objects of a resource, in one namespace or everywhere, without asking anybody.
    #[must_use]
    pub fn list(&self, group: &str, resource: &str, namespace: Option<&str>) -> Listing {
        let Some(shared) = self.shared(group, resource) else {
            return Listing::NotSynced { why: not_watched(group, resource) };
        };
        let place = namespace.map(|namespace| shared.place(namespace));
        // values are made after the lock is let go of
        let bodies = |objects: &Objects| -> Vec<Body> {
            objects.iter(place).map(|(_, _, kept)| kept.body.clone()).collect()
        };
        match shared.fresh(bodies) {
            Err(why) => Listing::NotSynced { why },
            Ok((bodies, observed_at)) => {
                Listing::Known { values: bodies.iter().map(Body::value).collect(), observed_at }
            }
        }
    }

    /// What happens from now on, after one complete list of each resource as soon as there is one. As many may
    /// subscribe as like; each has its own events.
    #[must_use]
    pub fn subscribe(&self) -> Events {
        Events::new(self.watches.iter().map(|watch| Arc::clone(&watch.shared)))
    }

    /// Waits for the first complete list of every resource; whether all came within `patience`.
    pub async fn synced(&self, patience: Duration) -> bool {
        let all = async {
            for watch in &self.watches {
                if !watch.shared.synced().await {
                    return false;
                }
            }
            true
        };
        tokio::time::timeout(patience, all).await.unwrap_or(false)
    }

    /// The same for one resource.
    pub async fn synced_one(&self, group: &str, resource: &str, patience: Duration) -> bool {
        let Some(shared) = self.shared(group, resource) else { return false };
        tokio::time::timeout(patience, shared.synced()).await.unwrap_or(false)
    }

    /// The resources of which there are no answers now, and why.
    #[must_use]
    pub fn troubles(&self) -> Vec<(Resource, Arc<str>)> {
        let trouble = |watch: &Watch| {
            let shared = &watch.shared;
            let why = shared.fresh(|_| ()).err();
            why.map(|why| (shared.resource, why))
        };
        self.watches.iter().filter_map(trouble).collect()
    }

    fn shared(&self, group: &str, plural: &str) -> Option<&Shared> {
        self.watches.iter().map(|watch| &*watch.shared).find(|shared| shared.is(group, plural))
    }
}

/// The loops end, and every subscriber is told all and then nothing more.
impl Drop for ObjectCache {
    fn drop(&mut self) {
        for watch in &self.watches {
            watch.task.abort();
            watch.shared.change(State::close);
        }
    }
}

impl Shared {
    pub(crate) fn new(resource: Resource, freshness: Freshness) -> Self {
        Self { resource, state: RwLock::default(), synced: tokio::sync::watch::Sender::new(false), freshness }
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// What somebody wants of the objects, and when they were all, or why nobody can say.
    fn fresh<T>(&self, of: impl FnOnce(&Objects) -> T) -> Result<(T, Timestamp), Arc<str>> {
        let state = self.read();
        let fresh = state.fresh(&self.resource, self.freshness.stale_after, Instant::now());
        fresh.map(|(objects, observed_at)| (of(objects), observed_at))
    }

    fn is(&self, group: &str, plural: &str) -> bool {
        self.resource.group == group && self.resource.plural == plural
    }

    async fn synced(&self) -> bool {
        self.synced.subscribe().wait_for(|synced| *synced).await.is_ok()
    }

    /// Where the objects of a namespace are kept.
    const fn place<'a>(&self, namespace: &'a str) -> &'a str {
        match self.resource.scope {
            Scope::Namespaced => namespace,
            Scope::Cluster => "",
        }
    }
}

fn not_watched(group: &str, resource: &str) -> Arc<str> {
    let dot = if group.is_empty() { "" } else { "." };
    format!("`{resource}{dot}{group}` is not watched").into()
}
