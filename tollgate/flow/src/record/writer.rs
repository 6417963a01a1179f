//! The one writer: takes what is queued, commits it as a batch, answers.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tollgate_gate::State;
use tollgate_ledger::{Origin, SigningKey};
use tollgate_store::Store;

use super::batch::{self, Done, Written};
use super::{Job, RecordError, Recorded, receipt};

/// Decisions in one transaction at most.
const BATCH: usize = 512;

/// Tiles and checkpoint follow the entries within this time.
const PUBLISH: Duration = Duration::from_millis(500);

/// How long a store that failed is left alone before it is opened anew.
const RETRY: Duration = Duration::from_millis(200);

pub(super) struct Writer {
    store: Result<Store, String>,
    tried: Instant,
    published: Instant,
    unpublished: bool,
    dir: std::path::PathBuf,
    origin: Origin,
    key: SigningKey,
    state: Arc<RwLock<State>>,
}

impl Writer {
    pub(super) fn new(store: Store, origin: Origin, key: SigningKey, state: Arc<RwLock<State>>) -> Self {
        let dir = store.dir().to_owned();
        let now = Instant::now();
        Self {
            store: Ok(store),
            tried: now,
            published: now,
            unpublished: true,
            dir,
            origin,
            key,
            state,
        }
    }

    /// Runs until nobody can send any more; what is queued by then is still recorded.
    pub(super) fn run(mut self, jobs: &Receiver<Job>) {
        loop {
            let wait = if self.unpublished { PUBLISH } else { Duration::from_secs(60) };
            match jobs.recv_timeout(wait.saturating_sub(self.published.elapsed()).max(Duration::from_millis(1))) {
                Ok(first) => self.batch(first, jobs),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if self.unpublished && self.published.elapsed() >= PUBLISH {
                self.publish();
            }
        }
        self.publish();
    }

    fn batch(&mut self, first: Job, jobs: &Receiver<Job>) {
        let mut decisions = Vec::new();
        let mut next = Some(first);
        while let Some(job) = next.take() {
            match job {
                Job::Decide(to_record, reply) => decisions.push((to_record, reply)),
                Job::Activate { bundle, body, then, done } => {
                    // What was queued before is settled under the old bundle, what comes after under the new one.
                    self.decide(std::mem::take(&mut decisions));
                    let written = self.write(|store, state| batch::activate(store, state, bundle, &body));
                    if written.is_ok() {
                        then();
                    }
                    let _ = done.send(written.map(|_| ()));
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
        self.reopen_if_due();
        let store = self.store.as_mut().map_err(|why| RecordError::StoreDown(why.clone()))?;
        let state = Arc::clone(&self.state);
        let mut state = state.write().unwrap_or_else(PoisonError::into_inner);
        let written = write(store, &mut state);
        match written.committed {
            Ok(()) => {
                self.unpublished = true;
                Ok(written.outcome)
            }
            Err(error) => {
                tracing::error!(%error, "a batch could not be committed; opening the store anew");
                self.store = Err(error.clone());
                self.tried = Instant::now();
                self.reopen();
                let reopened = self.store.as_ref().map_err(|why| RecordError::StoreDown(why.clone()))?;
                *state = batch::read_state(reopened)?;
                match reopened.batch_committed(&written.batch) {
                    Ok(true) => {
                        self.unpublished = true;
                        Ok(written.outcome)
                    }
                    Ok(false) => Err(RecordError::StoreDown(error)),
                    Err(lookup) => Err(RecordError::StoreDown(lookup.to_string())),
                }
            }
        }
    }

    fn recorded(&self, done: Done) -> Result<Recorded, RecordError> {
        let receipt = receipt(&self.origin, &self.key, done.index, done.leaf, done.at)?;
        Ok(Recorded { verdict: done.verdict, index: done.index, leaf: done.leaf, receipt })
    }

    fn reopen_if_due(&mut self) {
        if self.store.is_err() && self.tried.elapsed() >= RETRY {
            self.tried = Instant::now();
            self.reopen();
            if let Ok(store) = &self.store {
                match batch::read_state(store) {
                    Ok(state) => *self.state.write().unwrap_or_else(PoisonError::into_inner) = state,
                    Err(error) => self.store = Err(error.to_string()),
                }
            }
        }
    }

    fn reopen(&mut self) {
        // The old connection and its lock go first.
        self.store = Err("the store is being opened anew".to_owned());
        self.store = Store::open(&self.dir, &self.origin).map_err(|error| error.to_string());
    }

    fn publish(&mut self) {
        self.published = Instant::now();
        let Ok(store) = &mut self.store else { return };
        match store.publish(&self.key) {
            Ok(_) => self.unpublished = false,
            Err(error) => tracing::error!(%error, "tiles and checkpoint could not be published"),
        }
    }
}

type Decision = (Box<super::ToRecord>, tokio::sync::oneshot::Sender<Result<Recorded, RecordError>>);
