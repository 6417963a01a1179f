//! Making proofs: RFC 6962 2.1.1 (audit path) and 2.1.2 (consistency), iteratively.

use tollgate_vocabulary::Digest;

use super::{Node, empty_root, node_hash};

/// A proof that cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError<E> {
    /// there is no such leaf in a tree of that size
    #[error("no entry {index} in a tree of size {size}")]
    Index {
        /// the leaf asked for
        index: u64,
        /// the size of the tree
        size: u64,
    },
    /// there is nothing to prove between those sizes
    #[error("no consistency proof from size {old} to size {new}")]
    Sizes {
        /// the older size
        old: u64,
        /// the newer size
        new: u64,
    },
    /// a hash could not be read
    #[error(transparent)]
    Read(E),
}

/// The hashes that lead from leaf `index` to the root of the tree of `size` leaves, lowest first.
///
/// # Errors
/// `index` is not below `size`, or a hash cannot be read.
pub fn inclusion_proof<E>(
    index: u64,
    size: u64,
    mut read: impl FnMut(Node) -> Result<Digest, E>,
) -> Result<Vec<Digest>, ProofError<E>> {
    if index >= size {
        return Err(ProofError::Index { index, size });
    }
    let mut path = Vec::new();
    let (mut low, mut high) = (0, size);
    while high - low > 1 {
        let middle = low + split(high - low);
        let sibling = if index < middle { (middle, high) } else { (low, middle) };
        path.push(range(sibling.0, sibling.1, &mut read).map_err(ProofError::Read)?);
        (low, high) = if index < middle { (low, middle) } else { (middle, high) };
    }
    path.reverse();
    Ok(path)
}

/// The hashes that show that the tree of `new` leaves begins with the tree of `old` leaves. Empty if the sizes equal.
///
/// # Errors
/// `old` is zero or above `new`, or a hash cannot be read.
pub fn consistency_proof<E>(
    old: u64,
    new: u64,
    mut read: impl FnMut(Node) -> Result<Digest, E>,
) -> Result<Vec<Digest>, ProofError<E>> {
    if old == 0 || old > new {
        return Err(ProofError::Sizes { old, new });
    }
    let mut path = Vec::new();
    let (mut low, mut high) = (0, new);
    while high != old {
        let middle = low + split(high - low);
        let sibling = if old <= middle { (middle, high) } else { (low, middle) };
        path.push(range(sibling.0, sibling.1, &mut read).map_err(ProofError::Read)?);
        (low, high) = if old <= middle { (low, middle) } else { (middle, high) };
    }
    if low != 0 {
        path.push(range(low, high, &mut read).map_err(ProofError::Read)?);
    }
    path.reverse();
    Ok(path)
}

/// The root of the tree's first `size` leaves.
///
/// # Errors
/// A hash cannot be read.
pub fn root_at<E>(size: u64, mut read: impl FnMut(Node) -> Result<Digest, E>) -> Result<Digest, E> {
    if size == 0 { Ok(empty_root()) } else { range(0, size, &mut read) }
}

/// The largest power of two below `count`, which is at least 2.
const fn split(count: u64) -> u64 {
    1 << (63 - (count - 1).leading_zeros())
}

/// The hash of leaves `low..high`, a subtree of some RFC 6962 tree: perfect subtrees, folded from the right.
fn range<E>(low: u64, high: u64, read: &mut impl FnMut(Node) -> Result<Digest, E>) -> Result<Digest, E> {
    let mut folded = None;
    let (mut end, mut rest) = (high, high - low);
    while rest > 0 {
        let height = rest.trailing_zeros();
        let start = end - (1 << height);
        let left = read(Node { height: height as u8, index: start >> height })?;
        folded = Some(folded.map_or(left, |right| node_hash(&left, &right)));
        rest &= rest - 1;
        end = start;
    }
    Ok(folded.unwrap_or_else(empty_root))
}
