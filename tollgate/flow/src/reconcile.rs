//! Brings what is held on budgets to what really exists.
//!
//! ```text
//! watch ──Existing──> observe (facts as at admission) ──> Sighting ──> the writer: one settlement for all that moved
//! list anew ──> all of a resource ──> what is held and not among it is gone
//! expired claims ──> a consistent read of each ──> it is there like this, or it never came to be
//! ```
//! INVARIANT: nothing is released because time passed, or because somebody could not be asked: only because it was seen
//! not to be there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tollgate_budget::{Account, HoldKey, Holder, Seen, Uid};
use tollgate_gate::{Bundle, Facts, Observation, observe};
use tollgate_price::Charge;
use tollgate_vocabulary::{Fact, ObjectName, Question, Timestamp, Value};

use crate::gate::{Gate, Pinned, now};
use crate::record::{RecordError, Sighting};

/// Rounds of asking for facts about one object.
const ROUNDS: usize = 4;

/// An object that exists.
#[derive(Clone, Debug)]
pub struct Existing {
    /// which one
    pub name: ObjectName,
    /// its resource: `deployments`
    pub plural: Arc<str>,
    /// as much of it as bears on its cost
    pub value: Arc<Value>,
}

/// What came of looking.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// holds that moved
    pub moved: usize,
    /// objects of which nobody could say what they take; they are held as before
    pub unknown: Vec<(ObjectName, String)>,
}

impl Existing {
    /// Which incarnation of it.
    #[must_use]
    pub fn uid(&self) -> Option<Uid> {
        self.value.get("metadata")?.get("uid")?.as_str().map(Uid::new)
    }
}

impl Gate {
    /// Settles what exists: each of these was seen like this.
    ///
    /// # Errors
    /// It could not be recorded.
    pub fn seen(&self, existing: &[Existing]) -> Result<Reconciled, RecordError> {
        let mut reconciled = Reconciled::default();
        let (pinned, at) = (self.pinned(), now());
        let mut sightings = Vec::new();
        for object in existing {
            match self.sighting(object, &pinned, at) {
                Ok(Some(sighting)) if self.may_move(&sighting) => sightings.push(sighting),
                Ok(_) => {}
                Err(why) => reconciled.unknown.push((object.name.clone(), why)),
            }
        }
        reconciled.moved = self.sight(&pinned, sightings, at)?;
        Ok(reconciled)
    }

    /// Settles that an incarnation of an object is gone.
    ///
    /// # Errors
    /// It could not be recorded.
    pub fn gone(&self, key: HoldKey, uid: &str) -> Result<usize, RecordError> {
        self.sight(&self.pinned(), vec![Sighting::Gone { key, uid: Uid::new(uid) }], now())
    }

    /// Settles a complete list of the objects of one resource, each by name and UID: what is held for others of it, and was
    /// seen before, is gone. That those of the list are there is for [`Gate::seen`] to settle. How many holds moved.
    ///
    /// # Errors
    /// It could not be recorded.
    pub fn listed(
        &self,
        group: &str,
        plural: &str,
        there: impl Iterator<Item = (ObjectName, Uid)>,
    ) -> Result<usize, RecordError> {
        let there: BTreeSet<(HoldKey, Uid)> =
            there.map(|(name, uid)| (hold_key(group, plural, &name), uid)).collect();
        let missing: Vec<Sighting> = self.recorder.read_state(|state| {
            let of_resource = state.account.holds().filter(|(key, _)| {
                let holder = key.holder();
                holder.cluster.is_empty() && holder.group == group && holder.resource == plural
            });
            let missing = of_resource.filter_map(|(key, hold)| {
                let uid = hold.observed()?.uid()?.clone();
                let is_there = there.contains(&(key.clone(), uid.clone()));
                (!is_there).then(|| Sighting::Gone { key: key.clone(), uid })
            });
            missing.collect()
        });
        self.sight(&self.pinned(), missing, now())
    }

    /// The holds whose claims should have shown by now.
    #[must_use]
    pub fn overdue(&self) -> Vec<HoldKey> {
        self.recorder.read_state(|state| state.account.expired(now()))
    }

    /// Settles a claim that did not show in time by what a consistent read, begun at `since`, said.
    ///
    /// # Errors
    /// It could not be recorded.
    pub fn verified(
        &self,
        key: HoldKey,
        reading: Option<&Existing>,
        since: Timestamp,
    ) -> Result<Reconciled, RecordError> {
        let mut reconciled = Reconciled::default();
        let pinned = self.pinned();
        let seen = match reading {
            None => Seen::Absent,
            Some(object) => match self.sighting(object, &pinned, since) {
                Ok(Some(Sighting::Seen { observed, finished: false, .. })) => Seen::Exists(observed),
                Ok(Some(Sighting::Seen { observed, finished: true, .. })) => Seen::Finished(observed),
                Ok(_) => Seen::Absent,
                Err(why) => {
                    reconciled.unknown.push((object.name.clone(), why));
                    return Ok(reconciled);
                }
            },
        };
        reconciled.moved = self.sight(&pinned, vec![Sighting::Verified { key, seen, since }], now())?;
        Ok(reconciled)
    }

