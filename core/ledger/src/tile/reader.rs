//! Reading nodes out of tiles, wherever their bytes come from.

use tollgate_vocabulary::Digest;

use super::{TILE_HEIGHT, TILE_WIDTH, Tile};
use crate::tree::{Node, node_hash};

/// The tiles of a tree of one size. What is read is not believed: whoever makes a proof of it verifies that proof.
#[derive(Clone, Debug)]
pub struct Tiles<F> {
    size: u64,
    fetch: F,
}

/// A node that the tiles do not yield.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// the tree has no such node
    #[error("a tree of size {size} has no node {index} of height {height}")]
    Node {
        /// the node's height
        height: u8,
        /// the node's index
        index: u64,
        /// the size of the tree
        size: u64,
    },
    /// there is no such tile
    #[error("tile `{0}` is missing")]
    Missing(String),
    /// a tile's length is not its width
    #[error("tile `{path}` has {found} bytes, not {expected}")]
    Length {
        /// the tile's path
        path: String,
        /// 32 for each hash
        expected: usize,
        /// what there was
        found: usize,
    },
}

impl<F: Fn(&str) -> Option<Vec<u8>>> Tiles<F> {
    /// The tiles of a tree of `size` leaves; `fetch` gives the bytes at a path.
    pub const fn new(size: u64, fetch: F) -> Self {
        Self { size, fetch }
    }

    /// The hash of a node.
    ///
    /// # Errors
    /// The tree has no such node, or its tile is missing or has the wrong length.
    pub fn node(&self, node: Node) -> Result<Digest, TileError> {
        let Node { height, index } = node;
        let outside = TileError::Node { height, index, size: self.size };
        let tile = Tile::holding(node, self.size).ok_or(outside.clone())?;
        let hashes = self.hashes(&tile)?;
        let (above, width) = (height % TILE_HEIGHT, 1usize << (height % TILE_HEIGHT));
        let start = ((index << above) % u64::from(TILE_WIDTH)) as usize;
        let mut level = hashes.get(start..start + width).ok_or(outside.clone())?.to_vec();
        while level.len() > 1 {
            let (pairs, _) = level.as_chunks::<2>();
            level = pairs.iter().map(|[left, right]| node_hash(left, right)).collect();
        }
        level.first().copied().ok_or(outside)
    }

    fn hashes(&self, tile: &Tile) -> Result<Vec<Digest>, TileError> {
        let candidates = [*tile, tile.full()];
        let found = candidates.iter().find_map(|tile| Some((tile, (self.fetch)(&tile.path())?)));
        let (tile, bytes) = found.ok_or_else(|| TileError::Missing(tile.path()))?;
        let (chunks, rest) = bytes.as_chunks::<32>();
        if chunks.len() != usize::from(tile.width()) || !rest.is_empty() {
            let expected = usize::from(tile.width()) * 32;
            return Err(TileError::Length { path: tile.path(), expected, found: bytes.len() });
        }
        Ok(chunks.iter().copied().map(Digest::from_bytes).collect())
    }
}
