//! The frozen bytes of `corpus/ledger`, which were made by other code than ours (Go's `x/mod/sumdb`). A test that
//! fails here means that logs already written can no longer be read or verified: mend the code, never the vectors.
#![expect(clippy::disallowed_methods, reason = "tests read their cases from files")]

use std::path::Path;

use serde_json::Value;
use tollgate_ledger::{
    Bundle, Checkpoint, Entry, Frontier, Kind, Node, Note, Origin, Receipt, Salt, Sealed, SigningKey, Tile,
    VerifierKey, consistency_proof, inclusion_proof, node_hash, root_at, verify_consistency,
    verify_inclusion,
};
use tollgate_vocabulary::Digest;

fn corpus(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/ledger").join(name);
    serde_json::from_slice(&std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display())))
        .unwrap()
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().unwrap()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap()
}

fn number(value: &Value, key: &str) -> u64 {
    value[key].as_u64().unwrap()
}

fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    assert_eq!(hex.len(), 2 * N);
    std::array::from_fn(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
}

fn hashes(value: &Value) -> Vec<Digest> {
    list(value, "proof").iter().map(|hash| Digest::from_bytes(bytes(hash.as_str().unwrap()))).collect()
}

/// The tree that `tree.json` describes: entries, and all nodes by height.
struct Tree {
    entries: Vec<[u8; 66]>,
    levels: Vec<Vec<Digest>>,
}

impl Tree {
    fn new(size: u64) -> Self {
        let salt =
            |name: &str, index: u64| Salt(*Digest::of(format!("{name} {index}").as_bytes()).as_bytes());
        let sealed = |salted: &str, name: &str, index: u64| Sealed {
            salt: salt(salted, index),
            bytes: format!("{name} {index}").into_bytes(),
        };
        let entry = |index| {
            Entry::new(Kind::Decision, &sealed("salt_e", "effects", index), &sealed("salt_b", "body", index))
        };
        let entries: Vec<Entry> = (0..size).map(entry).collect();
        let mut levels = vec![entries.iter().map(Entry::leaf_hash).collect::<Vec<_>>()];
        while levels.last().unwrap().len() > 1 {
            let below = levels.last().unwrap();
            levels.push(below.as_chunks::<2>().0.iter().map(|[l, r]| node_hash(l, r)).collect());
        }
        Self { entries: entries.iter().map(Entry::encode).collect(), levels }
    }

    fn read(&self, node: Node) -> Result<Digest, Node> {
        let level = self.levels.get(usize::from(node.height)).ok_or(node)?;
        level.get(node.index as usize).copied().ok_or(node)
    }

    fn frontier(&self, size: u64) -> Frontier {
        let mut frontier = Frontier::default();
        self.levels[0][..size as usize].iter().for_each(|leaf| frontier.push(*leaf));
        frontier
    }
}

#[test]
fn entries_have_their_frozen_bytes() {
    let vectors = corpus("entry.json");
    assert_eq!(list(&vectors, "entries").len(), 11);
    for vector in list(&vectors, "entries") {
        let part = |salt: &str, part: &str| Sealed {
            salt: Salt(bytes(text(vector, salt))),
            bytes: text(vector, part).as_bytes().to_vec(),
        };
        let (effects, body) = (part("salt_e", "effects"), part("salt_b", "body"));
        let kind = Kind::from_code(number(vector, "kind") as u8).unwrap();
        let entry = Entry::new(kind, &effects, &body);
        assert_eq!(entry.encode(), bytes::<66>(text(vector, "entry")));
        assert_eq!(entry.leaf_hash().hex(), text(vector, "leaf_hash"));
        let read = Entry::decode(&bytes::<66>(text(vector, "entry"))).unwrap();
        assert!(read.kind() == kind && read.opens_effects(&effects) && read.opens_body(&body));
    }
}

