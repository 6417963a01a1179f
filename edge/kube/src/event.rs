//! What happened to the watched objects, for whoever must settle by it.
//!
//! ```text
//! State ──changed: key──> Slot { keys that changed, who is gone, whether all was listed anew } ──next──> Event
//! ```
//!
//! A subscriber is told what is so, not everything that ever was: what it has not fetched yet is remembered as the name
//! of the object, and its state is looked up when it does. So a slow subscriber costs memory for names, and hears of a
//! hundred writes of one object as one.
//!
//! INVARIANTS
//! - Of one object, events come in their order. `Gone` names the incarnation; the next one's `Seen` comes after it.
//! - Every incarnation that was in the cache and ends is told as `Gone`, be it found by a watch or by a new list, or
//!   else a `Relisted` follows: that is so for a subscriber who leaves more than [`GRAVES`] of one resource unfetched.
//! - `Relisted` is complete at its `observed_at`: what a subscriber holds of that resource and does not find there with
//!   this uid does not exist. The first event of each resource is one, so a process that starts anew can reconcile.
//! - What was neither seen nor in a list (made and deleted while nobody watched) is never told of.

mod pending;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;
use tollgate_vocabulary::{Timestamp, Value};

use crate::Resource;
use crate::cache::{Body, Key, Shared};
use pending::Pending;

pub use pending::GRAVES;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// an object exists and is like this; again for each write of it that the subscriber was in time for
    Seen {
        /// of which resource
        resource: Resource,
        /// the object
        object: Object,
        /// when it was like that
        observed_at: Timestamp,
    },
    /// an incarnation of an object exists no more
    Gone {
        /// of which resource
        resource: Resource,
        /// its namespace; empty where it had none
        namespace: Arc<str>,
        /// its name
        name: Arc<str>,
        /// which incarnation
        uid: Arc<str>,
        /// when that was learned
        observed_at: Timestamp,
    },
    /// the resource was listed anew: these are all objects
    Relisted {
        /// of which resource
        resource: Resource,
        /// all of them, in the order of namespace and name
        objects: Vec<Object>,
        /// when there were no others
        observed_at: Timestamp,
    },
}

/// An object that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// its namespace; empty where it has none
    pub namespace: Arc<str>,
    /// its name
    pub name: Arc<str>,
    /// which incarnation
    pub uid: Arc<str>,
    body: Body,
}

/// The events of one subscriber, from [`ObjectCache::subscribe`](crate::ObjectCache::subscribe). Dropping it ends the
/// subscription.
pub struct Events {
    sources: Vec<(Arc<Shared>, Arc<Slot>)>,
    wake: Arc<Notify>,
    turn: usize,
}

/// What one subscriber has not fetched yet of one resource.
pub(crate) struct Slot {
    pending: Mutex<Pending>,
    wake: Arc<Notify>,
}

impl Object {
    /// An object that somebody makes up, for tests of what listens.
    #[must_use]
    pub fn new(namespace: &str, name: &str, uid: &str, value: Arc<Value>) -> Self {
        let body = Body::Value(value);
        Self { namespace: namespace.into(), name: name.into(), uid: uid.into(), body }
    }

    /// As much of it as is kept of its resource. Made anew each time, since a list of all Pods at once as values would
    /// take three times the memory.
    #[must_use]
    pub fn value(&self) -> Arc<Value> {
        self.body.value()
    }
}

impl Events {
    pub(crate) fn new(all: impl Iterator<Item = Arc<Shared>>) -> Self {
        let wake = Arc::new(Notify::new());
        let subscribe = |shared: Arc<Shared>| {
            let slot = Arc::new(Slot { pending: Mutex::default(), wake: Arc::clone(&wake) });
            shared.change(|state| state.subscribe(&slot));
            (shared, slot)
        };
        Self { sources: all.map(subscribe).collect(), wake, turn: 0 }
    }

    /// The next event; nothing once the cache is dropped and all was told. A call that is given up loses no event.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            let closed = self.sources.iter().all(|(shared, _)| shared.read().is_closed());
            if let Some(event) = self.try_next() {
                return Some(event);
            }
            if closed {
                return None;
            }
            self.wake.notified().await;
        }
    }

    /// The next event, if there is one by now.
    pub fn try_next(&mut self) -> Option<Event> {
        for _ in 0..self.sources.len() {
            // each resource in turn, so that a busy one starves no other
            self.turn = (self.turn + 1) % self.sources.len();
            let Some((shared, slot)) = self.sources.get(self.turn) else { continue };
            let state = shared.read();
            let Some((objects, observed_at)) = state.latest() else { continue };
            let event = slot.pending().next(shared.resource, objects, observed_at);
            if event.is_some() {
                return event;
            }
        }
        None
    }
}

impl Slot {
    pub(crate) fn seen(&self, key: &Key) {
        self.pending().seen(key);
        self.wake();
    }

    pub(crate) fn gone(&self, key: &Key, uid: &Arc<str>, at: Timestamp) {
        self.pending().gone(key, uid, at);
        self.wake();
    }

    pub(crate) fn relisted(&self) {
        self.pending().relisted();
        self.wake();
    }

    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    fn pending(&self) -> std::sync::MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
