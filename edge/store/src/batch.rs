//! A batch: entries in their order and what goes with them, kept together or not at all.
//!
//! ```text
//! begin ──> append* put* set* ──> commit: head moved, one fsync ──> Committed
//!                                    └──> InDoubt: open the store again, look the batch up
//! ```

use std::path::PathBuf;

use rusqlite::{OptionalExtension as _, Params};
use tollgate_ledger::{Entry, Frontier, Kind, Salt, Sealed, TILE_HEIGHT, Tombstone};
use tollgate_vocabulary::Digest;

use crate::content;
use crate::fault::Fault;
use crate::store::{BatchId, BeginError, Store, database};
use crate::view::{ReadError, View};

/// A batch that is being written. Dropped without commit, nothing of it is kept.
#[derive(Debug)]
pub struct Batch<'s> {
    store: &'s mut Store,
    id: BatchId,
    frontier: Frontier,
    /// a write went wrong half-way: this batch cannot be kept
    broken: bool,
    redacted: bool,
    done: bool,
}

/// An entry to append.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// what kind of event it records
    pub kind: Kind,
    /// what the event changed, kept for ever
    pub effects: Sealed,
    /// why, and everything it rested on; can be redacted
    pub body: Sealed,
}

/// Where an entry stands, once its batch is committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// its place in the log
    pub index: u64,
    /// RFC 6962 leaf hash of its bytes
    pub leaf_hash: Digest,
}

/// A batch that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    /// which batch
    pub id: BatchId,
    /// how many entries the log has now
    pub size: u64,
}

/// A write that failed. Nothing of its batch is kept unless it was only refused.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// SQLite cannot write: disk full, read-only, damaged, or a key that is there already
    #[error("cannot write to `{}`", path.display())]
    Database {
        /// the database
        path: PathBuf,
        /// why
        source: rusqlite::Error,
    },
    /// content larger than one piece may be
    #[error("content of {0} bytes is too large: at most {max} are kept", max = content::MAX_CONTENT)]
    Content(usize),
    /// there is no such entry, or its body is deleted already
    #[error("entry {0} has no body to delete")]
    NoBody(u64),
    /// what is kept cannot be read
    #[error("cannot read what is kept")]
    Read(#[from] ReadError),
}

/// A commit that did not answer.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// nothing of the batch is kept
    #[error("batch {id:?} was not kept: cannot write to `{}`", path.display())]
    Aborted {
        /// which batch
        id: BatchId,
        /// the database
        path: PathBuf,
        /// why, if it was not an earlier write of the batch
        source: Option<rusqlite::Error>,
    },
    /// it is not known whether the batch is kept
    #[error("commit of batch {id:?} to `{}` failed: it may be kept or not; open the store again and look it up", path.display())]
    InDoubt {
        /// which batch
        id: BatchId,
        /// the database
        path: PathBuf,
        /// why
        source: rusqlite::Error,
    },
}

impl<'s> Batch<'s> {
    pub(crate) fn begin(store: &'s mut Store, id: BatchId) -> Result<Self, BeginError> {
        let path = database(&store.dir);
        if let Err(source) = store.connection.execute_batch("BEGIN IMMEDIATE") {
            return Err(BeginError::Database { path, source });
        }
        match store.view().frontier() {
            Ok(frontier) => Ok(Self { store, id, frontier, broken: false, redacted: false, done: false }),
            Err(source) => {
                let _ = store.connection.execute_batch("ROLLBACK");
                Err(BeginError::Damaged { path, source })
            }
        }
    }

