//! The growing edge of a tree: the roots of its perfect subtrees, largest first. Enough to append and to know the root.

use tollgate_vocabulary::Digest;

use super::{Node, empty_root, node_hash};

/// The right edge of a tree of `size` leaves: one hash for each set bit of `size`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// roots of the perfect subtrees, largest first; as many as `size` has set bits
    peaks: Vec<Digest>,
}

/// Bytes that are not a frontier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeFrontierError {
    /// the size is missing
    #[error("a frontier begins with a size of 8 bytes")]
    Size,
    /// too few or too many hashes for the size
    #[error("a frontier of size {size} has {expected} hashes of 32 bytes, not {found} bytes")]
    Hashes {
        /// the size that the bytes name
        size: u64,
        /// how many hashes it takes
        expected: u32,
        /// how many bytes there were
        found: usize,
    },
}

impl Frontier {
    /// How many leaves the tree has.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf.
    pub fn push(&mut self, leaf: Digest) {
        self.push_with(leaf, |_, _| ());
    }

    /// Appends a leaf, telling every perfect subtree that it completes, from the leaf upward.
    pub fn push_with(&mut self, leaf: Digest, mut completed: impl FnMut(Node, Digest)) {
        let mut hash = leaf;
        let mut node = Node { height: 0, index: self.size };
        completed(node, hash);
        while node.index & 1 == 1 {
            let Some(left) = self.peaks.pop() else { break };
            hash = node_hash(&left, &hash);
            node = Node { height: node.height.saturating_add(1), index: node.index >> 1 };
            completed(node, hash);
        }
        self.peaks.push(hash);
        // 2^64 leaves are out of reach: at 20,000 a second they take 29 million years
        self.size = self.size.saturating_add(1);
    }

    /// The root of the tree.
    #[must_use]
    pub fn root(&self) -> Digest {
        let right_to_left = self.peaks.iter().rev().copied();
        right_to_left.reduce(|right, left| node_hash(&left, &right)).unwrap_or_else(empty_root)
    }

    /// The bytes that keep a frontier: the size (8 bytes, big-endian), then the hashes, largest subtree first.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        for peak in &self.peaks {
            bytes.extend_from_slice(peak.as_bytes());
        }
        bytes
    }

    /// Reads what [`Frontier::encode`] wrote.
    ///
    /// # Errors
    /// The number of hashes does not fit the size.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeFrontierError> {
        let (size, hashes) = bytes.split_first_chunk().ok_or(DecodeFrontierError::Size)?;
        let size = u64::from_be_bytes(*size);
        let expected = size.count_ones();
        let (chunks, rest) = hashes.as_chunks::<32>();
        if chunks.len() != expected as usize || !rest.is_empty() {
            return Err(DecodeFrontierError::Hashes { size, expected, found: hashes.len() });
        }
        Ok(Self { size, peaks: chunks.iter().copied().map(Digest::from_bytes).collect() })
    }
}
