//! Checking proofs, as RFC 9162 writes it down. Total: any `u64`, any number of hashes.

use tollgate_vocabulary::Digest;

use super::node_hash;

/// A proof that proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyProofError {
    /// there is no such leaf in a tree of that size
    #[error("no entry {index} in a tree of size {size}")]
    Index {
        /// the leaf that was claimed
        index: u64,
        /// the size of the tree
        size: u64,
    },
    /// the older tree is larger, or empty beside a larger one
    #[error("no consistency between size {old} and size {new} can be proved")]
    Sizes {
        /// the older size
        old: u64,
        /// the newer size
        new: u64,
    },
    /// too few or too many hashes
    #[error("the proof has the wrong number of hashes ({0})")]
    Length(usize),
    /// the hashes lead to another root
    #[error("the proof leads to another root: expected {expected}, found {found}")]
    Root {
        /// the root that should have come out
        expected: Digest,
        /// the root that did
        found: Digest,
    },
}

/// Checks that `leaf` is entry `index` of the tree of `size` leaves with this `root` (RFC 9162 2.1.3.2).
///
/// # Errors
/// Anything but a proof of exactly that.
pub fn verify_inclusion(
    leaf: &Digest,
    index: u64,
    size: u64,
    proof: &[Digest],
    root: &Digest,
) -> Result<(), VerifyProofError> {
    if index >= size {
        return Err(VerifyProofError::Index { index, size });
    }
    let mut walk = Walk { first: index, second: size - 1 };
    let mut found = *leaf;
    for sibling in proof {
        found = match walk.side().ok_or(VerifyProofError::Length(proof.len()))? {
            Side::Left => node_hash(sibling, &found),
            Side::Right => node_hash(&found, sibling),
        };
        walk.up();
    }
    if walk.second != 0 {
        return Err(VerifyProofError::Length(proof.len()));
    }
    same(root, found)
}

/// Checks that the tree of `new` leaves with `new_root` begins with the tree of `old` leaves with `old_root`
/// (RFC 9162 2.1.4.2). Equal sizes need equal roots and no proof; an empty older tree proves nothing and is refused.
///
/// # Errors
/// Anything but a proof of exactly that.
pub fn verify_consistency(
    old: u64,
    new: u64,
    old_root: &Digest,
    new_root: &Digest,
    proof: &[Digest],
) -> Result<(), VerifyProofError> {
    if old == new {
        return if proof.is_empty() {
            same(old_root, *new_root)
        } else {
            Err(VerifyProofError::Length(proof.len()))
        };
    }
    if old == 0 || old > new {
        return Err(VerifyProofError::Sizes { old, new });
    }
    let length = VerifyProofError::Length(proof.len());
    // where the older tree is itself a perfect subtree, the proof leaves its root out
    let (start, rest) = if old.is_power_of_two() {
        if proof.is_empty() {
            return Err(length);
        }
        (old_root, proof)
    } else {
        proof.split_first().ok_or(length)?
    };
    let mut walk = Walk { first: old - 1, second: new - 1 };
    while walk.first & 1 == 1 {
        walk.up_one();
    }
    let (mut found_old, mut found_new) = (*start, *start);
    for sibling in rest {
        match walk.side().ok_or(length)? {
            Side::Left => {
                found_old = node_hash(sibling, &found_old);
                found_new = node_hash(sibling, &found_new);
            }
            Side::Right => found_new = node_hash(&found_new, sibling),
        }
        walk.up();
    }
    if walk.second != 0 {
        return Err(length);
    }
    same(old_root, found_old)?;
    same(new_root, found_new)
}

fn same(expected: &Digest, found: Digest) -> Result<(), VerifyProofError> {
    if *expected == found { Ok(()) } else { Err(VerifyProofError::Root { expected: *expected, found }) }
}

enum Side {
    Left,
    Right,
}

/// `fn` and `sn` of RFC 9162: the node under proof, and the last node of its level.
struct Walk {
    first: u64,
    second: u64,
}

impl Walk {
    /// On which side the next sibling stands; none left when the root is reached.
    const fn side(&self) -> Option<Side> {
        if self.second == 0 {
            None
        } else if self.first & 1 == 1 || self.first == self.second {
            Some(Side::Left)
        } else {
            Some(Side::Right)
        }
    }

    /// To the level of the next sibling: a last node without a sibling rises until it has one.
    const fn up(&mut self) {
        if self.first == self.second {
            while self.first & 1 == 0 && self.first != 0 {
                self.up_one();
            }
        }
        self.up_one();
    }

    const fn up_one(&mut self) {
        self.first >>= 1;
        self.second >>= 1;
    }
}
