//! What is kept, read. The same for the writer, for what a batch has written so far, and for a snapshot.

mod audit;

use std::ops::Range;

use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension as _, Params, Row};
use tollgate_ledger::{
    DecodeEntryError, DecodeFrontierError, Entry, Frontier, Kind, Node, ProofError, Salt, Sealed,
    TILE_HEIGHT, consistency_proof, inclusion_proof, node_hash, root_at,
};
use tollgate_vocabulary::Digest;

use crate::content;
use crate::store::BatchId;

/// Reads through one connection, within whatever transaction it has open.
#[derive(Clone, Copy, Debug)]
pub struct View<'c> {
    connection: &'c Connection,
}

/// An entry as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// where it stands
    pub index: u64,
    /// its public bytes, read
    pub entry: Entry,
    /// RFC 6962 leaf hash, as it is kept
    pub leaf: Digest,
    /// its effects and their salt
    pub effects: Sealed,
    /// its body and its salt, unless they were deleted
    pub body: Option<Sealed>,
}

impl StoredEntry {
    /// What kind of event it records.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.entry.kind()
    }
}

/// What answered a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// the digest of the request's body
    pub digest: Digest,
    /// the entry that holds the answer
    pub index: u64,
}

/// Something that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// SQLite cannot read it
    #[error("cannot read the database")]
    Database(#[from] rusqlite::Error),
    /// a row is missing
    #[error("{0} is missing from the database")]
    Missing(String),
    /// an entry's bytes are none
    #[error("entry {index} is damaged")]
    Entry {
        /// where it stands
        index: u64,
        /// what is wrong
        source: DecodeEntryError,
    },
    /// the head row's frontier is none
    #[error("the head row is damaged")]
    Frontier(#[from] DecodeFrontierError),
    /// content that does not decompress to its length
    #[error("content {0} is damaged")]
    Content(Digest),
    /// there is no such proof
    #[error("no proof: {0}")]
    Proof(String),
}

impl<'c> View<'c> {
    pub(crate) const fn new(connection: &'c Connection) -> Self {
        Self { connection }
    }

    /// How many entries there are.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn size(&self) -> Result<u64, ReadError> {
        Ok(self.frontier()?.size())
    }

    /// The root of the tree of all entries.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn root(&self) -> Result<Digest, ReadError> {
        Ok(self.frontier()?.root())
    }

    /// The growing edge of the tree.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn frontier(&self) -> Result<Frontier, ReadError> {
        let bytes: Vec<u8> =
            self.one("SELECT frontier FROM head", [])?.ok_or_else(|| missing("the head row"))?;
        Ok(Frontier::decode(&bytes)?)
    }

    /// An entry.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn entry(&self, index: u64) -> Result<Option<StoredEntry>, ReadError> {
        Ok(self.entries(index..index.saturating_add(1))?.pop())
    }

    /// The entries of a range, as many as there are.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn entries(&self, range: Range<u64>) -> Result<Vec<StoredEntry>, ReadError> {
        let sql = "SELECT entry.idx, bytes, leaf, salt_e, effects, salt_b, body FROM entry
                   LEFT JOIN body ON body.idx = entry.idx WHERE entry.idx >= ?1 AND entry.idx < ?2 ORDER BY entry.idx";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((clamp(range.start), clamp(range.end)))?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            entries.push(read_entry(row)?);
        }
        Ok(entries)
    }

    /// The newest entries, oldest of them first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn tail(&self, count: u64) -> Result<Vec<StoredEntry>, ReadError> {
        let size = self.size()?;
        self.entries(size.saturating_sub(count)..size)
    }

    /// The entries whose leaf hash begins with these bytes, up to `limit` of them. Two or more for a short prefix.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn entries_by_leaf(&self, prefix: &[u8], limit: usize) -> Result<Vec<StoredEntry>, ReadError> {
        let indexed = &prefix[..prefix.len().min(8)];
        let bound = |fill: u8| {
            let mut bound = [fill; 8];
            bound[..indexed.len()].copy_from_slice(indexed);
            bound
        };
        let sql = "SELECT idx, leaf FROM entry WHERE substr(leaf, 1, 8) >= ?1 AND substr(leaf, 1, 8) <= ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((bound(0), bound(0xff)))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            if found.len() < limit && row.get::<_, [u8; 32]>(1)?.starts_with(prefix) {
                found.extend(self.entry(row.get(0)?)?);
            }
        }
        Ok(found)
    }

    /// What answered the request of this id. Ids that differ in case are different.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn request(&self, uid: &str) -> Result<Option<Request>, ReadError> {
        let sql = "SELECT digest, idx FROM request WHERE uid = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let read = |row: &Row<'_>| Ok(Request { digest: digest(row, 0)?, index: row.get(1)? });
        Ok(statement.query_row([uid], read).optional()?)
    }

    /// The entry that judged this object, as it was then, under this bundle.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn judged(&self, object: &str, digest: &Digest, bundle: &Digest) -> Result<Option<u64>, ReadError> {
        let sql = "SELECT idx FROM judged WHERE object = ?1 AND digest = ?2 AND bundle = ?3";
        self.one(sql, (object, digest.as_bytes(), bundle.as_bytes()))
    }

    /// Content kept by its digest, with its kind.
    ///
    /// # Errors
    /// The database cannot be read, or what it holds is not that content.
    pub fn content(&self, digest: &Digest) -> Result<Option<(String, Vec<u8>)>, ReadError> {
        let sql = "SELECT kind, size, bytes FROM content WHERE digest = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get::<_, Vec<u8>>(2)?));
        let Some((kind, size, bytes)) = statement.query_row([digest.as_bytes()], read).optional()? else {
            return Ok(None);
        };
        let plain = content::decompress(&bytes, size).filter(|plain| Digest::of(plain) == *digest);
        Ok(Some((kind, plain.ok_or(ReadError::Content(*digest))?)))
    }

    /// A piece of settled state.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn state(&self, key: &str) -> Result<Option<Vec<u8>>, ReadError> {
        self.one("SELECT value FROM state WHERE key = ?1", [key])
    }

    /// All settled state, in the order of its keys' bytes.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn states(&self) -> Result<Vec<(String, Vec<u8>)>, ReadError> {
        let mut statement = self.connection.prepare_cached("SELECT key, value FROM state ORDER BY key")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The newest checkpoint recorded, signed.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn newest_checkpoint(&self) -> Result<Option<String>, ReadError> {
        self.one("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1", [])
    }

    /// The hashes that lead from an entry to the root of the first `size` entries.
    ///
    /// # Errors
    /// There is no such entry, or the database cannot be read.
    pub fn inclusion_proof(&self, index: u64, size: u64) -> Result<Vec<Digest>, ReadError> {
        self.check_size(size)?;
        inclusion_proof(index, size, |node| self.node(node)).map_err(proof_error)
    }

    /// The hashes that show that the first `new` entries begin with the first `old`.
    ///
    /// # Errors
    /// There are no such sizes, or the database cannot be read.
    pub fn consistency_proof(&self, old: u64, new: u64) -> Result<Vec<Digest>, ReadError> {
        self.check_size(new)?;
        consistency_proof(old, new, |node| self.node(node)).map_err(proof_error)
    }

    /// The root of the first `size` entries.
    ///
    /// # Errors
    /// There are fewer, or the database cannot be read.
    pub fn root_at(&self, size: u64) -> Result<Digest, ReadError> {
        root_at(size, |node| self.node(node))
    }

    /// The hash of a perfect subtree, of at most 128 rows.
    pub(crate) fn node(&self, node: Node) -> Result<Digest, ReadError> {
        let above = node.height % TILE_HEIGHT;
        let (height, first, count) = (node.height - above, node.index << above, 1_u64 << above);
        let sql = if height == 0 {
            "SELECT leaf FROM entry WHERE idx >= ?2 AND idx < ?3 AND ?1 = 0 ORDER BY idx"
        } else {
            "SELECT hash FROM node WHERE height = ?1 AND idx >= ?2 AND idx < ?3 ORDER BY idx"
        };
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map((height, clamp(first), clamp(first + count)), |row| digest(row, 0))?;
        let mut hashes = rows.collect::<Result<Vec<_>, _>>()?;
        if hashes.len() as u64 != count {
            return Err(missing(format!("node {} of height {}", node.index, node.height)));
        }
        while hashes.len() > 1 {
            hashes = hashes.as_chunks::<2>().0.iter().map(|[left, right]| node_hash(left, right)).collect();
        }
        Ok(hashes[0])
    }

    /// How many entries there are, counted by the last of them and not by the head row.
    pub(crate) fn count(&self) -> Result<u64, ReadError> {
        let count = self.one("SELECT coalesce(max(idx) + 1, 0) FROM entry", [])?;
        Ok(count.unwrap_or(0))
    }

    pub(crate) fn newest_batch(&self) -> Result<BatchId, ReadError> {
        let id = self.one("SELECT batch FROM head", [])?.ok_or_else(|| missing("the head row"))?;
        Ok(BatchId(id))
    }

    pub(crate) fn origin(&self) -> Result<String, ReadError> {
        self.one("SELECT value FROM meta WHERE key = 'origin'", [])?.ok_or_else(|| missing("the log's name"))
    }

    fn check_size(&self, size: u64) -> Result<(), ReadError> {
        let there = self.size()?;
        if size <= there {
            Ok(())
        } else {
            Err(ReadError::Proof(format!("there are {there} entries, not {size}")))
        }
    }

    fn one<T: FromSql>(&self, sql: &str, parameters: impl Params) -> Result<Option<T>, ReadError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row(parameters, |row| row.get(0)).optional()?)
    }
}

fn read_entry(row: &Row<'_>) -> Result<StoredEntry, ReadError> {
    let index = row.get(0)?;
    let bytes: [u8; 66] = row.get(1)?;
    let salt: Option<[u8; 32]> = row.get(5)?;
    let body = match salt {
        Some(salt) => Some(Sealed { salt: Salt(salt), bytes: row.get(6)? }),
        None => None,
    };
    Ok(StoredEntry {
        index,
        entry: Entry::decode(&bytes).map_err(|source| ReadError::Entry { index, source })?,
        leaf: digest(row, 2)?,
        effects: Sealed { salt: Salt(row.get(3)?), bytes: row.get(4)? },
        body,
    })
}

pub(crate) fn digest(row: &Row<'_>, column: usize) -> rusqlite::Result<Digest> {
    row.get(column).map(Digest::from_bytes)
}

/// SQLite's integers are signed; no log comes near their end.
pub(crate) fn clamp(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn missing(what: impl Into<String>) -> ReadError {
    ReadError::Missing(what.into())
}

fn proof_error(error: ProofError<ReadError>) -> ReadError {
    match error {
        ProofError::Read(error) => error,
        other => ReadError::Proof(other.to_string()),
    }
}
