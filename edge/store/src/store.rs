//! The one writer of a data directory.

use std::fs::{self, File, TryLockError};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};

use rusqlite::Connection;
use tollgate_ledger::{Checkpoint, Frontier, Origin, ParseCheckpointError};

use crate::batch::Batch;
use crate::fault::Faults;
use crate::publish::Publisher;
use crate::reader::Reader;
use crate::schema;
use crate::view::{ReadError, View};

/// What its maker calls a batch, so that it can be asked for when the answer to a commit was lost. Never used twice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatchId(pub [u8; 16]);

impl fmt::Debug for BatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// A data directory, open for writing.
#[derive(Debug)]
pub struct Store {
    pub(crate) connection: Connection,
    pub(crate) dir: PathBuf,
    pub(crate) origin: Origin,
    pub(crate) faults: Faults,
    /// a commit without an answer: nothing more until the store is opened again
    pub(crate) in_doubt: Option<BatchId>,
    lock: Arc<File>,
}

/// A data directory that cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// the directory or a file in it
    #[error("cannot open `{}`", path.display())]
    File {
        /// which
        path: PathBuf,
        /// why
        source: io::Error,
    },
    /// another process writes there
    #[error("`{}` is held by another tollgate: one writer for each data directory", path.display())]
    Locked {
        /// the lock file
        path: PathBuf,
    },
    /// SQLite cannot open or read it
    #[error("cannot open database `{}`", path.display())]
    Database {
        /// the database
        path: PathBuf,
        /// why
        source: rusqlite::Error,
    },
    /// something in it cannot be read
    #[error("database `{}` is damaged: run `tollgate log verify`", path.display())]
    Damaged {
        /// the database
        path: PathBuf,
        /// what
        source: ReadError,
    },
    /// not ours, or of another release
    #[error("database `{}` has tables of version {found}, this release reads {expected}", path.display())]
    Version {
        /// the database
        path: PathBuf,
        /// ours
        expected: i64,
        /// theirs, 0 if it is no database of Tollgate
        found: i64,
    },
    /// the ledger of another name
    #[error("database `{}` is of log `{found}`, not `{expected}`", path.display())]
    Origin {
        /// the database
        path: PathBuf,
        /// the name asked for
        expected: String,
        /// the name found
        found: String,
    },
    /// the head row does not fit the entries
    #[error("database `{}` is damaged: its head says {head}, its entries give {entries}", path.display())]
    Head {
        /// the database
        path: PathBuf,
        /// size and root of the head row
        head: String,
        /// size and root of the entries
        entries: String,
    },
    /// the checkpoint file cannot be read as one
    #[error("`{}` is not a checkpoint", path.display())]
    Checkpoint {
        /// the file, or the database that holds it
        path: PathBuf,
        /// why
        source: ParseCheckpointError,
    },
    /// the database was put back, or replaced
    #[error(
        "database `{}` is older than or other than its published checkpoint: the database has {database}, \
         checkpoint `{}` has {published}; refusing to fork the log", path.display(), checkpoint.display()
    )]
    Behind {
        /// the database
        path: PathBuf,
        /// where the checkpoint was found
        checkpoint: PathBuf,
        /// size and root that the database has
        database: String,
        /// size and root that were published
        published: String,
    },
}

/// A batch that cannot be begun.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// an earlier commit has no answer yet
    #[error("what became of batch {0:?} is unknown: open the store again and look it up")]
    InDoubt(BatchId),
    /// SQLite cannot begin
    #[error("cannot write to `{}`", path.display())]
    Database {
        /// the database
        path: PathBuf,
        /// why
        source: rusqlite::Error,
    },
    /// the head row cannot be read
    #[error("database `{}` is damaged: run `tollgate log verify`", path.display())]
    Damaged {
        /// the database
        path: PathBuf,
        /// what
        source: ReadError,
    },
}

impl Store {
    /// Opens a data directory for writing, and makes it where there is none.
    ///
    /// # Errors
    /// Held by another writer, unreadable, damaged, of another log or release, or older than its checkpoint.
    pub fn open(dir: &Path, origin: &Origin) -> Result<Self, OpenError> {
        Self::open_with(dir, origin, Faults::default())
    }

