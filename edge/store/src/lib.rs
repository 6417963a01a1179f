//! What is kept, on one machine: one SQLite database, and the public log as files beside it.
//!
//! ```text
//! Store ──begin──> Batch ──append, put, set──> commit (one fsync) ──> head moved, entries have their index
//!   └─publisher──> Publisher ──publish──> tiles, bundles ──> checkpoint (database, then file)
//! Reader (any process) ──view──> entries, content, requests, state        verify ──> the first thing wrong
//! ```
//!
//! ```text
//! <dir>/tollgate.db        entries, bodies, content, requests, state, the head row
//! <dir>/lock               held by the one writer
//! <dir>/log/checkpoint     the newest signed checkpoint
//! <dir>/log/tile/...       C2SP tlog-tiles
//! ```
//!
//! Promises:
//! - What `commit` acknowledged survives a kill and a power cut (`synchronous=FULL`); a batch is there whole or not at
//!   all; entries stand in the order of `append`, without gaps.
//! - A commit whose answer is lost leaves the store unusable until it is opened again; then
//!   [`Store::batch_committed`] says what became of it.
//! - Nothing smaller than the newest checkpoint is ever signed, and a database older than its checkpoint is refused.
//!
//! Who can write to `<dir>` can delete everything, and can rewrite what no checkpoint outside covers yet. They cannot
//! change an entry below a checkpoint that anybody kept, without [`verify`] naming it. `state`, `request` and
//! `judged` are conveniences that the entries can rebuild: their values are not covered by the tree, and a replay of
//! the effects is what proves them. The store knows bytes and no domain.

mod batch;
mod content;
mod fault;
mod file;
mod publish;
mod reader;
mod schema;
mod store;
mod verify;
mod view;

pub use batch::{Appended, Batch, CommitError, Committed, NewEntry, WriteError};
pub use fault::{Fault, Faults};
pub use publish::{PublishError, Published, Publisher};
pub use reader::Reader;
pub use store::{BatchId, BeginError, OpenError, Store};
pub use verify::{Report, VerifyError, verify, verify_with};
pub use view::{ReadError, Request, StoredEntry, View};
