//! A recorder on a store of its own, and the ways to it: requests from an API server, sightings from a watch, rules.

use std::sync::Arc;

use tollgate_gate::{Bundle, Change, Review, Ruling, State, decision};
use tollgate_keys::Keyring;
use tollgate_ledger::Origin;
use tollgate_manifest::{Limits, Mask};
use tollgate_store::{Faults, Store, StoredEntry};
use tollgate_vocabulary::{Authentication, Timestamp};

use super::estate::{Asked, answer, existing};
use crate::audit::audit;
use crate::decide::decide;
use crate::reconcile::sighting;
use crate::record::{Kept, RecordError, Recorded, Recorder, Sighting, ToRecord};

pub(super) struct Desk {
    dir: tempfile::TempDir,
    origin: Origin,
    keyring: Keyring,
    pub(super) faults: Faults,
    pub(super) recorder: Recorder,
}

impl Desk {
    /// An empty store, with these rules in force.
    pub(super) fn new(bundle: &Arc<Bundle>, now: i64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let origin: Origin = "tollgate.dev/test".parse().unwrap();
        let (keyring, _) = Keyring::open_or_create(dir.path(), &origin).unwrap();
        let faults = Faults::default();
        let store = Store::open_with(dir.path(), &origin, faults.clone()).unwrap();
        let key = keyring.ledger().clone();
        let recorder = Recorder::start_with(store, origin.clone(), key, faults.clone()).unwrap();
        let desk = Self { dir, origin, keyring, faults, recorder };
        desk.activate(bundle, now).unwrap();
        desk
    }

    /// Stops the recorder, and starts another one on what it left.
    pub(super) fn reopen(&mut self) {
        self.recorder.stop();
        let store = Store::open_with(self.dir.path(), &self.origin, self.faults.clone()).unwrap();
        let key = self.keyring.ledger().clone();
        self.recorder = Recorder::start_with(store, self.origin.clone(), key, self.faults.clone()).unwrap();
    }

    pub(super) fn activate(&self, bundle: &Arc<Bundle>, now: i64) -> Result<(), RecordError> {
        let body = decision::activation_body(bundle, at(now));
        self.recorder.activate(Arc::clone(bundle), body, at(now), Box::new(|| ()))
    }

    /// Decodes, judges and records a review.
    pub(super) fn ask(
        &self,
        uid: &str,
        asked: &Asked<'_>,
        bundle: &Arc<Bundle>,
        now: i64,
    ) -> Result<Recorded, RecordError> {
        self.recorder.record(to_record(uid, asked, bundle, now))
    }

    pub(super) fn sight(
        &self,
        sightings: Vec<Sighting>,
        bundle: &Arc<Bundle>,
        now: i64,
    ) -> Result<usize, RecordError> {
        self.recorder.sight(Arc::clone(bundle), sightings, at(now))
    }

    /// The state as it is in memory and in the store, which is one and the same, and in itself right.
    pub(super) fn state(&self) -> State {
        let kept = Kept::read(self.dir.path()).unwrap().state;
        assert_eq!(kept, self.recorder.read_state(Clone::clone), "the store and the memory differ");
        assert_eq!(kept.account.check(), []);
        kept
    }

    pub(super) fn entries(&self) -> Vec<StoredEntry> {
        let reader = Store::open_read_only(self.dir.path()).unwrap();
        reader.view().entries(0..u64::MAX).unwrap()
    }

    /// The state follows from the effects of all entries.
    pub(super) fn audit(&mut self) {
        self.recorder.stop();
        audit(self.dir.path(), Some(self.keyring.verifier()), None).unwrap();
        self.reopen();
    }
}

pub(super) fn change(uid: &str, asked: &Asked<'_>, now: i64) -> (Change, tollgate_vocabulary::Digest) {
    let review = asked.review(uid);
    let review = Review::decode(review.as_bytes(), &Mask::new([1; 32]), &Limits::default()).unwrap();
    let body = review.body;
    (review.into_change(Authentication::Unauthenticated, at(now)), body)
}

pub(super) fn to_record(uid: &str, asked: &Asked<'_>, bundle: &Arc<Bundle>, now: i64) -> ToRecord {
    let (change, body) = change(uid, asked, now);
    let judged = decide(&change, bundle, &answer);
    ToRecord { request: Some((uid.into(), body)), ..ToRecord::new(change, judged, Arc::clone(bundle)) }
}

/// What an object that exists comes to, as the watch would tell it.
pub(super) fn seen(name: &str, object: &str, bundle: &Bundle, now: i64) -> Sighting {
    sighting(&existing(name, object), bundle, &answer, at(now)).unwrap().unwrap()
}

pub(super) fn allowed(recorded: &Recorded) -> bool {
    recorded.verdict().ruling == Ruling::Allow
}

pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}