    /// Opens a data directory in which things will go wrong on demand.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_with(dir: &Path, origin: &Origin, faults: Faults) -> Result<Self, OpenError> {
        let lock = lock(dir)?;
        let path = database(dir);
        let failed = |source| OpenError::Database { path: path.clone(), source };
        let connection = schema::open_writing(&path).map_err(failed)?;
        let empty = Frontier::default().encode();
        let version = schema::create(&connection, origin.as_str(), (&empty, &[0; 16])).map_err(failed)?;
        if version != schema::VERSION {
            return Err(OpenError::Version { path, expected: schema::VERSION, found: version });
        }
        let lock = Arc::new(lock);
        let store =
            Self { connection, dir: dir.to_owned(), origin: origin.clone(), faults, in_doubt: None, lock };
        store.check_origin()?;
        store.check_head()?;
        store.check_checkpoints()?;
        Ok(store)
    }

    /// Opens a data directory for reading, whether or not somebody writes there.
    ///
    /// # Errors
    /// Unreadable, damaged, or of another release.
    pub fn open_read_only(dir: &Path) -> Result<Reader, OpenError> {
        Reader::open(dir)
    }

    /// Begins a batch. Nothing of it is seen by others, or kept, before it commits.
    ///
    /// # Errors
    /// The store must be opened again first, or cannot be written to.
    pub fn begin(&mut self, id: BatchId) -> Result<Batch<'_>, BeginError> {
        if let Some(doubtful) = self.in_doubt {
            return Err(BeginError::InDoubt(doubtful));
        }
        Batch::begin(self, id)
    }

    /// Whether the batch of this id was kept. Only the newest batch can be in doubt, and only it is asked for.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn batch_committed(&self, id: BatchId) -> Result<bool, ReadError> {
        Ok(self.view().newest_batch()? == id)
    }

    /// What is kept, as of now.
    #[must_use]
    pub const fn view(&self) -> View<'_> {
        View::new(&self.connection)
    }

    /// What publishes this store's log, from a thread of its own. It holds the directory as long as it lives.
    ///
    /// # Errors
    /// The database cannot be opened once more.
    pub fn publisher(&self) -> Result<Publisher, OpenError> {
        Publisher::open(self.dir.clone(), self.origin.clone(), self.faults.clone(), Arc::clone(&self.lock))
    }

    /// Lets the database grow to this many pages of 4096 bytes and no further: a full disk, for tests and quotas.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn limit_pages(&self, pages: u32) -> Result<(), ReadError> {
        Ok(self.connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?)
    }

    /// Which log this is.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Where it is kept.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    fn check_origin(&self) -> Result<(), OpenError> {
        let found = self.view().origin().map_err(|source| self.damaged(source))?;
        if found == self.origin.as_str() {
            return Ok(());
        }
        Err(OpenError::Origin { path: database(&self.dir), expected: self.origin.to_string(), found })
    }

    fn check_head(&self) -> Result<(), OpenError> {
        let damaged = |source| self.damaged(source);
        let frontier = self.view().frontier().map_err(damaged)?;
        let size = self.view().count().map_err(damaged)?;
        let root = self.view().root_at(size).map_err(damaged)?;
        if size == frontier.size() && root == frontier.root() {
            return Ok(());
        }
        let head = describe(frontier.size(), &frontier.root());
        Err(OpenError::Head { path: database(&self.dir), head, entries: describe(size, &root) })
    }

    /// Neither the newest checkpoint recorded nor the one in the file may be ahead of the entries, or beside them.
    fn check_checkpoints(&self) -> Result<(), OpenError> {
        let recorded = self.view().newest_checkpoint().map_err(|source| self.damaged(source))?;
        let file = checkpoint_path(&self.dir);
        let published = match fs::read(&file) {
            Ok(bytes) => Some((file, bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(OpenError::File { path: file, source }),
        };
        let recorded = recorded.map(|note| (database(&self.dir), note.into_bytes()));
        for (path, note) in recorded.into_iter().chain(published) {
            let checkpoint = Checkpoint::unverified(&note)
                .map_err(|source| OpenError::Checkpoint { path: path.clone(), source })?;
            self.check_checkpoint(path, &checkpoint)?;
        }
        Ok(())
    }

    fn check_checkpoint(&self, path: PathBuf, checkpoint: &Checkpoint) -> Result<(), OpenError> {
        if checkpoint.origin != self.origin {
            let (expected, found) = (self.origin.to_string(), checkpoint.origin.to_string());
            return Err(OpenError::Origin { path, expected, found });
        }
        let damaged = |source| self.damaged(source);
        let size = self.view().count().map_err(damaged)?.min(checkpoint.size);
        let root = self.view().root_at(size).map_err(damaged)?;
        if size == checkpoint.size && root == checkpoint.root {
            return Ok(());
        }
        Err(OpenError::Behind {
            path: database(&self.dir),
            checkpoint: path,
            database: describe(size, &root),
            published: describe(checkpoint.size, &checkpoint.root),
        })
    }

    fn damaged(&self, source: ReadError) -> OpenError {
        OpenError::Damaged { path: database(&self.dir), source }
    }
}

fn lock(dir: &Path) -> Result<File, OpenError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| OpenError::File { path, source }
    };
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(failed(dir))?;
    let path = dir.join("lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed(&path))?;
    // A program that another thread is just starting holds a copy of every lock of ours until it has started.
    for _ in 0..20 {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(10)),
            Err(TryLockError::Error(source)) => return Err(OpenError::File { path, source }),
        }
    }
    Err(OpenError::Locked { path })
}

pub(crate) fn database(dir: &Path) -> PathBuf {
    dir.join("tollgate.db")
}

pub(crate) fn log_dir(dir: &Path) -> PathBuf {
    dir.join("log")
}

pub(crate) fn checkpoint_path(dir: &Path) -> PathBuf {
    log_dir(dir).join("checkpoint")
}

pub(crate) fn describe(size: u64, root: &tollgate_vocabulary::Digest) -> String {
    format!("size {size} root {}", root.hex())
}
