//! Publishing: from the database, which sequences, to the files, which others read.
//!
//! ```text
//! head ──> tiles and bundles (synced) ──> sign ──> compare and swap in the database ──> checkpoint file
//! ```
//!
//! - A checkpoint is signed only over tiles that are on the disk, and only if the tree begins with the one of the
//!   newest checkpoint.
//! - The database decides which checkpoint is the newest; the file follows. Killed between the two, the next
//!   publishing writes the file.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};
use tollgate_ledger::{
    Bundle, Checkpoint, Origin, ParseCheckpointError, ParseNoteError, SigningKey, TILE_WIDTH, Tile,
};
use tollgate_vocabulary::Digest;

use crate::fault::{Fault, Faults};
use crate::file::{self, FileError, Files};
use crate::schema;
use crate::store::{OpenError, checkpoint_path, database, describe, log_dir};
use crate::view::{ReadError, View, clamp};

/// How many checkpoints the database keeps.
const KEPT: i64 = 1024;

/// Publishes one store's log. It has a connection of its own, so that it can work while batches are written.
#[derive(Debug)]
pub struct Publisher {
    connection: Connection,
    dir: PathBuf,
    origin: Origin,
    faults: Faults,
    _lock: Arc<File>,
}

/// What was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// what the checkpoint says
    pub checkpoint: Checkpoint,
    /// the signed checkpoint
    pub note: String,
    /// whether it is new; false if nothing was committed since the last
    pub new: bool,
}

/// A log that cannot be published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// a file cannot be written or read: disk full, read-only
    #[error("cannot publish to `{}`", path.display())]
    File {
        /// which
        path: PathBuf,
        /// why
        source: io::Error,
    },
    /// what is kept cannot be read
    #[error("cannot publish from database `{}`", path.display())]
    Read {
        /// the database
        path: PathBuf,
        /// why
        source: ReadError,
    },
    /// the checkpoint cannot be recorded
    #[error("cannot record the checkpoint in `{}`", path.display())]
    Database {
        /// the database
        path: PathBuf,
        /// why
        source: rusqlite::Error,
    },
    /// the newest checkpoint cannot be read
    #[error("`{}` is not a checkpoint", path.display())]
    Checkpoint {
        /// the file, or the database that holds it
        path: PathBuf,
        /// why
        source: ParseCheckpointError,
    },
    /// signing now would fork the log
    #[error("refusing to sign {offered}: the newest checkpoint has {newest}")]
    Fork {
        /// size and root that would be signed, or that the old size has now
        offered: String,
        /// size and root of the newest checkpoint
        newest: String,
    },
    /// somebody else recorded a checkpoint meanwhile
    #[error("another checkpoint was recorded meanwhile")]
    Overtaken,
    /// the origin does not fit a note
    #[error("cannot sign the checkpoint")]
    Sign(#[from] ParseNoteError),
    /// a test asked for it
    #[error("injected fault")]
    Injected,
}

impl From<FileError> for PublishError {
    fn from(FileError { path, source }: FileError) -> Self {
        Self::File { path, source }
    }
}

impl Publisher {
    pub(crate) fn open(
        dir: PathBuf,
        origin: Origin,
        faults: Faults,
        lock: Arc<File>,
    ) -> Result<Self, OpenError> {
        let path = database(&dir);
        let connection =
            schema::open_writing(&path).map_err(|source| OpenError::Database { path, source })?;
        Ok(Self { connection, dir, origin, faults, _lock: lock })
    }

    /// Publishes everything committed so far.
    ///
    /// # Errors
    /// Files or database cannot be written, or what is kept contradicts the newest checkpoint.
    pub fn publish(&mut self, key: &SigningKey) -> Result<Published, PublishError> {
        let (checkpoint, newest) = self.prepare()?;
        self.check_file(newest.as_ref())?;
        if let Some((newest, note)) = newest.clone().filter(|(newest, _)| newest.size == checkpoint.size) {
            self.write_checkpoint(&note)?;
            return Ok(Published { checkpoint: newest, note, new: false });
        }
        if self.faults.strikes(Fault::PublishFailsBeforeCheckpoint) {
            return Err(PublishError::Injected);
        }
        let note = checkpoint.sign(key)?.to_string();
        let old = newest.map(|(newest, _)| newest.size);
        self.record(old, &checkpoint, &note)?;
        if self.faults.strikes(Fault::PublishFailsBeforeFile) {
            return Err(PublishError::Injected);
        }
        self.write_checkpoint(&note)?;
        Ok(Published { checkpoint, note, new: true })
    }

    /// Reads one snapshot, checks it against the newest checkpoint and writes its tiles.
    fn prepare(&self) -> Result<(Checkpoint, Option<(Checkpoint, String)>), PublishError> {
        let database_failed = |source| PublishError::Database { path: database(&self.dir), source };
        let snapshot = self.connection.unchecked_transaction().map_err(database_failed)?;
        let view = View::new(&snapshot);
        let frontier = view.frontier().map_err(|source| self.unread(source))?;
        let checkpoint = Checkpoint::of(self.origin.clone(), &frontier);
        let newest = self.newest(view)?;
        if let Some((newest, _)) = &newest {
            self.check_extends(view, newest, &checkpoint)?;
        }
        let old = newest.as_ref().map_or(0, |(newest, _)| newest.size);
        self.write_tiles(view, old, checkpoint.size)?;
        snapshot.finish().map_err(database_failed)?;
        Ok((checkpoint, newest))
    }

