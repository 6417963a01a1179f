//! The proofs of transparency-dev/merkle: every case must be decided as it says.
#![expect(clippy::disallowed_methods, reason = "tests read their cases from files")]

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tollgate_ledger::{verify_consistency, verify_inclusion};
use tollgate_vocabulary::Digest;

fn data() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let root = std::env::var_os("TOLLGATE_TEST_DATA").map_or_else(|| PathBuf::from(default), PathBuf::from);
    let merkle = root.join("merkle");
    if merkle.is_dir() {
        return Some(merkle);
    }
    eprintln!("SKIPPED: no test data at {}", merkle.display());
    None
}

fn cases(dir: &Path) -> Vec<(PathBuf, Value)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(cases(&path));
        } else {
            let case = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            found.push((path, case));
        }
    }
    found
}

/// A hash of the wrong length is refused where it is read: a [`Digest`] has 32 bytes.
fn hash(value: &Value) -> Option<Digest> {
    let bytes = STANDARD.decode(value.as_str()?).ok()?;
    Some(Digest::from_bytes(bytes.try_into().ok()?))
}

/// A root of a consistency case. The suite writes texts of 12 bytes where only their equality matters, and expects two
/// such cases to be accepted; their digests are as equal or unequal as they are.
fn root(value: &Value) -> Option<Digest> {
    let bytes = STANDARD.decode(value.as_str()?).ok()?;
    Some(if bytes.len() == 12 { Digest::of(&bytes) } else { Digest::from_bytes(bytes.try_into().ok()?) })
}

fn proof(case: &Value) -> Option<Vec<Digest>> {
    case["proof"].as_array().map_or(Some(Vec::new()), |hashes| hashes.iter().map(hash).collect())
}

fn number(case: &Value, key: &str) -> u64 {
    case[key].as_u64().unwrap()
}

fn inclusion(case: &Value) -> Option<()> {
    let (leaf, root, proof) = (hash(&case["leafHash"])?, hash(&case["root"])?, proof(case)?);
    verify_inclusion(&leaf, number(case, "leafIdx"), number(case, "treeSize"), &proof, &root).ok()
}

fn consistency(case: &Value) -> Option<()> {
    let (old, new, proof) = (root(&case["root1"])?, root(&case["root2"])?, proof(case)?);
    verify_consistency(number(case, "size1"), number(case, "size2"), &old, &new, &proof).ok()
}

fn decided(kind: &str, expected: usize, verify: fn(&Value) -> Option<()>) {
    let Some(data) = data() else { return };
    let cases = cases(&data.join(kind));
    assert_eq!(cases.len(), expected);
    for (path, case) in cases {
        assert_eq!(verify(&case).is_none(), case["wantErr"].as_bool().unwrap(), "{}", path.display());
    }
}

#[test]
fn inclusion_vectors_are_decided_as_they_say() {
    decided("inclusion", 98, inclusion);
}

#[test]
fn consistency_vectors_are_decided_as_they_say() {
    decided("consistency", 97, consistency);
}
