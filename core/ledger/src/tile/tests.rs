use std::collections::BTreeMap;

use tollgate_vocabulary::Digest;

use super::*;
use crate::tree::{Frontier, inclusion_proof, leaf_hash, root_at, verify_inclusion};

/// The tiles of a tree of `size` leaves, by path, and its root.
fn tree(size: u64) -> (BTreeMap<String, Vec<u8>>, Digest) {
    let (mut nodes, mut frontier) = (BTreeMap::new(), Frontier::default());
    for index in 0..size {
        frontier.push_with(leaf_hash(&index.to_be_bytes()), |node, hash| {
            nodes.insert(node, hash);
        });
    }
    let bytes = |tile: &Tile| tile.nodes().flat_map(|node| *nodes[&node].as_bytes()).collect();
    (Tile::added(0, size).map(|tile| (tile.path(), bytes(&tile))).collect(), frontier.root())
}

#[test]
fn paths_are_those_of_the_specification() {
    let path = |level, index, size| Tile::at(level, index, size).unwrap().path();
    assert_eq!(path(0, 1_234_067, u64::MAX), "tile/0/x001/x234/067");
    assert_eq!(path(0, 0, 1), "tile/0/000.p/1");
    assert_eq!(path(0, 999, 256 * 1000), "tile/0/999");
    assert_eq!(path(0, 1000, 256 * 1000 + 255), "tile/0/x001/000.p/255");
    assert_eq!(Tile::at(0, 273, 70_000).unwrap().bundle_path(), "tile/entries/273.p/112");
    let all = Tile::added(0, 70_000).map(|tile| tile.path()).collect::<Vec<_>>();
    assert_eq!(all.len(), 273 + 1 + 1 + 1 + 1);
    assert_eq!(all[273..], ["tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]);
}

#[test]
fn a_growing_tree_adds_only_what_is_new() {
    let added = |old, new| Tile::added(old, new).map(|tile| tile.path()).collect::<Vec<_>>();
    assert_eq!(added(0, 0), Vec::<String>::new());
    assert_eq!(added(5, 5), Vec::<String>::new());
    assert_eq!(added(5, 6), ["tile/0/000.p/6"]);
    assert_eq!(added(255, 256), ["tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(added(256, 257), ["tile/0/001.p/1"]);
    assert_eq!(added(300, 900), ["tile/0/001", "tile/0/002", "tile/0/003.p/132", "tile/1/000.p/3"]);
}

#[test]
fn proofs_are_made_from_tiles() {
    for size in [1, 2, 255, 256, 257, 1000, 66_000] {
        let (files, root) = tree(size);
        let tiles = Tiles::new(size, |path: &str| files.get(path).cloned());
        assert_eq!(root_at(size, |node| tiles.node(node)), Ok(root));
        for index in [0, size / 3, size - 1] {
            let proof = inclusion_proof(index, size, |node| tiles.node(node)).unwrap();
            verify_inclusion(&leaf_hash(&index.to_be_bytes()), index, size, &proof, &root).unwrap();
        }
    }
}

#[test]
fn a_full_tile_stands_in_for_the_partial_one() {
    let ((mut files, _), (_, root)) = (tree(300), tree(200));
    files.retain(|path, _| !path.contains(".p/"));
    let tiles = Tiles::new(200, |path: &str| files.get(path).cloned());
    assert_eq!(root_at(200, |node| tiles.node(node)), Ok(root));
}

#[test]
fn missing_short_and_foreign_tiles_are_named() {
    let (files, _) = tree(300);
    let node = Node { height: 0, index: 299 };
    let missing = Tiles::new(300, |_: &str| None);
    assert_eq!(missing.node(node), Err(TileError::Missing("tile/0/001.p/44".to_owned())));
    let short = Tiles::new(300, |path: &str| files.get(path).map(|bytes| bytes[1..].to_vec()));
    assert!(matches!(short.node(node), Err(TileError::Length { expected: 1408, found: 1407, .. })));
    let tiles = Tiles::new(300, |path: &str| files.get(path).cloned());
    for (height, index) in [(0, 300), (8, 1), (3, 37), (63, 1), (64, 0), (255, 0), (0, u64::MAX)] {
        assert!(matches!(tiles.node(Node { height, index }), Err(TileError::Node { .. })));
    }
}

#[test]
fn bundles_survive_writing_and_reading() {
    let mut bundle = Bundle::default();
    bundle.push(b"one").unwrap();
    bundle.push(b"").unwrap();
    bundle.push(&[7; 65_535]).unwrap();
    assert!(bundle.push(&[7; 65_536]).is_err());
    let bytes = bundle.as_bytes();
    assert_eq!(Bundle::decode(bytes).unwrap(), [b"one".as_slice(), b"", &[7; 65_535]]);
    assert_eq!(Bundle::decode(&bytes[..bytes.len() - 1]), Err(DecodeBundleError { position: 2 }));
    assert_eq!(Bundle::decode(&bytes[..6]), Err(DecodeBundleError { position: 1 }));
}
