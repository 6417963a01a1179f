use proptest::prelude::*;

use super::*;

/// Every perfect subtree of a tree of `size` leaves, by height.
fn levels(size: u64) -> Vec<Vec<Digest>> {
    let mut levels = vec![Vec::new(); 64];
    let mut frontier = Frontier::default();
    for index in 0..size {
        frontier.push_with(leaf_hash(&index.to_be_bytes()), |node, hash| {
            assert_eq!(levels[usize::from(node.height)].len() as u64, node.index);
            levels[usize::from(node.height)].push(hash);
        });
    }
    levels
}

fn reader(levels: &[Vec<Digest>]) -> impl Fn(Node) -> Result<Digest, Node> {
    move |node| levels[usize::from(node.height)].get(node.index as usize).copied().ok_or(node)
}

/// RFC 6962 2.1, word for word.
fn reference_root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let middle = leaves.len().next_power_of_two() / 2;
            node_hash(&reference_root(&leaves[..middle]), &reference_root(&leaves[middle..]))
        }
    }
}

fn flipped(digest: &Digest, bit: usize) -> Digest {
    let mut bytes = *digest.as_bytes();
    bytes[bit / 8 % 32] ^= 1 << (bit % 8);
    Digest::from_bytes(bytes)
}

#[test]
fn roots_are_those_of_the_definition() {
    let levels = levels(130);
    for size in 0..=130 {
        let expected = reference_root(&levels[0][..size]);
        assert_eq!(root_at(size as u64, reader(&levels)), Ok(expected));
    }
}

#[test]
fn every_inclusion_proof_up_to_300_entries_verifies() {
    let levels = levels(300);
    for size in 1..=300 {
        let root = root_at(size, reader(&levels)).unwrap();
        for index in 0..size {
            let proof = inclusion_proof(index, size, reader(&levels)).unwrap();
            verify_inclusion(&levels[0][index as usize], index, size, &proof, &root).unwrap();
        }
    }
}

#[test]
fn every_consistency_proof_up_to_300_entries_verifies() {
    let levels = levels(300);
    let roots: Vec<Digest> = (0..=300).map(|size| root_at(size, reader(&levels)).unwrap()).collect();
    for new in 1..=300 {
        for old in 1..=new {
            let proof = consistency_proof(old, new, reader(&levels)).unwrap();
            verify_consistency(old, new, &roots[old as usize], &roots[new as usize], &proof).unwrap();
        }
    }
}

proptest! {
    #[test]
    fn a_changed_inclusion_proof_fails(size in 1u64..=300, at: u64, bit in 0usize..256, which: usize, other in 1u64..300) {
        let (levels, index) = (levels(size), at % size);
        let root = root_at(size, reader(&levels)).unwrap();
        let leaf = levels[0][index as usize];
        let proof = inclusion_proof(index, size, reader(&levels)).unwrap();
        let verify = |leaf: &Digest, proof: &[Digest], root: &Digest| verify_inclusion(leaf, index, size, proof, root);
        prop_assert!(verify(&flipped(&leaf, bit), &proof, &root).is_err());
        prop_assert!(verify(&leaf, &proof, &flipped(&root, bit)).is_err());
        if !proof.is_empty() {
            let mut changed = proof.clone();
            let place = which % proof.len();
            changed[place] = flipped(&changed[place], bit);
            prop_assert!(verify(&leaf, &changed, &root).is_err());
            prop_assert!(verify(&leaf, &proof[1..], &root).is_err());
        }
        let longer = [proof.as_slice(), &[leaf]].concat();
        prop_assert_eq!(verify(&leaf, &longer, &root), Err(VerifyProofError::Length(longer.len())));
        if size > 1 {
            let wrong = (index + other % (size - 1).max(1) + 1) % size;
            prop_assert_eq!(verify_inclusion(&leaf, wrong, size, &proof, &root).is_ok(), wrong == index);
        }
    }

    #[test]
    fn a_changed_consistency_proof_fails(new in 2u64..=300, at: u64, bit in 0usize..256, which: usize) {
        let (levels, old) = (levels(new), at % (new - 1) + 1);
        let root = |size| root_at(size, reader(&levels)).unwrap();
        let proof = consistency_proof(old, new, reader(&levels)).unwrap();
        let verify = |a: &Digest, b: &Digest, proof: &[Digest]| verify_consistency(old, new, a, b, proof);
        prop_assert!(verify(&root(old), &root(new), &proof).is_ok());
        prop_assert!(verify(&flipped(&root(old), bit), &root(new), &proof).is_err());
        prop_assert!(verify(&root(old), &flipped(&root(new), bit), &proof).is_err());
        let mut changed = proof.clone();
        let place = which % proof.len();
        changed[place] = flipped(&changed[place], bit);
        prop_assert!(verify(&root(old), &root(new), &changed).is_err());
        prop_assert!(verify(&root(old), &root(new), &proof[1..]).is_err());
        prop_assert!(verify(&root(old), &root(new), &[proof.as_slice(), &[root(old)]].concat()).is_err());
    }

    #[test]
    fn verifiers_decide_any_numbers(a: u64, b: u64, hashes in proptest::collection::vec(any::<[u8; 32]>(), 0..70)) {
        let proof: Vec<Digest> = hashes.into_iter().map(Digest::from_bytes).collect();
        let hash = Digest::of(b"x");
        let _ = verify_inclusion(&hash, a, b, &proof, &hash);
        let _ = verify_inclusion(&hash, a, u64::MAX, &proof, &hash);
        let _ = verify_consistency(a, b, &hash, &hash, &proof);
        let _ = verify_consistency(a, u64::MAX, &hash, &hash, &proof);
    }

    #[test]
    fn frontier_survives_writing_and_reading(size in 0u64..600) {
        let mut frontier = Frontier::default();
        (0..size).for_each(|index| frontier.push(leaf_hash(&index.to_be_bytes())));
        let bytes = frontier.encode();
        prop_assert_eq!(Frontier::decode(&bytes), Ok(frontier));
        prop_assert!(Frontier::decode(&[bytes.as_slice(), &[0]].concat()).is_err());
        prop_assert!(Frontier::decode(&bytes[..bytes.len() - 1]).is_err());
    }
}

#[test]
fn proofs_of_huge_trees_have_the_length_of_their_height() {
    let same = |_: Node| Ok::<_, Node>(Digest::of(b"same"));
    assert_eq!(inclusion_proof(0, 1 << 40, same).unwrap().len(), 40);
    assert_eq!(inclusion_proof(u64::MAX - 1, u64::MAX, same).unwrap().len(), 63);
    assert_eq!(consistency_proof(u64::MAX - 1, u64::MAX, same).unwrap().len(), 64);
    let (proof, root) = (inclusion_proof(5, u64::MAX, same).unwrap(), root_at(u64::MAX, same).unwrap());
    let error = verify_inclusion(&Digest::of(b"same"), 5, u64::MAX, &proof[1..], &root);
    assert_eq!(error, Err(VerifyProofError::Length(63)));
}

#[test]
fn proofs_that_cannot_be_made_are_refused() {
    let none = |node| Err(node);
    assert_eq!(inclusion_proof(3, 3, none), Err(ProofError::Index { index: 3, size: 3 }));
    assert_eq!(consistency_proof(0, 3, none), Err(ProofError::Sizes { old: 0, new: 3 }));
    assert_eq!(consistency_proof(4, 3, none), Err(ProofError::Sizes { old: 4, new: 3 }));
    assert!(matches!(inclusion_proof(0, 3, none), Err(ProofError::Read(_))));
}
