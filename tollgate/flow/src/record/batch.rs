//! One transaction: settles decisions in order, and writes entries and effects together.

use tollgate_gate::{Effects, State, StateChange, Verdict, decision, settle};
use tollgate_ledger::{Kind, Salt};
use tollgate_store::{Batch, BatchId, NewEntry, Store};
use tollgate_vocabulary::{Digest, Timestamp};

use super::{RecordError, ToRecord};

/// Key of the bundle in force, in the store's state.
const BUNDLE: &str = "bundle";

/// Keys of principals' windows start with this.
const RATE: &str = "rate/";

/// A decision that was written.
pub(super) struct Done {
    pub(super) verdict: Verdict,
    pub(super) index: u64,
    pub(super) leaf: Digest,
    pub(super) at: Timestamp,
}

/// What a transaction came to. The outcome counts if it was committed, or if the batch is found to be there.
pub(super) struct Written<T> {
    pub(super) batch: BatchId,
    pub(super) outcome: T,
    pub(super) committed: Result<(), String>,
}

type Outcome = Result<Done, RecordError>;