#[test]
fn roots_and_proofs_have_their_frozen_bytes() {
    let vectors = corpus("tree.json");
    let tree = Tree::new(70_000);
    let root = |size| root_at(size, |node| tree.read(node)).unwrap();
    for vector in list(&vectors, "roots") {
        let size = number(vector, "size");
        assert_eq!(tree.frontier(size).root().hex(), text(vector, "root"), "size {size}");
        assert_eq!(root(size).hex(), text(vector, "root"), "size {size}");
    }
    for vector in list(&vectors, "inclusion") {
        let (index, size) = (number(vector, "index"), number(vector, "size"));
        let proof = inclusion_proof(index, size, |node| tree.read(node)).unwrap();
        assert_eq!(proof, hashes(vector), "entry {index} of {size}");
        verify_inclusion(&tree.levels[0][index as usize], index, size, &proof, &root(size)).unwrap();
    }
    for vector in list(&vectors, "consistency") {
        let (old, new) = (number(vector, "old"), number(vector, "new"));
        let proof = consistency_proof(old, new, |node| tree.read(node)).unwrap();
        assert_eq!(proof, hashes(vector), "from {old} to {new}");
        verify_consistency(old, new, &root(old), &root(new), &proof).unwrap();
    }
}

#[test]
fn tiles_and_bundles_have_their_frozen_bytes() {
    let vectors = corpus("tile.json");
    let tree = Tree::new(70_000);
    for vector in list(&vectors, "trees") {
        let mut files = std::collections::BTreeMap::new();
        for tile in Tile::added(0, number(vector, "size")) {
            let hashes = tile.nodes().flat_map(|node| *tree.read(node).unwrap().as_bytes());
            files.insert(tile.path(), Digest::of(&hashes.collect::<Vec<_>>()));
            if tile.level() == 0 {
                let mut bundle = Bundle::default();
                tile.nodes().for_each(|node| bundle.push(&tree.entries[node.index as usize]).unwrap());
                files.insert(tile.bundle_path(), Digest::of(bundle.as_bytes()));
            }
        }
        assert_eq!(files.len() as u64, number(vector, "count"));
        for file in list(vector, "files") {
            let path = text(file, "path");
            assert_eq!(files.get(path).map(Digest::hex).as_deref(), Some(text(file, "sha256")), "{path}");
        }
    }
}

#[test]
fn checkpoints_have_their_frozen_bytes() {
    let vectors = corpus("checkpoint.json");
    let key = SigningKey::from_bytes(&bytes(text(&vectors, "seed")));
    let origin: Origin = text(&vectors, "origin").parse().unwrap();
    let verifier = VerifierKey::new(origin.clone(), key.verifying_key());
    assert_eq!(verifier.to_string(), text(&vectors, "verifier_key"));
    assert_eq!(text(&vectors, "verifier_key").parse(), Ok(verifier.clone()));
    let tree = Tree::new(70_000);
    for vector in list(&vectors, "checkpoints") {
        let checkpoint = Checkpoint::of(origin.clone(), &tree.frontier(number(vector, "size")));
        assert_eq!(checkpoint.text(), text(vector, "text"));
        assert_eq!(checkpoint.sign(&key).unwrap().to_string(), text(vector, "note"));
        assert_eq!(Checkpoint::verify(text(vector, "note").as_bytes(), &verifier), Ok(checkpoint));
    }
}

#[test]
fn receipts_have_their_frozen_bytes() {
    let vector = corpus("receipt.json");
    let key = SigningKey::from_bytes(&bytes(text(&vector, "seed")));
    let origin: Origin = text(&vector, "origin").parse().unwrap();
    let leaf = Tree::new(1000).levels[0][999];
    let receipt = Receipt::new(origin.clone(), 999, leaf, text(&vector, "time").parse().unwrap());
    assert_eq!(receipt.text(), text(&vector, "text"));
    let note: Note = receipt.sign(&key).unwrap();
    assert_eq!(note.to_string(), text(&vector, "note"));
    let verifier = VerifierKey::new(origin, key.verifying_key());
    assert_eq!(Receipt::verify(text(&vector, "note").as_bytes(), &verifier), Ok(receipt));
}
