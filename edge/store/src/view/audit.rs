//! What only verifying reads.

use rusqlite::Row;
use std::ops::Range;
use tollgate_vocabulary::Digest;

use super::{ReadError, View, clamp, digest, missing};

impl View<'_> {
    /// The kind column of a range of entries.
    pub(crate) fn kinds(&self, range: Range<u64>) -> Result<Vec<u8>, ReadError> {
        let sql = "SELECT kind FROM entry WHERE idx >= ?1 AND idx < ?2 ORDER BY idx";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map((clamp(range.start), clamp(range.end)), |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// All checkpoints recorded, smallest first: size, root, note.
    pub(crate) fn checkpoints(&self) -> Result<Vec<(u64, Digest, String)>, ReadError> {
        let sql = "SELECT size, root, note FROM checkpoint ORDER BY size";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, digest(row, 1)?, row.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(crate) fn head_size(&self) -> Result<u64, ReadError> {
        self.one("SELECT size FROM head", [])?.ok_or_else(|| missing("the head row"))
    }

    pub(crate) fn rows(&self, table: &str) -> Result<u64, ReadError> {
        Ok(self.one(&format!("SELECT count(*) FROM {table}"), [])?.unwrap_or(0))
    }

    /// The first thing that SQLite's own check finds, or `ok`.
    pub(crate) fn integrity(&self) -> Result<String, ReadError> {
        self.one("PRAGMA integrity_check(1)", [])?.ok_or_else(|| missing("the integrity check"))
    }

    /// How many rows refer to an entry that is not there.
    pub(crate) fn dangling(&self) -> Result<u64, ReadError> {
        Ok(self.one("SELECT count(*) FROM pragma_foreign_key_check", [])?.unwrap_or(0))
    }

    /// Hands every piece of content (digest, size, bytes) to `check`, until it names one that is wrong.
    pub(crate) fn each_content(
        &self,
        check: &mut dyn FnMut(&Row<'_>) -> rusqlite::Result<Option<Digest>>,
    ) -> Result<Option<Digest>, ReadError> {
        let mut statement = self.connection.prepare_cached("SELECT digest, size, bytes FROM content")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if let Some(wrong) = check(row)? {
                return Ok(Some(wrong));
            }
        }
        Ok(None)
    }
}
