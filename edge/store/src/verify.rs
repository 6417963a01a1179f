//! Verifying a data directory: everything rebuilt from what is kept, the first thing wrong named.
//!
//! ```text
//! database ──> each entry: bytes, openings, leaf ──> frontier ──> head, nodes, checkpoints, tiles, bundles
//! ```
//!
//! One pass in the order of the log, in memory of a few tiles. What it does not prove: `state`, `request` and
//! `judged`, whose values a replay of the effects gives ([`verify_with`] hands every entry to the one who replays).

mod files;
mod pass;

use std::path::{Path, PathBuf};

use tollgate_ledger::{Checkpoint, ParseCheckpointError, VerifierKey};
use tollgate_vocabulary::Digest;

use crate::reader::Reader;
use crate::store::OpenError;
use crate::view::{ReadError, StoredEntry};

/// What was found to be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// the log's name
    pub origin: String,
    /// how many entries there are
    pub size: u64,
    /// the root of their tree
    pub root: Digest,
    /// how many bodies were deleted, each with its tombstone
    pub redacted: u64,
    /// how many pieces of content there are
    pub content: u64,
    /// how many tiles and bundles were compared
    pub files: u64,
    /// how many checkpoints were compared
    pub checkpoints: u64,
    /// the newest checkpoint recorded
    pub published: Option<Checkpoint>,
    /// whether signatures were verified: only if a key was given
    pub signatures: bool,
    /// the settled state of the same snapshot, for whoever replays the effects
    pub state: Vec<(String, Vec<u8>)>,
}

/// The first thing wrong.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// the directory cannot be opened
    #[error("cannot verify")]
    Open(#[from] OpenError),
    /// something cannot be read
    #[error("{what} cannot be read")]
    Read {
        /// what
        what: String,
        /// why
        source: ReadError,
    },
    /// a file cannot be read
    #[error("cannot read `{}`", path.display())]
    File {
        /// which
        path: PathBuf,
        /// why
        source: std::io::Error,
    },
    /// something is not what it must be
    #[error("{what}: expected {expected}, found {found}")]
    Differs {
        /// what
        what: String,
        /// what it must be
        expected: String,
        /// what it is
        found: String,
    },
    /// a checkpoint that is none, or not signed by the log
    #[error("{what} does not verify")]
    Checkpoint {
        /// where it was found
        what: String,
        /// why
        source: ParseCheckpointError,
    },
}

/// Verifies a data directory: with `key` also its signatures, with `checkpoint` also that the log still holds
/// everything that this checkpoint, kept elsewhere, covers.
///
/// # Errors
/// The first thing wrong.
pub fn verify(
    dir: &Path,
    key: Option<&VerifierKey>,
    checkpoint: Option<&Path>,
) -> Result<Report, VerifyError> {
    verify_with(dir, key, checkpoint, &mut |_| Ok(()))
}

/// Verifies a data directory, and hands every entry that is right to `replay`, in order and in the same snapshot. What
/// it refuses is the first thing wrong.
///
/// # Errors
/// The first thing wrong.
pub fn verify_with(
    dir: &Path,
    key: Option<&VerifierKey>,
    checkpoint: Option<&Path>,
    replay: &mut dyn FnMut(&StoredEntry) -> Result<(), String>,
) -> Result<Report, VerifyError> {
    let (reader, published) = steady(dir)?;
    pass::run(reader.view(), dir, &published, key, checkpoint, replay)
}

/// A snapshot and the checkpoint file that goes with it. A gate that runs publishes meanwhile: the file is read first,
/// for it follows the database, and once more with a newer snapshot where it was left behind all the same.
fn steady(dir: &Path) -> Result<(Reader, files::Published), VerifyError> {
    const TRIES: usize = 8;
    let mut published = files::Published::read(dir)?;
    let mut reader = Reader::open(dir)?;
    for _ in 1..TRIES {
        if published.is_newest(reader.view())? {
            break;
        }
        published = files::Published::read(dir)?;
        reader.refresh()?;
    }
    Ok((reader, published))
}

pub(crate) fn differs(what: impl Into<String>, expected: impl ToString, found: impl ToString) -> VerifyError {
    VerifyError::Differs { what: what.into(), expected: expected.to_string(), found: found.to_string() }
}

pub(crate) fn same<T: PartialEq + ToString>(
    what: impl Into<String>,
    expected: &T,
    found: &T,
) -> Result<(), VerifyError> {
    if expected == found { Ok(()) } else { Err(differs(what, expected.to_string(), found.to_string())) }
}
