//! The one writer: takes what is queued, commits it as a batch, answers.

use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tollgate_budget::Budgets;
use tollgate_gate::{Bundle, State};
use tollgate_ledger::{Origin, SigningKey};
use tollgate_store::{Faults, Store};

use super::batch::{self, Done, Written};
use super::publish::Publishing;
use super::{Job, RecordError, Recorded, ToRecord, receipt};
use crate::cause::chain;

/// Decisions in one transaction at most.
const BATCH: usize = 512;

/// How long a store that failed is left alone before it is opened anew.
const RETRY: Duration = Duration::from_millis(200);

type Decision = (Box<ToRecord>, oneshot::Sender<Result<Recorded, RecordError>>);

pub(super) struct Writer {
    store: Result<Open, String>,
    tried: Instant,
    dir: PathBuf,
    origin: Origin,
    key: SigningKey,
    faults: Faults,
    state: Arc<RwLock<State>>,
    /// why nothing can be recorded; told to whoever asks whether the gate is ready
    down: Arc<RwLock<Option<String>>>,
}

/// An open store. The publisher holds the directory too, and is let go first.
struct Open {
    _publishing: Publishing,
    store: Store,
}

impl Writer {
    pub(super) fn new(
        store: Store,
        origin: Origin,
        key: SigningKey,
        faults: Faults,
        state: Arc<RwLock<State>>,
        down: Arc<RwLock<Option<String>>>,
    ) -> Result<Self, RecordError> {
        let dir = store.dir().to_owned();
        let open = open(store, &key).map_err(RecordError::StoreDown)?;
        Ok(Self { store: Ok(open), tried: Instant::now(), dir, origin, key, faults, state, down })
    }

    /// Runs until nobody can send any more; what is queued by then is still recorded.
    pub(super) fn run(mut self, jobs: &Receiver<Job>) {
        while let Ok(first) = jobs.recv() {
            self.batch(first, jobs);
        }
    }

    fn batch(&mut self, first: Job, jobs: &Receiver<Job>) {
        let mut decisions: Vec<Decision> = Vec::new();
        let mut next = Some(first);
        while let Some(job) = next.take() {
            match job {
                Job::Decide(to_record, reply) => decisions.push((to_record, reply)),
                Job::IsNew { objects, bundle, reply } => {
                    let _ = reply.send(self.is_new(&objects, &bundle));
                }
                Job::Probe(reply) => {
                    let _ = reply.send(self.write(|store, _| batch::nothing(store)));
                }
                Job::Sight { bundle, sightings, at, reply } => {
                    self.decide(std::mem::take(&mut decisions));
                    let written =
                        self.write(|store, state| batch::sight(store, state, &bundle, &sightings, at));
                    let _ = reply.send(written.and_then(|moved| moved));
                }
                Job::Activate { bundle, body, at, then, done } => {
                    // What was queued before is settled under the old bundle, what comes after under the new one.
                    self.decide(std::mem::take(&mut decisions));
                    let written = self.orphans(&bundle).and_then(|()| {
                        self.write(|store, state| batch::activate(store, state, &bundle, &body, at))
                    });
                    if written.is_ok() {
                        then();
                    }
                    let _ = done.send(written);
                }
            }
            if decisions.len() < BATCH {
                next = jobs.try_recv().ok();
            }
        }
        self.decide(decisions);
    }

    fn decide(&mut self, decisions: Vec<Decision>) {
        let now = Instant::now();
        let (in_time, late): (Vec<_>, Vec<_>) = decisions
            .into_iter()
            .partition(|(to_record, _)| to_record.deadline.is_none_or(|deadline| deadline > now));
        for (_, reply) in late {
            let _ = reply.send(Err(RecordError::Late));
        }
        if in_time.is_empty() {
            return;
        }
        let (to_record, replies): (Vec<_>, Vec<_>) = in_time.into_iter().unzip();
        match self.write(|store, state| batch::decide(store, state, &to_record)) {
            Ok(outcomes) => {
                for (outcome, reply) in outcomes.into_iter().zip(replies) {
                    let _ = reply.send(outcome.and_then(|done| self.recorded(done)));
                }
            }
            Err(error) => {
                for reply in replies {
                    let _ = reply.send(Err(error.clone()));
                }
            }
        }
    }

