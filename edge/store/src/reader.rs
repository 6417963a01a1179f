//! Reading a data directory without writing to it, in one snapshot.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::schema;
use crate::store::{OpenError, database};
use crate::view::View;

/// A data directory, open for reading: everything seen is of one moment, whatever a writer does meanwhile.
/// A snapshot that is held for long keeps the writer's log file from being reused: refresh it, or let it go.
#[derive(Debug)]
pub struct Reader {
    connection: Connection,
    dir: PathBuf,
}

impl Reader {
    pub(crate) fn open(dir: &Path) -> Result<Self, OpenError> {
        let path = database(dir);
        if let Err(source) = std::fs::metadata(&path) {
            return Err(OpenError::File { path, source });
        }
        let failed = |source| OpenError::Database { path: path.clone(), source };
        let connection = schema::open_reading(&path).map_err(failed)?;
        let reader = Self { connection, dir: dir.to_owned() };
        reader.pin().map_err(failed)?;
        let found = schema::version(&reader.connection).map_err(failed)?;
        if found != schema::VERSION {
            return Err(OpenError::Version { path, expected: schema::VERSION, found });
        }
        Ok(reader)
    }

    /// What is kept, as of the snapshot.
    #[must_use]
    pub const fn view(&self) -> View<'_> {
        View::new(&self.connection)
    }

    /// Moves on to what is kept now.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn refresh(&mut self) -> Result<(), OpenError> {
        let failed = |source| OpenError::Database { path: database(&self.dir), source };
        self.connection.execute_batch("ROLLBACK").map_err(failed)?;
        self.pin().map_err(failed)
    }

    /// Begins a transaction and reads, which is what takes the snapshot.
    fn pin(&self) -> rusqlite::Result<()> {
        self.connection.execute_batch("BEGIN")?;
        self.connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
    }
}
