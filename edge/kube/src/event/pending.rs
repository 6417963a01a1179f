//! What a subscriber has not fetched yet: names, and who is gone.
//!
//! INVARIANTS: bounded, by the number of objects and [`GRAVES`]. Of one key all `gone` come before `seen`, which is
//! how they happened, since what is gone was there before what is there now.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;
use std::sync::Arc;

use tollgate_vocabulary::Timestamp;

use super::{Event, Object};
use crate::Resource;
use crate::cache::{Key, Objects};

/// How many ended incarnations of a resource are remembered for a subscriber that does not fetch its events. Where
/// there are more, it gets the whole list instead and must find out itself who is not on it.
pub const GRAVES: usize = 65_536;

#[derive(Default)]
pub(super) struct Pending {
    changed: BTreeMap<Key, Changed>,
    graves: usize,
    relisted: bool,
    /// where the last event was taken, so that keys have their turn
    after: Option<Key>,
}

#[derive(Default)]
struct Changed {
    gone: VecDeque<(Arc<str>, Timestamp)>,
    seen: bool,
}

impl Pending {
    pub(super) fn seen(&mut self, key: &Key) {
        // the list that is still to be told will have it
        if !self.relisted {
            self.changed.entry(key.clone()).or_default().seen = true;
        }
    }

    pub(super) fn gone(&mut self, key: &Key, uid: &Arc<str>, at: Timestamp) {
        let changed = self.changed.entry(key.clone()).or_default();
        changed.seen = false;
        changed.gone.push_back((Arc::clone(uid), at));
        self.graves += 1;
        if self.graves > GRAVES {
            *self = Self { relisted: true, ..Self::default() };
        }
    }

    pub(super) fn relisted(&mut self) {
        self.relisted = true;
        self.changed.retain(|_, changed| {
            changed.seen = false;
            !changed.gone.is_empty()
        });
    }

    /// The next event by what is so now.
    pub(super) fn next(
        &mut self,
        resource: Resource,
        objects: &Objects,
        observed_at: Timestamp,
    ) -> Option<Event> {
        while let Some(key) = self.next_key() {
            if let Some(event) = self.of_key(&key, resource, objects, observed_at) {
                return Some(event);
            }
        }
        std::mem::take(&mut self.relisted).then(|| {
            let all = objects.iter(None).map(|(namespace, name, kept)| Object {
                namespace: Arc::clone(namespace),
                name: Arc::clone(name),
                uid: Arc::clone(&kept.uid),
                body: kept.body.clone(),
            });
            Event::Relisted { resource, objects: all.collect(), observed_at }
        })
    }

    fn next_key(&mut self) -> Option<Key> {
        let from = self.after.take().map_or(Bound::Unbounded, Bound::Excluded);
        let later = self.changed.range((from, Bound::Unbounded)).next();
        let key = later.or_else(|| self.changed.iter().next()).map(|(key, _)| key.clone());
        self.after.clone_from(&key);
        key
    }

    /// The next event of one key, which is let go of once there is nothing more to tell of it.
    fn of_key(
        &mut self,
        key: &Key,
        resource: Resource,
        objects: &Objects,
        observed_at: Timestamp,
    ) -> Option<Event> {
        let changed = self.changed.get_mut(key)?;
        if let Some((uid, at)) = changed.gone.pop_front() {
            self.graves -= 1;
            if changed.gone.is_empty() && !changed.seen {
                self.changed.remove(key);
            }
            let Key { namespace, name } = key.clone();
            return Some(Event::Gone { resource, namespace, name, uid, observed_at: at });
        }
        self.changed.remove(key);
        let kept = objects.get(&key.namespace, &key.name)?;
        let Key { namespace, name } = key.clone();
        let object = Object { namespace, name, uid: Arc::clone(&kept.uid), body: kept.body.clone() };
        Some(Event::Seen { resource, object, observed_at })
    }
}