    fn sighting(
        &self,
        object: &Existing,
        pinned: &Pinned,
        at: Timestamp,
    ) -> Result<Option<Sighting>, String> {
        sighting(object, &pinned.estate.bundle, &|question| self.answer(question), at)
    }

    /// What takes nothing, or is paid for by somebody else, is worth a transaction only where something is held for it.
    fn may_move(&self, sighting: &Sighting) -> bool {
        match sighting {
            Sighting::Seen { key, observed, owned, .. } if *owned || observed.charge.is_zero() => {
                self.recorder.read_state(|state| state.account.hold(key).is_some())
            }
            _ => true,
        }
    }

    /// Settles what was seen, as the rules that are `pinned` count it.
    fn sight(&self, pinned: &Pinned, sightings: Vec<Sighting>, at: Timestamp) -> Result<usize, RecordError> {
        if sightings.is_empty() {
            return Ok(0);
        }
        self.recorder.sight(Arc::clone(&pinned.estate.bundle), sightings, at)
    }
}

/// What is held, and what really exists takes: where they differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// the hold
    pub key: HoldKey,
    /// what is held for it
    pub held: Option<Charge>,
    /// what it really takes; nothing where it does not exist
    pub real: Option<Charge>,
}

/// Compares what is held with complete lists of what exists, and changes nothing. Claims that are on their way are no
/// difference. What nobody can say anything about comes second.
pub fn differences(
    account: &Account,
    existing: &[Existing],
    bundle: &Bundle,
    answer: &dyn Fn(&Question) -> Fact,
) -> (Vec<Difference>, Vec<(ObjectName, String)>) {
    let (mut real, mut unknown) = (BTreeMap::new(), Vec::new());
    for object in existing {
        match sighting(object, bundle, answer, now()) {
            Ok(Some(Sighting::Seen { owned: true, key, .. })) if account.hold(&key).is_none() => {}
            Ok(Some(Sighting::Seen { finished: true, key, .. })) => _ = real.insert(key, None),
            Ok(Some(Sighting::Seen { key, observed, .. })) => {
                real.insert(key, Some(observed.charge).filter(|charge| !charge.is_zero()));
            }
            Ok(_) => {}
            Err(why) => unknown.push((object.name.clone(), why)),
        }
    }
    let held: BTreeMap<&HoldKey, Option<Charge>> = account
        .holds()
        .filter_map(|(key, hold)| Some((key, hold.observed()?.charge())))
        .map(|(key, charge)| (key, Some(charge).filter(|charge| !charge.is_zero())))
        .collect();
    let keys: BTreeSet<&HoldKey> = held.keys().copied().chain(real.keys()).collect();
    let difference = |key: &HoldKey| {
        let (held, real) = (held.get(key).copied().flatten(), real.get(key).copied().flatten());
        (held != real).then(|| Difference { key: key.clone(), held, real })
    };
    (keys.into_iter().filter_map(difference).collect(), unknown)
}

/// What an object that exists comes to; nothing where the rules say nothing of money.
pub(crate) fn sighting(
    object: &Existing,
    bundle: &Bundle,
    answer: &dyn Fn(&Question) -> Fact,
    at: Timestamp,
) -> Result<Option<Sighting>, String> {
    let mut facts = Facts::none();
    for _ in 0..ROUNDS {
        match observe(bundle, &object.name, &object.plural, &object.value, &facts, at) {
            Observation::Free => return Ok(None),
            Observation::Unknown(why) => return Err(why),
            Observation::Takes { key, observed, finished, owned, incomplete } => {
                return Ok(Some(Sighting::Seen { key, observed, finished, owned, incomplete }));
            }
            Observation::Need(questions) => {
                for question in questions {
                    let fact = match answer(&question) {
                        Fact::NotGathered => Fact::Unavailable { why: "nobody could be asked".into() },
                        fact => fact,
                    };
                    facts.insert(question, fact);
                }
            }
        }
    }
    Err("it kept asking".to_owned())
}

/// The key that an object of this installation's cluster is held under.
#[must_use]
pub fn hold_key(group: &str, plural: &str, name: &ObjectName) -> HoldKey {
    HoldKey::new(&Holder {
        cluster: "".into(),
        group: group.into(),
        resource: plural.into(),
        namespace: name.namespace.as_deref().unwrap_or_default().into(),
        name: (&*name.name).into(),
    })
}