    /// One transaction. Where it fails, the store is opened anew and asked whether the batch is there after all.
    fn write<T>(
        &mut self,
        write: impl FnOnce(&mut Store, &mut State) -> Written<T>,
    ) -> Result<T, RecordError> {
        self.open_if_due();
        let open = self.store.as_mut().map_err(|why| RecordError::StoreDown(why.clone()))?;
        let shared = Arc::clone(&self.state);
        let mut state = shared.write().unwrap_or_else(PoisonError::into_inner);
        let written = write(&mut open.store, &mut state);
        let Err(why) = written.committed else {
            self.say(None);
            return written.outcome.map_err(RecordError::StoreDown);
        };
        self.say(Some(why.clone()));
        tracing::error!(%why, "a batch could not be committed; the store is opened anew");
        self.reopen();
        let open = self.store.as_ref().map_err(|why| RecordError::StoreDown(why.clone()))?;
        match batch::read_state(&open.store) {
            Ok(kept) => *state = kept,
            // What is in memory was never committed: nothing may be settled on it.
            Err(error) => {
                self.store = Err(error.to_string());
                return Err(error);
            }
        }
        match open.store.batch_committed(written.batch) {
            Ok(true) => written.outcome.map_err(RecordError::StoreDown),
            Ok(false) => Err(RecordError::StoreDown(why)),
            Err(lookup) => Err(RecordError::StoreDown(chain(&lookup))),
        }
    }

    /// A budget that holds money cannot go: nobody would know any more whom it is to be given back to.
    fn orphans(&mut self, bundle: &Bundle) -> Result<(), RecordError> {
        // What is in memory is what is kept only while the store is open.
        self.open_if_due();
        if let Err(why) = &self.store {
            return Err(RecordError::StoreDown(why.clone()));
        }
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let none = Budgets::default();
        let budgets = bundle.cost().map_or(&none, |cost| &cost.budgets);
        let orphans = state.account.orphaned(budgets);
        if orphans.is_empty() {
            return Ok(());
        }
        let told: Vec<String> =
            orphans.iter().map(|orphan| format!("`{}` ({} holds)", orphan.budget, orphan.holds)).collect();
        let why = format!(
            "these budgets are gone from the rules, or in another currency, but money is still held on them: {}; \
             delete what holds it first",
            told.join(", ")
        );
        Err(RecordError::Orphaned(why))
    }

    fn say(&self, why: Option<String>) {
        *self.down.write().unwrap_or_else(PoisonError::into_inner) = why;
    }

    fn recorded(&self, done: Done) -> Result<Recorded, RecordError> {
        let receipt = receipt(&self.origin, &self.key, done.index, done.leaf, done.at)?;
        Ok(Recorded {
            verdict: done.verdict,
            bundle: done.bundle,
            index: done.index,
            leaf: done.leaf,
            receipt,
        })
    }

    fn is_new(
        &mut self,
        objects: &[(String, tollgate_vocabulary::Digest)],
        bundle: &tollgate_vocabulary::Digest,
    ) -> Result<Vec<bool>, RecordError> {
        self.open_if_due();
        let open = self.store.as_ref().map_err(|why| RecordError::StoreDown(why.clone()))?;
        let view = open.store.view();
        let is_new = |(object, digest): &(String, tollgate_vocabulary::Digest)| {
            view.judged(object, digest, bundle).map(|before| before.is_none())
        };
        let all: Result<Vec<bool>, _> = objects.iter().map(is_new).collect();
        all.map_err(|error| RecordError::StoreDown(chain(&error)))
    }

    /// A store that failed is opened anew when somebody asks again, but not at once.
    fn open_if_due(&mut self) {
        if self.store.is_ok() || self.tried.elapsed() < RETRY {
            return;
        }
        self.reopen();
        if let Ok(open) = &self.store {
            match batch::read_state(&open.store) {
                Ok(state) => *self.state.write().unwrap_or_else(PoisonError::into_inner) = state,
                Err(error) => self.store = Err(error.to_string()),
            }
        }
    }

    fn reopen(&mut self) {
        self.tried = Instant::now();
        // The old connection, its publisher and their lock go first.
        self.store = Err("the store is being opened anew".to_owned());
        self.store = Store::open_with(&self.dir, &self.origin, self.faults.clone())
            .map_err(|error| chain(&error))
            .and_then(|store| open(store, &self.key));
    }
}

fn open(store: Store, key: &SigningKey) -> Result<Open, String> {
    Ok(Open { _publishing: Publishing::start(&store, key.clone())?, store })
}
