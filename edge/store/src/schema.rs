//! The tables, and how a connection is set up.
//!
//! Bodies stand apart from entries, so that deleting one touches nothing that is hashed. `node` holds the hashes of
//! full tiles (height 8, 16, ...), one for 256 entries, so that proofs and tiles never read the whole log.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Result};

/// The version of the tables. A database of another version is refused.
pub(crate) const VERSION: i64 = 1;
/// `Toll`, in the database's header.
const APPLICATION: i64 = 0x546f_6c6c;

pub(crate) const TABLES: &str = "
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  size INTEGER NOT NULL CHECK (size >= 0),
  frontier BLOB NOT NULL,
  batch BLOB NOT NULL CHECK (length(batch) = 16)
) STRICT;
CREATE TABLE entry (
  idx INTEGER PRIMARY KEY CHECK (idx >= 0),
  kind INTEGER NOT NULL,
  leaf BLOB NOT NULL CHECK (length(leaf) = 32),
  bytes BLOB NOT NULL CHECK (length(bytes) = 66),
  salt_e BLOB NOT NULL CHECK (length(salt_e) = 32),
  effects BLOB NOT NULL
) STRICT;
CREATE INDEX entry_by_leaf ON entry (substr(leaf, 1, 8));
CREATE TABLE body (
  idx INTEGER PRIMARY KEY REFERENCES entry (idx),
  salt_b BLOB NOT NULL CHECK (length(salt_b) = 32),
  body BLOB NOT NULL
) STRICT;
CREATE TABLE node (
  height INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (height, idx)
) STRICT, WITHOUT ROWID;
CREATE TABLE checkpoint (
  size INTEGER PRIMARY KEY CHECK (size >= 0),
  root BLOB NOT NULL CHECK (length(root) = 32),
  note TEXT NOT NULL
) STRICT;
CREATE TABLE content (
  digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
  kind TEXT NOT NULL,
  size INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
CREATE TABLE request (
  uid TEXT PRIMARY KEY,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  idx INTEGER NOT NULL REFERENCES entry (idx)
) STRICT, WITHOUT ROWID;
CREATE TABLE state (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE judged (
  object TEXT NOT NULL,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  bundle BLOB NOT NULL CHECK (length(bundle) = 32),
  idx INTEGER NOT NULL REFERENCES entry (idx),
  PRIMARY KEY (object, digest, bundle)
) STRICT, WITHOUT ROWID;
";

/// A connection that writes. `secure_delete` overwrites what is deleted: a redacted body must be gone.
pub(crate) fn open_writing(path: &Path) -> Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    set_up(&connection)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "wal_autocheckpoint", 4000)?;
    Ok(connection)
}

/// A connection that cannot write. On a file system that is read-only itself, with no writer, SQLite needs to be told
/// that nothing will change, since it cannot make its shared-memory file.
pub(crate) fn open_reading(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let usual = Connection::open_with_flags(path, flags)?;
    set_up(&usual)?;
    let shown = usual.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()));
    let log = path.with_extension("db-wal");
    if shown.is_ok() || std::fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        return Ok(usual);
    }
    let Some(text) = path.to_str() else { return Ok(usual) };
    let escaped = text.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let uri = format!("file:{escaped}?immutable=1");
    let frozen = Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)?;
    set_up(&frozen)?;
    Ok(frozen)
}

fn set_up(connection: &Connection) -> Result<()> {
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -16_000)
}

/// Makes the tables where there are none. Gives the version of those that are there, 0 for a file that is not ours.
pub(crate) fn create(connection: &Connection, origin: &str, head: (&[u8], &[u8])) -> Result<i64> {
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables > 0 {
        return version(connection);
    }
    let transaction = connection.unchecked_transaction()?;
    transaction.execute_batch(TABLES)?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.execute("INSERT INTO meta (key, value) VALUES ('origin', ?1)", [origin])?;
    transaction.execute("INSERT INTO head (id, size, frontier, batch) VALUES (1, 0, ?1, ?2)", head)?;
    transaction.commit()?;
    Ok(VERSION)
}

/// The version of a database's tables, 0 for a file that is not ours.
pub(crate) fn version(connection: &Connection) -> Result<i64> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    Ok(if number("application_id")? == APPLICATION { number("user_version")? } else { 0 })
}
