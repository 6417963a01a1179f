//! The one pass over the database.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Row;
use tollgate_ledger::{Entry, Frontier, Kind, TILE_HEIGHT, Tombstone, VerifierKey};
use tollgate_vocabulary::Digest;

use super::files::{CheckpointCheck, Published, TileCheck};
use super::{Report, VerifyError, differs, same};
use crate::content;
use crate::view::{ReadError, StoredEntry, View, digest};

/// How many entries are read at once.
const STEP: u64 = 256;

pub(super) fn run(
    view: View<'_>,
    dir: &Path,
    file: &Published,
    key: Option<&VerifierKey>,
    checkpoint: Option<&Path>,
    replay: &mut dyn FnMut(&StoredEntry) -> Result<(), String>,
) -> Result<Report, VerifyError> {
    check_database(view)?;
    let origin = view.origin().map_err(unread("the log's name"))?;
    let mut checkpoints = CheckpointCheck::default();
    let published = add_checkpoints(view, file, key, &origin, &mut checkpoints)?;
    if let Some(path) = checkpoint {
        let note =
            std::fs::read(path).map_err(|source| VerifyError::File { path: path.to_owned(), source })?;
        checkpoints.add(format!("checkpoint `{}`", path.display()), &note, &origin, key)?;
    }
    let mut pass = Pass {
        view,
        frontier: Frontier::default(),
        nodes: 0,
        bodiless: BTreeMap::new(),
        buried: BTreeMap::new(),
        tiles: TileCheck::new(dir, published.as_ref().map_or(0, |checkpoint| checkpoint.size)),
        checkpoints,
    };
    pass.entries(replay)?;
    pass.head()?;
    let redacted = pass.burials()?;
    let content = check_content(view)?;
    Ok(Report {
        origin,
        size: pass.frontier.size(),
        root: pass.frontier.root(),
        redacted,
        content,
        files: pass.tiles.compared,
        checkpoints: pass.checkpoints.compared,
        published,
        signatures: key.is_some(),
        state: view.states().map_err(unread("the settled state"))?,
    })
}

struct Pass<'v> {
    view: View<'v>,
    frontier: Frontier,
    nodes: u64,
    /// entries without body
    bodiless: BTreeMap<u64, Digest>,
    /// entries that a tombstone names, with the leaf it names and where it stands
    buried: BTreeMap<u64, (Digest, u64)>,
    tiles: TileCheck,
    checkpoints: CheckpointCheck,
}

