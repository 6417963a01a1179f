//! The published side: tiles and bundles as the pass rebuilds them, checkpoints by the size that they cover.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tollgate_ledger::{Bundle, Checkpoint, Node, TILE_HEIGHT, TILE_WIDTH, Tile, VerifierKey};
use tollgate_vocabulary::Digest;

use super::{VerifyError, differs, same};
use crate::file;
use crate::store::{checkpoint_path, log_dir};
use crate::view::View;

/// Rebuilds the tiles of the tree of `size` leaves, leaf by leaf, and compares their files.
pub(super) struct TileCheck {
    log: PathBuf,
    size: u64,
    /// the hashes of the tile that grows at each level
    levels: Vec<Vec<u8>>,
    bundle: Bundle,
    pub(super) compared: u64,
}

impl TileCheck {
    pub(super) fn new(dir: &Path, size: u64) -> Self {
        Self { log: log_dir(dir), size, levels: vec![Vec::new(); 8], bundle: Bundle::default(), compared: 0 }
    }

    /// Takes an entry with the subtrees that it completed, lowest first.
    pub(super) fn push(
        &mut self,
        entry: &[u8],
        index: u64,
        completed: &[(Node, Digest)],
    ) -> Result<(), VerifyError> {
        if index >= self.size {
            return Ok(());
        }
        let _ = self.bundle.push(entry);
        for (node, hash) in completed.iter().filter(|(node, _)| node.height % TILE_HEIGHT == 0) {
            let level = usize::from(node.height / TILE_HEIGHT);
            self.levels[level].extend_from_slice(hash.as_bytes());
            if self.levels[level].len() == usize::from(TILE_WIDTH) * 32 {
                self.compare(level as u8, node.index / u64::from(TILE_WIDTH))?;
            }
        }
        if index + 1 == self.size { self.finish() } else { Ok(()) }
    }

    /// The partial tiles on the right.
    fn finish(&mut self) -> Result<(), VerifyError> {
        for level in 0..8_u8 {
            if !self.levels[usize::from(level)].is_empty() {
                let hashes = self.size >> (u32::from(level) * u32::from(TILE_HEIGHT));
                self.compare(level, hashes / u64::from(TILE_WIDTH))?;
            }
        }
        Ok(())
    }

    fn compare(&mut self, level: u8, index: u64) -> Result<(), VerifyError> {
        let hashes = std::mem::take(&mut self.levels[usize::from(level)]);
        let Some(tile) = Tile::at(level, index, self.size) else { return Ok(()) };
        self.compare_file(&tile.path(), &tile.full().path(), &hashes)?;
        if level == 0 {
            let bundle = std::mem::take(&mut self.bundle);
            self.compare_file(&tile.bundle_path(), &tile.full().bundle_path(), bundle.as_bytes())?;
        }
        Ok(())
    }

    /// A partial file may be gone once the full one is there; then that begins with the same bytes.
    fn compare_file(&mut self, name: &str, full: &str, expected: &[u8]) -> Result<(), VerifyError> {
        let (name, found) = match self.read(name)? {
            Some(found) => (name, found),
            None => {
                let mut found = self.read(full)?.ok_or_else(|| differs(name, "the file", "none"))?;
                found.truncate(expected.len());
                (full, found)
            }
        };
        self.compared += 1;
        same(name, &expected.len(), &found.len()).map_err(|_| {
            differs(name, format!("{} bytes", expected.len()), format!("{} bytes", found.len()))
        })?;
        match expected.iter().zip(&found).position(|(expected, found)| expected != found) {
            None => Ok(()),
            Some(at) => Err(differs(
                format!("{name}: byte {at}"),
                format!("{:#04x}", expected[at]),
                format!("{:#04x}", found[at]),
            )),
        }
    }

    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, VerifyError> {
        let path = self.log.join(name);
        file::read(&path).map_err(|source| VerifyError::File { path, source })
    }
}

/// Checkpoints that wait for the pass to reach their size.
#[derive(Default)]
pub(super) struct CheckpointCheck {
    waiting: BTreeMap<u64, Vec<(String, Digest)>>,
    pub(super) compared: u64,
}

impl CheckpointCheck {
    /// Reads a signed checkpoint of this log and has it wait.
    pub(super) fn add(
        &mut self,
        what: String,
        note: &[u8],
        origin: &str,
        key: Option<&VerifierKey>,
    ) -> Result<Checkpoint, VerifyError> {
        let read = key.map_or_else(|| Checkpoint::unverified(note), |key| Checkpoint::verify(note, key));
        let checkpoint = read.map_err(|source| VerifyError::Checkpoint { what: what.clone(), source })?;
        same(format!("{what}: origin"), &origin.to_owned(), &checkpoint.origin.to_string())?;
        self.waiting.entry(checkpoint.size).or_default().push((what, checkpoint.root));
        Ok(checkpoint)
    }

    /// The pass has reached a size.
    pub(super) fn reached(&mut self, size: u64, root: impl FnOnce() -> Digest) -> Result<(), VerifyError> {
        let Some(reached) = self.waiting.remove(&size) else { return Ok(()) };
        let root = root();
        for (what, signed) in reached {
            same(format!("{what}: root at size {size}"), &root, &signed)?;
            self.compared += 1;
        }
        Ok(())
    }

    /// The pass is over: what still waits covers entries that are gone.
    pub(super) fn finish(&self, size: u64) -> Result<(), VerifyError> {
        let beyond = self.waiting.iter().next().and_then(|(at, all)| Some((at, all.first()?)));
        beyond.map_or(Ok(()), |(at, (what, _))| {
            Err(differs(
                what.clone(),
                format!("{at} entries"),
                format!("{size}: the log has forgotten entries"),
            ))
        })
    }
}

/// The checkpoint as its file has it.
pub(super) struct Published(Option<Vec<u8>>);

impl Published {
    pub(super) fn read(dir: &Path) -> Result<Self, VerifyError> {
        let path = checkpoint_path(dir);
        file::read(&path).map(Self).map_err(|source| VerifyError::File { path, source })
    }

    /// Whether it is the newest checkpoint of a snapshot, or, where a crash came between the two, the one before.
    pub(super) fn is_newest(&self, view: View<'_>) -> Result<bool, VerifyError> {
        let recorded = view
            .checkpoints()
            .map_err(|source| VerifyError::Read { what: "the checkpoints recorded".to_owned(), source })?;
        let newest: Vec<String> = recorded.into_iter().rev().take(2).map(|(_, _, note)| note).collect();
        Ok(self.check(&newest).is_ok())
    }

    /// The file's note, where it is one of the `newest` two.
    pub(super) fn check(&self, newest: &[String]) -> Result<Option<&[u8]>, VerifyError> {
        match (&self.0, newest) {
            (None, [] | [_]) => Ok(None),
            (Some(found), notes) if notes.iter().any(|note| note.as_bytes() == found) => Ok(Some(found)),
            (None, _) => Err(differs("log/checkpoint", "the newest checkpoint recorded", "no file")),
            (Some(_), _) => Err(differs("log/checkpoint", "the newest checkpoint recorded", "another text")),
        }
    }
}
