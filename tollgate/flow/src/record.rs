//! Records decisions: one writer settles them in order and commits them in batches.
//!
//! ```text
//! admit, sweep ──queue──> writer: drop what is late ─> settle each ─> one transaction ─> fsync ─> receipts ─> answers
//!                            ^                                                            │
//!                            └───────────── whatever queued meanwhile is the next batch ──┘
//! ```
//!
//! The batch is what queued while the last fsync ran; there is no timer. Once a decision is in a transaction, its
//! answer waits for the commit. If the commit fails, or its answer is lost, the store is opened anew and asked for the
//! batch by its id: "failed" and "failed but persisted" are told apart before anybody is answered.

pub(crate) mod batch;
mod publish;
mod writer;

use std::fmt;
use std::sync::mpsc::{SyncSender, TrySendError};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::Instant;

use tokio::sync::oneshot;
use tollgate_budget::{HoldKey, Observed, Seen, Uid};
use tollgate_gate::{Bundle, Change, Judged, State, Verdict};
use tollgate_ledger::{Origin, SigningKey};
use tollgate_store::{Faults, Store};
use tollgate_vocabulary::{Digest, Timestamp};

/// Decisions that may wait for the writer. What comes beyond is refused at once.
const QUEUE: usize = 4096;

/// A decision that stands in the ledger. Made by the writer, after its commit, and nowhere else.
#[derive(Clone, Debug)]
pub struct Recorded {
    verdict: Verdict,
    bundle: Digest,
    index: u64,
    leaf: Digest,
    receipt: String,
}

/// Why something was not recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// its deadline passed before it came to a transaction
    #[error("its deadline passed while it waited to be recorded")]
    Late,
    /// the bundle changed: judge again
    #[error("the rules changed while it waited to be recorded")]
    Superseded,
    /// too much waits already
    #[error("too many decisions are waiting to be recorded")]
    Busy,
    /// the same request came with another body
    #[error("request `{0}` came before with another body")]
    AnotherBody(String),
    /// budgets that the rules have no more still hold money
    #[error("{0}")]
    Orphaned(String),
    /// the store cannot be written
    #[error("{0}")]
    StoreDown(String),
    /// the writer has ended
    #[error("the writer has ended")]
    Stopped,
}

/// What is handed to the writer.
pub(crate) struct ToRecord {
    pub(crate) change: Change,
    /// the change's canonical bytes and their digest, made by whoever asks: the writer is one for all
    pub(crate) canonical: (Vec<u8>, Digest),
    pub(crate) judged: Judged,
    /// the rules that it was judged under
    pub(crate) bundle: Arc<Bundle>,
    /// a request's UID and the digest of its body
    pub(crate) request: Option<(Arc<str>, Digest)>,
    /// for files: what was judged, so that it is recorded once under one bundle
    pub(crate) judged_objects: Vec<(String, Digest)>,
    pub(crate) deadline: Option<Instant>,
}

impl ToRecord {
    /// A judged change with nothing more to it.
    pub(crate) fn new(change: Change, judged: Judged, bundle: Arc<Bundle>) -> Self {
        let canonical = change.canonical();
        Self { change, canonical, judged, bundle, request: None, judged_objects: Vec::new(), deadline: None }
    }
}

/// What was seen of an object that holds money.
#[derive(Clone, Debug)]
pub enum Sighting {
    /// it exists, like this
    Seen {
        /// the key that it is held under
        key: HoldKey,
        /// what it takes
        observed: Observed,
        /// whether it has run to its end
        finished: bool,
        /// whether somebody else pays for it, unless it was charged on its own
        owned: bool,
        /// whether a part of it has no price now
        incomplete: bool,
    },
    /// an incarnation of it exists no more
    Gone {
        /// the key that it was held under
        key: HoldKey,
        /// which incarnation
        uid: Uid,
    },
    /// a consistent read of it, after a claim had expired
    Verified {
        /// the key that it is held under
        key: HoldKey,
        /// what the read said
        seen: Seen,
        /// when the read began
        since: Timestamp,
    },
}

impl Sighting {
    /// The key that it is held under.
    #[must_use]
    pub const fn key(&self) -> &HoldKey {
        match self {
            Self::Seen { key, .. } | Self::Gone { key, .. } | Self::Verified { key, .. } => key,
        }
    }
}

pub(crate) enum Job {
    Decide(Box<ToRecord>, oneshot::Sender<Result<Recorded, RecordError>>),
    /// which of these were not judged under this bundle yet
    IsNew {
        objects: Vec<(String, Digest)>,
        bundle: Digest,
        reply: oneshot::Sender<Result<Vec<bool>, RecordError>>,
    },
    /// whether a batch can be committed, with nothing in it
    Probe(oneshot::Sender<Result<(), RecordError>>),
    /// what was seen of the cluster
    Sight {
        bundle: Arc<Bundle>,
        sightings: Vec<Sighting>,
        at: Timestamp,
        reply: oneshot::Sender<Result<usize, RecordError>>,
    },
    Activate {
        bundle: Arc<Bundle>,
        body: Vec<u8>,
        at: Timestamp,
        /// runs between the commit and the next batch
        then: Box<dyn FnOnce() + Send>,
        done: oneshot::Sender<Result<(), RecordError>>,
    },
}