    fn newest(&self, view: View<'_>) -> Result<Option<(Checkpoint, String)>, PublishError> {
        let Some(note) = view.newest_checkpoint().map_err(|source| self.unread(source))? else {
            return Ok(None);
        };
        let path = database(&self.dir);
        let checkpoint = Checkpoint::unverified(note.as_bytes())
            .map_err(|source| PublishError::Checkpoint { path, source })?;
        Ok(Some((checkpoint, note)))
    }

    /// The tree to be signed must begin with the one that was.
    fn check_extends(
        &self,
        view: View<'_>,
        newest: &Checkpoint,
        now: &Checkpoint,
    ) -> Result<(), PublishError> {
        let size = newest.size.min(now.size);
        let root = view.root_at(size).map_err(|source| self.unread(source))?;
        if size == newest.size && root == newest.root {
            return Ok(());
        }
        Err(fork(size, &root, newest))
    }

    /// The file may be behind the database, never ahead of it.
    fn check_file(&self, newest: Option<&(Checkpoint, String)>) -> Result<(), PublishError> {
        let path = checkpoint_path(&self.dir);
        let bytes = file::read(&path).map_err(|source| PublishError::File { path: path.clone(), source })?;
        let Some(bytes) = bytes else { return Ok(()) };
        let seen =
            Checkpoint::unverified(&bytes).map_err(|source| PublishError::Checkpoint { path, source })?;
        match newest {
            Some((newest, _)) if seen.size < newest.size || seen == *newest => Ok(()),
            Some((newest, _)) => Err(fork(newest.size, &newest.root, &seen)),
            None => Err(fork(0, &tollgate_ledger::empty_root(), &seen)),
        }
    }

    fn write_tiles(&self, view: View<'_>, old: u64, new: u64) -> Result<(), PublishError> {
        let mut files = Files::below(log_dir(&self.dir));
        for tile in Tile::added(old, new) {
            let hashes = self.hashes(view, &tile)?;
            files.write(&tile.path(), &hashes.concat())?;
            if tile.level() == 0 {
                files.write(&tile.bundle_path(), self.bundle(&tile)?.as_bytes())?;
            }
        }
        files.sync()?;
        discard_partial(&files, old, new);
        Ok(())
    }

    fn hashes(&self, view: View<'_>, tile: &Tile) -> Result<Vec<[u8; 32]>, PublishError> {
        let hash = |node| view.node(node).map(|hash| *hash.as_bytes());
        tile.nodes().map(hash).collect::<Result<_, _>>().map_err(|source| self.unread(source))
    }

    fn bundle(&self, tile: &Tile) -> Result<Bundle, PublishError> {
        let first = tile.index() * u64::from(TILE_WIDTH);
        let range = (clamp(first), clamp(first + u64::from(tile.width())));
        let sql = "SELECT bytes FROM entry WHERE idx >= ?1 AND idx < ?2 ORDER BY idx";
        let read = || {
            let mut statement = self.connection.prepare_cached(sql)?;
            let mut bundle = Bundle::default();
            for entry in statement.query_map(range, |row| row.get::<_, [u8; 66]>(0))? {
                // 66 bytes always fit a bundle
                let _ = bundle.push(&entry?);
            }
            Ok(bundle)
        };
        read().map_err(|source: rusqlite::Error| self.unread(source.into()))
    }

    /// Makes this the newest checkpoint, unless the newest is not the one that was seen.
    fn record(&mut self, seen: Option<u64>, checkpoint: &Checkpoint, note: &str) -> Result<(), PublishError> {
        let path = database(&self.dir);
        let failed = |source| PublishError::Database { path: path.clone(), source };
        let behaviour = TransactionBehavior::Immediate;
        let transaction = self.connection.transaction_with_behavior(behaviour).map_err(failed)?;
        let sql = "SELECT size FROM checkpoint ORDER BY size DESC LIMIT 1";
        let newest = transaction.query_row(sql, [], |row| row.get(0)).optional().map_err(failed)?;
        if newest != seen {
            return Err(PublishError::Overtaken);
        }
        let row = (checkpoint.size, checkpoint.root.as_bytes(), note);
        let sql = "INSERT INTO checkpoint (size, root, note) VALUES (?1, ?2, ?3)";
        transaction.execute(sql, row).map_err(failed)?;
        let sql = "DELETE FROM checkpoint WHERE size <=
                   (SELECT size FROM checkpoint ORDER BY size DESC LIMIT 1 OFFSET ?1)";
        transaction.execute(sql, [KEPT]).map_err(failed)?;
        transaction.commit().map_err(failed)
    }

    fn write_checkpoint(&self, note: &str) -> Result<(), PublishError> {
        let mut files = Files::below(log_dir(&self.dir));
        let path = checkpoint_path(&self.dir);
        let there = file::read(&path).map_err(|source| PublishError::File { path, source })?;
        if there.as_deref() != Some(note.as_bytes()) {
            files.write("checkpoint", note.as_bytes())?;
        }
        Ok(files.sync()?)
    }

    fn unread(&self, source: ReadError) -> PublishError {
        PublishError::Read { path: database(&self.dir), source }
    }
}

fn fork(size: u64, root: &Digest, newest: &Checkpoint) -> PublishError {
    PublishError::Fork { offered: describe(size, root), newest: describe(newest.size, &newest.root) }
}

/// Partial tiles may go once the full one is there (C2SP tlog-tiles).
fn discard_partial(files: &Files, old: u64, new: u64) {
    for tile in Tile::added(old, new).filter(|tile| tile.width() == TILE_WIDTH) {
        files.discard(&format!("{}.p", tile.path()));
        if tile.level() == 0 {
            files.discard(&format!("{}.p", tile.bundle_path()));
        }
    }
}