    /// What is kept, with what this batch has written so far: what settling reads.
    #[must_use]
    pub const fn view(&self) -> View<'_> {
        View::new(&self.store.connection)
    }

    /// Appends an entry.
    ///
    /// # Errors
    /// The database cannot be written to.
    pub fn append(&mut self, new: &NewEntry) -> Result<Appended, WriteError> {
        let (index, entry) = (self.frontier.size(), Entry::new(new.kind, &new.effects, &new.body));
        let leaf_hash = entry.leaf_hash();
        self.broken = true;
        self.write(
            "INSERT INTO entry (idx, kind, leaf, bytes, salt_e, effects) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (
                index,
                new.kind.code(),
                leaf_hash.as_bytes(),
                entry.encode(),
                new.effects.salt.0,
                &new.effects.bytes,
            ),
        )?;
        let body = (index, new.body.salt.0, &new.body.bytes);
        self.write("INSERT INTO body (idx, salt_b, body) VALUES (?1, ?2, ?3)", body)?;
        let mut tops = Vec::new();
        self.frontier.push_with(leaf_hash, |node, hash| {
            if node.height > 0 && node.height % TILE_HEIGHT == 0 {
                tops.push((node, hash));
            }
        });
        for (node, hash) in tops {
            let row = (node.height, node.index, hash.as_bytes());
            self.write("INSERT INTO node (height, idx, hash) VALUES (?1, ?2, ?3)", row)?;
        }
        self.broken = false;
        Ok(Appended { index, leaf_hash })
    }

    /// Deletes the body of an entry, with its salt, and appends the tombstone that says so. `body` tells who and why.
    ///
    /// # Errors
    /// There is no such body, or the database cannot be written to.
    pub fn redact(&mut self, index: u64, salt_e: Salt, body: Sealed) -> Result<Appended, WriteError> {
        let entry = self.view().entry(index)?.filter(|entry| entry.body.is_some());
        let leaf = entry.ok_or(WriteError::NoBody(index))?.leaf;
        self.write("DELETE FROM body WHERE idx = ?1", [index])?;
        self.redacted = true;
        let effects = Sealed { salt: salt_e, bytes: Tombstone { index, leaf }.encode() };
        self.append(&NewEntry { kind: Kind::Tombstone, effects, body })
    }

    /// Keeps content by its digest, compressed; nothing happens if it is there already. `kind` is a word for those who
    /// clean up; the tree does not cover it.
    ///
    /// # Errors
    /// The content is too large, or the database cannot be written to.
    pub fn put_content(&mut self, digest: &Digest, kind: &str, bytes: &[u8]) -> Result<(), WriteError> {
        if bytes.len() > content::MAX_CONTENT {
            return Err(WriteError::Content(bytes.len()));
        }
        let there = {
            let mut statement = self.prepare("SELECT 1 FROM content WHERE digest = ?1")?;
            statement.exists([digest.as_bytes()]).map_err(|source| self.failed(source))?
        };
        if there {
            return Ok(());
        }
        let row = (digest.as_bytes(), kind, bytes.len() as u64, content::compress(bytes));
        self.write("INSERT INTO content (digest, kind, size, bytes) VALUES (?1, ?2, ?3, ?4)", row)
    }

    /// Deletes content whose time has come. Whether it was there.
    ///
    /// # Errors
    /// The database cannot be written to.
    pub fn delete_content(&mut self, digest: &Digest) -> Result<bool, WriteError> {
        self.redacted = true;
        let sql = "DELETE FROM content WHERE digest = ?1 RETURNING 1";
        let mut statement = self.prepare(sql)?;
        let deleted: Option<i64> = statement
            .query_row([digest.as_bytes()], |row| row.get(0))
            .optional()
            .map_err(|source| self.failed(source))?;
        Ok(deleted.is_some())
    }

    /// Remembers which entry answered a request.
    ///
    /// # Errors
    /// The id is there already, there is no such entry, or the database cannot be written to.
    pub fn put_request(&mut self, uid: &str, digest: &Digest, index: u64) -> Result<(), WriteError> {
        let row = (uid, digest.as_bytes(), index);
        self.write("INSERT INTO request (uid, digest, idx) VALUES (?1, ?2, ?3)", row)
    }

    /// Remembers which entry judged an object, as it is now, under a bundle. The first one stays.
    ///
    /// # Errors
    /// There is no such entry, or the database cannot be written to.
    pub fn put_judged(
        &mut self,
        object: &str,
        digest: &Digest,
        bundle: &Digest,
        index: u64,
    ) -> Result<(), WriteError> {
        let sql =
            "INSERT INTO judged (object, digest, bundle, idx) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
        self.write(sql, (object, digest.as_bytes(), bundle.as_bytes(), index))
    }

    /// Sets a piece of settled state, or removes it.
    ///
    /// # Errors
    /// The database cannot be written to.
    pub fn set_state(&mut self, key: &str, value: Option<&[u8]>) -> Result<(), WriteError> {
        let Some(value) = value else {
            return self.write("DELETE FROM state WHERE key = ?1", [key]);
        };
        let sql = "INSERT INTO state (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2";
        self.write(sql, (key, value))
    }

    /// Keeps the batch: moves the head, waits for the disk.
    ///
    /// # Errors
    /// Not kept, or not known: then the store must be opened again.
    pub fn commit(mut self) -> Result<Committed, CommitError> {
        let (id, path, size) = (self.id, database(&self.store.dir), self.frontier.size());
        if self.broken || self.store.connection.is_autocommit() {
            return Err(CommitError::Aborted { id, path, source: None });
        }
        let head = (size, self.frontier.encode(), id.0);
        let moved = self.write("UPDATE head SET size = ?1, frontier = ?2, batch = ?3", head);
        if let Err(WriteError::Database { path, source }) = moved {
            return Err(CommitError::Aborted { id, path, source: Some(source) });
        }
        match self.commit_transaction() {
            Ok(()) => {
                self.done = true;
                self.forget_deleted();
                Ok(Committed { id, size })
            }
            Err(source) => {
                self.store.in_doubt = Some(id);
                Err(CommitError::InDoubt { id, path, source })
            }
        }
    }

    fn commit_transaction(&self) -> rusqlite::Result<()> {
        let failure = || {
            let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR);
            rusqlite::Error::SqliteFailure(code, Some("injected fault".to_owned()))
        };
        let connection = &self.store.connection;
        if self.store.faults.strikes(Fault::CommitFails) {
            connection.execute_batch("ROLLBACK")?;
            return Err(failure());
        }
        connection.execute_batch("COMMIT")?;
        if self.store.faults.strikes(Fault::CommitPersistsButFails) { Err(failure()) } else { Ok(()) }
    }

    /// Deleted bytes stand in the write-ahead log until it is folded back. A reader may hold that up; the next
    /// checkpoint of SQLite's own does it then.
    fn forget_deleted(&self) {
        if self.redacted {
            let _ = self.store.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        }
    }

    fn write(&self, sql: &str, parameters: impl Params) -> Result<(), WriteError> {
        let mut statement = self.prepare(sql)?;
        statement.execute(parameters).map(|_| ()).map_err(|source| self.failed(source))
    }

    fn prepare(&self, sql: &str) -> Result<rusqlite::CachedStatement<'_>, WriteError> {
        self.store.connection.prepare_cached(sql).map_err(|source| self.failed(source))
    }

    fn failed(&self, source: rusqlite::Error) -> WriteError {
        WriteError::Database { path: database(&self.store.dir), source }
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        if !self.done && !self.store.connection.is_autocommit() {
            let _ = self.store.connection.execute_batch("ROLLBACK");
        }
    }
}