/// The way to the writer.
pub struct Recorder {
    queue: Mutex<Option<SyncSender<Job>>>,
    state: Arc<RwLock<State>>,
    down: Arc<RwLock<Option<String>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

/// The contended state of a data directory, as it was committed last. Read beside a running gate.
#[derive(Debug)]
pub struct Kept {
    /// the state
    pub state: State,
}

impl Kept {
    /// Reads it.
    ///
    /// # Errors
    /// There is no ledger, or it cannot be read.
    pub fn read(dir: &std::path::Path) -> Result<Self, RecordError> {
        let reader = Store::open_read_only(dir)
            .map_err(|error| RecordError::StoreDown(crate::cause::chain(&error)))?;
        Ok(Self { state: batch::state_of(reader.view())? })
    }
}

/// The name that people call a decision by: `d-` and the first 16 hex digits of its leaf hash.
#[must_use]
pub fn decision_id(leaf: &Digest) -> String {
    format!("d-{}", leaf.hex().get(..16).unwrap_or_default())
}

impl Recorder {
    /// Starts the writer on an open store.
    ///
    /// # Errors
    /// The state in the store cannot be read, or no thread can be started.
    pub fn start(store: Store, origin: Origin, key: SigningKey) -> Result<Self, RecordError> {
        Self::start_with(store, origin, key, Faults::default())
    }

    /// The same, with faults on demand also in stores that are opened anew.
    pub(crate) fn start_with(
        store: Store,
        origin: Origin,
        key: SigningKey,
        faults: Faults,
    ) -> Result<Self, RecordError> {
        let state = Arc::new(RwLock::new(batch::read_state(&store)?));
        let (queue, jobs) = std::sync::mpsc::sync_channel(QUEUE);
        let down = Arc::new(RwLock::new(None));
        let writer = writer::Writer::new(store, origin, key, faults, Arc::clone(&state), Arc::clone(&down))?;
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || or_abort(|| writer.run(&jobs)))
            .map_err(|error| RecordError::StoreDown(format!("no thread for the writer: {error}")))?;
        Ok(Self { queue: Mutex::new(Some(queue)), state, down, writer: Mutex::new(Some(thread)) })
    }

    /// Records a judged change, and waits for its commit.
    pub(crate) fn record(&self, to_record: ToRecord) -> Result<Recorded, RecordError> {
        let (reply, answer) = oneshot::channel();
        self.send(Job::Decide(Box::new(to_record), reply))?;
        answer.blocking_recv().map_err(|_| RecordError::Stopped)?
    }

    /// Which of these objects were not judged under this bundle yet.
    pub(crate) fn is_new(
        &self,
        objects: Vec<(String, Digest)>,
        bundle: Digest,
    ) -> Result<Vec<bool>, RecordError> {
        let (reply, answer) = oneshot::channel();
        self.send(Job::IsNew { objects, bundle, reply })?;
        answer.blocking_recv().map_err(|_| RecordError::Stopped)?
    }

    /// Puts another bundle in force. `then` runs after the commit and before anything else is settled.
    pub(crate) fn activate(
        &self,
        bundle: Arc<Bundle>,
        body: Vec<u8>,
        at: Timestamp,
        then: Box<dyn FnOnce() + Send>,
    ) -> Result<(), RecordError> {
        let (done, answer) = oneshot::channel();
        self.send(Job::Activate { bundle, body, at, then, done })?;
        answer.blocking_recv().map_err(|_| RecordError::Stopped)?
    }

    /// Settles what was seen of the cluster at `at` and counted under `bundle`; how many holds moved.
    pub(crate) fn sight(
        &self,
        bundle: Arc<Bundle>,
        sightings: Vec<Sighting>,
        at: Timestamp,
    ) -> Result<usize, RecordError> {
        let (reply, answer) = oneshot::channel();
        self.send(Job::Sight { bundle, sightings, at, reply })?;
        answer.blocking_recv().map_err(|_| RecordError::Stopped)?
    }

    /// Reads the contended state, as dry runs do.
    pub(crate) fn read_state<R>(&self, read: impl FnOnce(&State) -> R) -> R {
        read(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Why nothing can be recorded, if nothing can. Where the last attempt failed, another one is made.
    pub(crate) fn down(&self) -> Option<String> {
        let down = || self.down.read().unwrap_or_else(PoisonError::into_inner).clone();
        down()?;
        let (reply, answer) = oneshot::channel();
        if self.send(Job::Probe(reply)).is_ok() {
            let _ = answer.blocking_recv();
        }
        down()
    }

    /// Ends the writer after what is queued, and publishes the last checkpoint.
    pub fn stop(&self) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).take();
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            let _ = writer.join();
        }
    }

    fn send(&self, job: Job) -> Result<(), RecordError> {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner).clone();
        queue.ok_or(RecordError::Stopped)?.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => RecordError::Busy,
            TrySendError::Disconnected(_) => RecordError::Stopped,
        })
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}

impl Recorded {
    /// The verdict.
    pub const fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// The bundle it was judged under.
    #[must_use]
    pub const fn bundle(&self) -> Digest {
        self.bundle
    }

    /// Its place in the ledger.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The hash of its leaf.
    #[must_use]
    pub const fn leaf(&self) -> Digest {
        self.leaf
    }

    /// What people call it by.
    #[must_use]
    pub fn id(&self) -> String {
        decision_id(&self.leaf)
    }

    /// The signed promise that the ledger holds it, as a signed note.
    #[must_use]
    pub fn receipt(&self) -> &str {
        &self.receipt
    }
}

/// A gate without its writer would refuse for ever. The panic has been printed; whoever started us starts us anew.
fn or_abort(run: impl FnOnce()) {
    if std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).is_err() {
        std::process::abort();
    }
}

/// The time that a receipt names: the change's own, so that the same decision always has the same receipt.
fn receipt(
    origin: &Origin,
    key: &SigningKey,
    index: u64,
    leaf: Digest,
    at: Timestamp,
) -> Result<String, RecordError> {
    tollgate_ledger::Receipt::new(origin.clone(), index, leaf, at)
        .sign(key)
        .map(|note| note.to_string())
        .map_err(|error| RecordError::StoreDown(format!("the receipt cannot be signed: {error}")))
}

#[cfg(test)]
mod tests;
