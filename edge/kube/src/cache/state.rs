//! What is held of one resource, since when that is known to be all, and who is told when it changes.
//!
//! INVARIANTS: every change of the objects goes through here, and is told to each subscriber while the state is
//! locked, so that none can see one without the other. An object whose uid changes was gone in between.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use tollgate_vocabulary::Timestamp;

use super::{Kept, Key, Objects};
use crate::Resource;
use crate::event::Slot;

#[derive(Default)]
pub(crate) struct State {
    pub(super) objects: Objects,
    pub(super) confirmed: Option<Moment>,
    pub(super) trouble: Option<Arc<str>>,
    subscribers: Vec<Weak<Slot>>,
    closed: bool,
}

/// A moment, by both clocks.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    pub(super) at: Timestamp,
    pub(super) clock: Instant,
}

impl Moment {
    pub(crate) fn now() -> Self {
        Self { at: Timestamp::now(), clock: Instant::now() }
    }
}

impl State {
    /// The objects and when they were all, or why nobody can say.
    pub(super) fn fresh(
        &self,
        resource: &Resource,
        stale_after: Duration,
        now: Instant,
    ) -> Result<(&Objects, Timestamp), Arc<str>> {
        let because = self.trouble.as_deref().unwrap_or("the API server has not answered");
        let Some(confirmed) = self.confirmed else {
            return Err(format!("{resource} were never listed: {because}").into());
        };
        let silence = now.saturating_duration_since(confirmed.clock);
        if silence > stale_after {
            let silence = silence.as_secs();
            return Err(format!("the watch of {resource} is broken for {silence} s: {because}").into());
        }
        Ok((&self.objects, confirmed.at))
    }

    /// The objects, however old, and when they were all; nothing before the first list.
    pub(crate) fn latest(&self) -> Option<(&Objects, Timestamp)> {
        self.confirmed.map(|confirmed| (&self.objects, confirmed.at))
    }

    /// Whether a list came, and nothing is held by now.
    pub(super) fn is_empty(&self) -> bool {
        self.confirmed.is_some() && self.objects.iter(None).next().is_none()
    }

    /// What is held was complete at this moment.
    pub(super) fn confirm(&mut self) {
        self.confirm_as_of(Moment::now());
    }

    pub(super) fn confirm_as_of(&mut self, moment: Moment) {
        self.confirmed = Some(moment);
        self.trouble = None;
    }

    pub(super) fn trouble(&mut self, why: String) {
        self.trouble = Some(why.into());
    }

    /// These were all objects when they were asked for. Who was held and is not among them has gone.
    pub(crate) fn replace(&mut self, objects: Objects, asked: Moment) {
        let before = std::mem::replace(&mut self.objects, objects);
        self.confirm_as_of(asked);
        for (namespace, name, kept) in before.iter(None) {
            if self.objects.get(namespace, name).is_none_or(|now| now.uid != kept.uid) {
                let key = Key { namespace: Arc::clone(namespace), name: Arc::clone(name) };
                self.tell(|slot, at| slot.gone(&key, &kept.uid, at));
            }
        }
        self.tell(|slot, _| slot.relisted());
    }

    /// There is such an object, like this.
    pub(crate) fn put(&mut self, key: Key, kept: Kept) {
        let uid = Arc::clone(&kept.uid);
        let before = self.objects.insert(key.clone(), kept);
        self.confirm();
        if let Some(before) = before.filter(|before| before.uid != uid) {
            self.tell(|slot, at| slot.gone(&key, &before.uid, at));
        }
        self.tell(|slot, _| slot.seen(&key));
    }

    /// This incarnation of an object is no more. Where another has its name, that was told when it came.
    pub(crate) fn remove(&mut self, key: &Key, uid: &Arc<str>) {
        self.confirm();
        if self.objects.get(&key.namespace, &key.name).is_none_or(|held| held.uid == *uid) {
            self.objects.remove(key);
            self.tell(|slot, at| slot.gone(key, uid, at));
        }
    }

    /// Tells a new subscriber everything from here on, first the whole list where there is one.
    pub(crate) fn subscribe(&mut self, slot: &Arc<Slot>) {
        if self.confirmed.is_some() {
            slot.relisted();
        }
        self.subscribers.push(Arc::downgrade(slot));
    }

    /// Nothing will change any more.
    pub(crate) fn close(&mut self) {
        self.closed = true;
        self.tell(|slot, _| slot.wake());
    }

    pub(crate) const fn is_closed(&self) -> bool {
        self.closed
    }

    fn tell(&mut self, tell: impl Fn(&Slot, Timestamp)) {
        let at = self.confirmed.map_or_else(Timestamp::now, |confirmed| confirmed.at);
        self.subscribers.retain(|slot| slot.upgrade().inspect(|slot| tell(slot, at)).is_some());
    }
}