impl Pass<'_> {
    fn entries(
        &mut self,
        replay: &mut dyn FnMut(&StoredEntry) -> Result<(), String>,
    ) -> Result<(), VerifyError> {
        self.checkpoints.reached(0, || Frontier::default().root())?;
        loop {
            let from = self.frontier.size();
            let entries = self
                .view
                .entries(from..from + STEP)
                .map_err(unread(&format!("entry {from} or one of the next {STEP}")))?;
            let kinds = self.view.kinds(from..from + STEP).map_err(unread("the kinds of entries"))?;
            if entries.is_empty() {
                return Ok(());
            }
            for (stored, kind) in entries.iter().zip(kinds) {
                self.entry(stored, kind)?;
                replay(stored)
                    .map_err(|found| differs(format!("entry {}: replay", stored.index), "the same", found))?;
            }
        }
    }

    fn entry(&mut self, stored: &StoredEntry, kind: u8) -> Result<(), VerifyError> {
        let StoredEntry { index, entry, leaf, effects, body } = stored;
        let named = |what: &str| format!("entry {index}: {what}");
        same(named("index"), &self.frontier.size(), index)?;
        same(named("kind column"), &entry.kind().code(), &kind)?;
        same(named("leaf hash"), &entry.leaf_hash(), leaf)?;
        if !entry.opens_effects(effects) {
            return Err(differs(named("effects"), "what the entry commits to", effects.commitment()));
        }
        match body {
            Some(body) if entry.opens_body(body) => {}
            Some(body) => return Err(differs(named("body"), "what the entry commits to", body.commitment())),
            None => {
                self.bodiless.insert(*index, *leaf);
            }
        }
        if entry.kind() == Kind::Tombstone {
            let tombstone = Tombstone::decode(&effects.bytes)
                .map_err(|_| differs(named("effects"), "a tombstone", "something else"))?;
            self.buried.insert(tombstone.index, (tombstone.leaf, *index));
        }
        self.push(entry, *index)
    }

    fn push(&mut self, entry: &Entry, index: u64) -> Result<(), VerifyError> {
        let mut completed = Vec::new();
        self.frontier.push_with(entry.leaf_hash(), |node, hash| completed.push((node, hash)));
        for (node, hash) in &completed {
            if node.height > 0 && node.height % TILE_HEIGHT == 0 {
                let what = format!("node {} of height {}", node.index, node.height);
                let kept = self.view.node(*node).map_err(unread(&what))?;
                same(what, hash, &kept)?;
                self.nodes += 1;
            }
        }
        self.tiles.push(&entry.encode(), index, &completed)?;
        self.checkpoints.reached(index + 1, || self.frontier.root())
    }

    fn head(&self) -> Result<(), VerifyError> {
        let head = self.view.frontier().map_err(unread("the head row"))?;
        let size = self.view.head_size().map_err(unread("the head row"))?;
        same("the head's frontier: size", &self.frontier.size(), &head.size())?;
        same("the head's size", &self.frontier.size(), &size)?;
        same("the head's root", &self.frontier.root(), &head.root())?;
        if head != self.frontier {
            return Err(differs("the head's frontier", "the one of the entries", "another of the same root"));
        }
        let nodes = self.view.rows("node").map_err(unread("the nodes"))?;
        same("how many nodes are kept", &self.nodes, &nodes)?;
        self.checkpoints.finish(self.frontier.size())
    }

    /// Bodies are missing exactly where tombstones say so.
    fn burials(&self) -> Result<u64, VerifyError> {
        for (index, leaf) in &self.bodiless {
            match self.buried.get(index) {
                Some((named, _)) => same(format!("the tombstone of entry {index}: leaf hash"), leaf, named)?,
                None => {
                    return Err(differs(format!("entry {index}: body"), "a body, or a tombstone", "neither"));
                }
            }
        }
        for (index, (_, tombstone)) in &self.buried {
            if index >= tombstone || !self.bodiless.contains_key(index) {
                let what = format!("entry {tombstone}: the tombstone of entry {index}");
                return Err(differs(what, "an earlier entry without body", "an entry with its body"));
            }
        }
        Ok(self.bodiless.len() as u64)
    }
}

/// What SQLite itself finds wrong: pages, order of rows, indexes, references.
fn check_database(view: View<'_>) -> Result<(), VerifyError> {
    let found = view.integrity().map_err(unread("the database"))?;
    same("the database's integrity", &"ok".to_owned(), &found)?;
    let dangling = view.dangling().map_err(unread("the database"))?;
    same("rows that name no entry", &0, &dangling)
}

fn add_checkpoints(
    view: View<'_>,
    file: &Published,
    key: Option<&VerifierKey>,
    origin: &str,
    checkpoints: &mut CheckpointCheck,
) -> Result<Option<tollgate_ledger::Checkpoint>, VerifyError> {
    let recorded = view.checkpoints().map_err(unread("the checkpoints recorded"))?;
    let mut published = None;
    for (size, root, note) in &recorded {
        let what = format!("checkpoint {size} in the database");
        let checkpoint = checkpoints.add(what.clone(), note.as_bytes(), origin, key)?;
        same(format!("{what}: size"), &checkpoint.size, size)?;
        same(format!("{what}: root"), &checkpoint.root, root)?;
        published = Some(checkpoint);
    }
    let newest: Vec<String> = recorded.into_iter().rev().take(2).map(|(_, _, note)| note).collect();
    if let Some(note) = file.check(&newest)? {
        checkpoints.add("log/checkpoint".to_owned(), note, origin, key)?;
    }
    Ok(published)
}

fn check_content(view: View<'_>) -> Result<u64, VerifyError> {
    let mut count = 0;
    view.each_content(&mut |row: &Row<'_>| {
        let (name, size, bytes) = (digest(row, 0)?, row.get(1)?, row.get::<_, Vec<u8>>(2)?);
        count += 1;
        let plain = content::decompress(&bytes, size);
        Ok(plain.filter(|plain| Digest::of(plain) == name).map_or(Some(name), |_| None))
    })
    .map_err(unread("content"))?
    .map_or(Ok(count), |name| Err(differs(format!("content {name}"), "bytes of that digest", "others")))
}

fn unread(what: &str) -> impl FnOnce(ReadError) -> VerifyError {
    let what = what.to_owned();
    move |source| VerifyError::Read { what, source }
}
