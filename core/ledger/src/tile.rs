//! C2SP tlog-tiles: the tree as files that never change.
//!
//! ```text
//! tile/<level>/<index>[.p/<width>]      up to 256 hashes; a hash at level L is the root of 256^L entries
//! tile/entries/<index>[.p/<width>]      up to 256 entries, each behind its length
//! ```
//!
//! - `<index>` is written in groups of three digits, all but the last behind an `x`: 1234067 is `x001/x234/067`.
//! - A tile narrower than 256 is the right edge of a tree of one size and says its width in its path.

mod bundle;
mod reader;

use std::iter;

pub use bundle::{Bundle, DecodeBundleError};
pub use reader::{TileError, Tiles};

use crate::tree::Node;

/// How many levels of the tree a tile spans.
pub const TILE_HEIGHT: u8 = 8;
/// How many hashes a full tile has.
pub const TILE_WIDTH: u16 = 256;

const MAX_LEVEL: u8 = 7;

/// Where a tile stands in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tile {
    level: u8,
    index: u64,
    width: u16,
}

impl Tile {
    /// The tile that holds `node` in a tree of `size` leaves. None if the tree has no such node.
    #[must_use]
    pub fn holding(node: Node, size: u64) -> Option<Self> {
        if size.checked_shr(u32::from(node.height))? <= node.index {
            return None;
        }
        let first = node.index << (node.height % TILE_HEIGHT);
        Self::at(node.height / TILE_HEIGHT, first >> TILE_HEIGHT, size)
    }

    /// Tile `index` of `level` in a tree of `size` leaves. None if it would be empty.
    #[must_use]
    pub fn at(level: u8, index: u64, size: u64) -> Option<Self> {
        let hashes = size.checked_shr(u32::from(level) * u32::from(TILE_HEIGHT))?;
        let width = hashes.checked_sub(index.checked_mul(u64::from(TILE_WIDTH))?)?.min(256) as u16;
        (width > 0).then_some(Self { level, index, width })
    }

    /// The tiles that a tree of `new` leaves has and the tree of its first `old` leaves has not, lowest level first.
    pub fn added(old: u64, new: u64) -> impl Iterator<Item = Self> {
        (0..=MAX_LEVEL).flat_map(move |level| {
            let shift = u32::from(level) * u32::from(TILE_HEIGHT);
            let (had, has) = (old >> shift, new >> shift);
            let first = had / u64::from(TILE_WIDTH);
            let indices = if has > had { first..has.div_ceil(256) } else { 0..0 };
            indices.filter_map(move |index| Self::at(level, index, new))
        })
    }

    /// How many levels of tiles stand below.
    #[must_use]
    pub const fn level(&self) -> u8 {
        self.level
    }

    /// Which one of its level, from the left.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// How many hashes it has, 1 to 256.
    #[must_use]
    pub const fn width(&self) -> u16 {
        self.width
    }

    /// The nodes whose hashes, in this order and without separators, are the tile's bytes.
    pub fn nodes(&self) -> impl Iterator<Item = Node> + use<> {
        let height = self.level.saturating_mul(TILE_HEIGHT);
        let first = self.index.saturating_mul(u64::from(TILE_WIDTH));
        (0..u64::from(self.width)).map(move |offset| Node { height, index: first.saturating_add(offset) })
    }

    /// The file's path below the log's prefix.
    #[must_use]
    pub fn path(&self) -> String {
        format!("tile/{}/{}", self.level, self.tail())
    }

    /// The path of the bundle that holds this tile's entries. Meant for level 0.
    #[must_use]
    pub fn bundle_path(&self) -> String {
        format!("tile/entries/{}", self.tail())
    }

    fn tail(&self) -> String {
        let digits = self.index.to_string();
        let padded = format!("{digits:0>width$}", width = digits.len().next_multiple_of(3));
        let starts = (0..padded.len()).step_by(3);
        let groups: Vec<&str> = starts.filter_map(|start| padded.get(start..start + 3)).collect();
        let (last, leading) = groups.split_last().unwrap_or((&"000", &[]));
        let mut tail: String =
            leading.iter().flat_map(|group| ["x", group, "/"]).chain(iter::once(*last)).collect();
        if self.width < TILE_WIDTH {
            tail.push_str(&format!(".p/{}", self.width));
        }
        tail
    }

    /// The full tile in the place of this partial one: a log may keep it alone once the tree has grown.
    #[must_use]
    pub const fn full(&self) -> Self {
        Self { level: self.level, index: self.index, width: TILE_WIDTH }
    }
}

#[cfg(test)]
mod tests;
