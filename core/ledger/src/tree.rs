//! RFC 6962 Merkle trees: hashing, the growing edge, proofs.
//!
//! ```text
//! leaf hashes ──> Frontier ──> root
//! Node reader ──> inclusion_proof, consistency_proof ──> verify_inclusion, verify_consistency
//! ```
//!
//! Makers of proofs read hashes through a function from [`Node`] to hash, so that a database, tile files and a
//! vector serve alike. Verifiers follow RFC 9162 2.1.3.2 and 2.1.4.2 and hold for every `u64`.

mod frontier;
mod proof;
mod verify;

pub use frontier::{DecodeFrontierError, Frontier};
pub use proof::{ProofError, consistency_proof, inclusion_proof, root_at};
use sha2::{Digest as _, Sha256};
use tollgate_vocabulary::Digest;
pub use verify::{VerifyProofError, verify_consistency, verify_inclusion};

/// A perfect subtree: the `2^height` leaves from `index * 2^height`. Height 0 is a leaf hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node {
    /// how many levels above the leaves
    pub height: u8,
    /// which one of that height, from the left
    pub index: u64,
}

/// The root of a tree without leaves: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> Digest {
    Digest::of(b"")
}

/// SHA-256(0x00 ‖ entry).
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Digest {
    hash(0, &[entry])
}

/// SHA-256(0x01 ‖ left ‖ right).
#[must_use]
pub fn node_hash(left: &Digest, right: &Digest) -> Digest {
    hash(1, &[left.as_bytes(), right.as_bytes()])
}

fn hash(prefix: u8, parts: &[&[u8]]) -> Digest {
    let mut hash = Sha256::new();
    hash.update([prefix]);
    for part in parts {
        hash.update(part);
    }
    Digest::from_bytes(hash.finalize().into())
}

#[cfg(test)]
mod tests;
