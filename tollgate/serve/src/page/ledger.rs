//! What pages read from the store.

use tollgate_flow::decision_id;
use tollgate_gate::decision::{Told, read as read_body};
use tollgate_ledger::{Checkpoint, Kind};
use tollgate_store::{OpenError, ReadError, Reader, StoredEntry};
use tollgate_vocabulary::Digest;

/// An entry for a list.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) index: u64,
    pub(super) leaf: Digest,
    pub(super) kind: Kind,
    /// what a decision says; none for other kinds, and where the body was deleted
    pub(super) told: Option<Told>,
    /// whether there was a body and it was deleted
    pub(super) redacted: bool,
}

/// Some entries, newest first.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    pub(super) rows: Vec<Row>,
    /// how many entries there are
    pub(super) size: u64,
}

/// One entry with its proof.
#[derive(Clone, Debug)]
pub(super) struct Proved {
    pub(super) row: Row,
    /// the entry's bytes, in hex
    pub(super) entry: String,
    /// the size of the tree that the proof leads to the root of
    pub(super) size: u64,
    pub(super) root: Digest,
    pub(super) proof: Vec<Digest>,
    /// the newest signed checkpoint, where it covers the entry
    pub(super) checkpoint: Option<String>,
}

/// The store cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum LedgerError {
    /// it cannot be opened
    #[error("the store cannot be opened: {0}")]
    Open(OpenError),
    /// something in it cannot be read
    #[error("the store cannot be read: {0}")]
    Read(#[from] ReadError),
}

impl Row {
    fn of(entry: StoredEntry) -> Self {
        let kind = entry.kind();
        let body = entry.body.as_ref().filter(|_| kind == Kind::Decision);
        Self {
            index: entry.index,
            leaf: entry.leaf,
            kind,
            told: body.and_then(|body| read_body(&body.bytes).ok()),
            redacted: entry.body.is_none(),
        }
    }

    /// What people call it by.
    pub(super) fn id(&self) -> String {
        decision_id(&self.leaf)
    }
}

/// The `count` entries before `before`, or the newest.
pub(super) fn rows(reader: &Reader, before: Option<u64>, count: u64) -> Result<Rows, LedgerError> {
    let view = reader.view();
    let size = view.size()?;
    let end = before.unwrap_or(size).min(size);
    let entries = view.entries(end.saturating_sub(count)..end)?;
    Ok(Rows { rows: entries.into_iter().rev().map(Row::of).collect(), size })
}

/// The entries whose leaf hash begins with `prefix`, each with its proof.
pub(super) fn proved(reader: &Reader, prefix: &[u8]) -> Result<Vec<Proved>, LedgerError> {
    let view = reader.view();
    let size = view.size()?;
    let checkpoint = view.newest_checkpoint()?.and_then(|note| {
        let checkpoint = Checkpoint::unverified(note.as_bytes()).ok()?;
        Some((checkpoint.size, note))
    });
    let entries = view.entries_by_leaf(prefix, 8)?;
    let prove = |stored: StoredEntry| {
        let covering = checkpoint.clone().filter(|(size, _)| stored.index < *size);
        let (size, checkpoint) = covering.map_or((size, None), |(size, note)| (size, Some(note)));
        Ok(Proved {
            entry: hex(&stored.entry.encode()),
            proof: view.inclusion_proof(stored.index, size)?,
            root: view.root_at(size)?,
            row: Row::of(stored),
            size,
            checkpoint,
        })
    };
    entries.into_iter().map(prove).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
