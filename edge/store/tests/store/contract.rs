//! What every store driver promises, as one suite: a second driver is run through it by handing over its opener.

use std::path::Path;

use crate::support::{append, decision, id, origin, sealed};
use tollgate_store::{BeginError, CommitError, Fault, Faults, OpenError, Store, WriteError};
use tollgate_vocabulary::Digest;

/// Opens the store that is kept in a folder, and makes it where there is none.
type Opener = dyn Fn(&Path, Faults) -> Result<Store, OpenError>;

/// A promise, and what tries it in an empty folder.
type Case = (&'static str, fn(&Opener, &Path));

#[test]
fn sqlite_keeps_the_contract() {
    contract(&|dir, faults| Store::open_with(dir, &origin(), faults));
}

fn contract(open: &Opener) {
    let cases: [Case; 12] = [
        ("entries_stand_in_the_order_of_appending", entries_stand_in_the_order_of_appending),
        ("a_dropped_batch_leaves_nothing", a_dropped_batch_leaves_nothing),
        ("what_was_committed_is_there_after_reopening", what_was_committed_is_there_after_reopening),
        ("a_failed_commit_keeps_nothing", a_failed_commit_keeps_nothing),
        (
            "a_persisted_commit_that_failed_is_found_by_its_id",
            a_persisted_commit_that_failed_is_found_by_its_id,
        ),
        ("identifiers_differ_by_case", identifiers_differ_by_case),
        ("a_request_is_answered_once", a_request_is_answered_once),
        ("state_is_seen_within_its_batch", state_is_seen_within_its_batch),
        ("the_first_judgement_stays", the_first_judgement_stays),
        ("content_is_kept_by_digest", content_is_kept_by_digest),
        ("a_redacted_body_leaves_a_tombstone", a_redacted_body_leaves_a_tombstone),
        ("proofs_lead_to_the_root", proofs_lead_to_the_root),
    ];
    for (name, case) in cases {
        eprintln!("contract: {name}");
        let dir = tempfile::tempdir().unwrap();
        case(open, dir.path());
    }
}

fn entries_stand_in_the_order_of_appending(open: &Opener, dir: &Path) {
    let mut store = open(dir, Faults::default()).unwrap();
    for count in [1, 3, 0, 300] {
        let first = store.view().size().unwrap();
        for (offset, appended) in append(&mut store, count).iter().enumerate() {
            assert_eq!(appended.index, first + offset as u64);
        }
    }
    let entries = store.view().entries(0..1000).unwrap();
    assert_eq!(entries.len(), 304);
    for (number, entry) in (0..).zip(&entries) {
        assert_eq!((entry.index, &entry.effects), (number, &decision(number).effects));
        assert_eq!(entry.body.as_ref(), Some(&decision(number).body));
        assert_eq!(entry.entry.leaf_hash(), entry.leaf);
    }
    let tail: Vec<u64> = store.view().tail(2).unwrap().iter().map(|entry| entry.index).collect();
    assert_eq!(tail, [302, 303]);
    assert_eq!(store.view().tail(u64::MAX).unwrap().len(), 304);
    assert_eq!(store.view().entry(304).unwrap(), None);
    let wanted = &entries[77];
    for length in [3, 8, 20, 32] {
        let found = store.view().entries_by_leaf(&wanted.leaf.as_bytes()[..length], 5).unwrap();
        assert!(found.contains(wanted), "prefix of {length}");
    }
    assert_eq!(store.view().entries_by_leaf(&[], 5).unwrap().len(), 5);
}

fn a_dropped_batch_leaves_nothing(open: &Opener, dir: &Path) {
    let mut store = open(dir, Faults::default()).unwrap();
    append(&mut store, 2);
    let root = store.view().root().unwrap();
    let mut batch = store.begin(id(99)).unwrap();
    let index = batch.append(&decision(2)).unwrap().index;
    batch.put_request("uid", &Digest::of(b"x"), index).unwrap();
    batch.set_state("key", Some(b"value")).unwrap();
    drop(batch);
    let view = store.view();
    assert_eq!((view.size().unwrap(), view.root().unwrap()), (2, root));
    assert!(view.request("uid").unwrap().is_none() && view.state("key").unwrap().is_none());
    assert!(!store.batch_committed(id(99)).unwrap());
    assert_eq!(append(&mut store, 1)[0].index, 2);
}

fn what_was_committed_is_there_after_reopening(open: &Opener, dir: &Path) {
    let mut store = open(dir, Faults::default()).unwrap();
    append(&mut store, 260);
    let root = store.view().root().unwrap();
    drop(store);
    let store = open(dir, Faults::default()).unwrap();
    assert_eq!((store.view().size().unwrap(), store.view().root().unwrap()), (260, root));
    assert!(store.batch_committed(id(1)).unwrap());
}

fn a_failed_commit_keeps_nothing(open: &Opener, dir: &Path) {
    let faults = Faults::default();
    let store = failing(open, dir, &faults, Fault::CommitFails);
    assert!(!store.batch_committed(id(50)).unwrap());
    assert_eq!(store.view().size().unwrap(), 3);
    assert!(store.view().request("uid").unwrap().is_none());
}

fn a_persisted_commit_that_failed_is_found_by_its_id(open: &Opener, dir: &Path) {
    let faults = Faults::default();
    let mut store = failing(open, dir, &faults, Fault::CommitPersistsButFails);
    assert!(store.batch_committed(id(50)).unwrap());
    assert_eq!(store.view().size().unwrap(), 4);
    assert_eq!(store.view().request("uid").unwrap().unwrap().index, 3);
    assert_eq!(append(&mut store, 1)[0].index, 4);
}

/// A commit meets the fault; the store then refuses to go on until it is opened again.
fn failing(open: &Opener, dir: &Path, faults: &Faults, fault: Fault) -> Store {
    let mut store = open(dir, faults.clone()).unwrap();
    append(&mut store, 3);
    faults.inject(fault);
    let mut batch = store.begin(id(50)).unwrap();
    let index = batch.append(&decision(3)).unwrap().index;
    batch.put_request("uid", &Digest::of(b"x"), index).unwrap();
    assert!(matches!(batch.commit(), Err(CommitError::InDoubt { id: doubtful, .. }) if doubtful == id(50)));
    assert!(matches!(store.begin(id(51)), Err(BeginError::InDoubt(doubtful)) if doubtful == id(50)));
    drop(store);
    open(dir, faults.clone()).unwrap()
}

fn identifiers_differ_by_case(open: &Opener, dir: &Path) {
    let mut store = open(dir, Faults::default()).unwrap();
    let digest = Digest::of(b"x");
    let mut batch = store.begin(id(1)).unwrap();
    for (number, uid) in (0..).zip(["prod/abc", "prod/ABC", "prod/abc ", "Prod/abc"]) {
        let index = batch.append(&decision(number)).unwrap().index;
        batch.put_request(uid, &digest, index).unwrap();
        batch.set_state(uid, Some(&[number as u8])).unwrap();
        batch.put_judged(uid, &digest, &digest, index).unwrap();
    }
    batch.commit().unwrap();
    let view = store.view();
    for (number, uid) in (0..).zip(["prod/abc", "prod/ABC", "prod/abc ", "Prod/abc"]) {
        assert_eq!(view.request(uid).unwrap().unwrap().index, number);
        assert_eq!(view.state(uid).unwrap(), Some(vec![number as u8]));
        assert_eq!(view.judged(uid, &digest, &digest).unwrap(), Some(number));
    }
    assert_eq!(view.request("PROD/ABC").unwrap(), None);
    let keys: Vec<String> = view.states().unwrap().into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["Prod/abc", "prod/ABC", "prod/abc", "prod/abc "]);
}

fn a_request_is_answered_once(open: &Opener, dir: &Path) {
    let mut store = open(dir, Faults::default()).unwrap();
    let digest = Digest::of(b"x");
    let mut batch = store.begin(id(1)).unwrap();
    let index = batch.append(&decision(0)).unwrap().index;
    batch.put_request("uid", &digest, index).unwrap();
    assert!(matches!(batch.put_request("uid", &Digest::of(b"y"), index), Err(WriteError::Database { .. })));
    assert!(batch.put_request("other", &digest, 77).is_err(), "there is no such entry");
    drop(batch);
    let mut batch = store.begin(id(2)).unwrap();
    let index = batch.append(&decision(0)).unwrap().index;
    batch.put_request("uid", &digest, index).unwrap();
    assert_eq!(batch.view().request("uid").unwrap().unwrap().digest, digest);
    batch.commit().unwrap();
    assert_eq!(store.view().request("uid").unwrap().unwrap().digest, digest);
}

fn state_is_seen_within_its_batch(open: &Opener, dir: &Path) {
    let mut store = open(dir, Faults::default()).unwrap();
    let mut batch = store.begin(id(1)).unwrap();
    batch.set_state("a", Some(b"1")).unwrap();
    assert_eq!(batch.view().state("a").unwrap().as_deref(), Some(b"1".as_slice()));
    batch.set_state("a", Some(b"2")).unwrap();
    batch.set_state("b", Some(b"")).unwrap();
    batch.set_state("c", Some(b"3")).unwrap();
    batch.set_state("c", None).unwrap();
    batch.commit().unwrap();
    let expected = vec![("a".to_owned(), b"2".to_vec()), ("b".to_owned(), Vec::new())];
    assert_eq!(store.view().states().unwrap(), expected);
}

fn the_first_judgement_stays(open: &Opener, dir: &Path) {
    let mut store = open(dir, Faults::default()).unwrap();
    let (old, new) = (Digest::of(b"old"), Digest::of(b"new"));
    append(&mut store, 3);
    let mut batch = store.begin(id(9)).unwrap();
    batch.put_judged("apps/Deployment/shop/web", &old, &old, 0).unwrap();
    batch.put_judged("apps/Deployment/shop/web", &old, &old, 1).unwrap();
    batch.put_judged("apps/Deployment/shop/web", &old, &new, 2).unwrap();
    batch.commit().unwrap();
    let judged = |digest, bundle| store.view().judged("apps/Deployment/shop/web", digest, bundle).unwrap();
    assert_eq!((judged(&old, &old), judged(&old, &new), judged(&new, &old)), (Some(0), Some(2), None));
}

fn content_is_kept_by_digest(open: &Opener, dir: &Path) {
    let mut store = open(dir, Faults::default()).unwrap();
    let large = "a line that repeats\n".repeat(5000).into_bytes();
    let pieces = [Vec::new(), b"x".to_vec(), large];
    let mut batch = store.begin(id(1)).unwrap();
    for piece in pieces.iter().chain(&pieces) {
        batch.put_content(&Digest::of(piece), "change", piece).unwrap();
    }
    assert!(batch.put_content(&Digest::of(b""), "change", &vec![0; (64 << 20) + 1]).is_err());
    batch.commit().unwrap();
    for piece in &pieces {
        let found = store.view().content(&Digest::of(piece)).unwrap();
        assert_eq!(found, Some(("change".to_owned(), piece.clone())));
    }
    assert_eq!(store.view().content(&Digest::of(b"other")).unwrap(), None);
    let mut batch = store.begin(id(2)).unwrap();
    assert!(batch.delete_content(&Digest::of(b"x")).unwrap());
    assert!(!batch.delete_content(&Digest::of(b"x")).unwrap());
    batch.commit().unwrap();
    assert_eq!(store.view().content(&Digest::of(b"x")).unwrap(), None);
}

fn a_redacted_body_leaves_a_tombstone(open: &Opener, dir: &Path) {
    let mut store = open(dir, Faults::default()).unwrap();
    append(&mut store, 5);
    let leaf = store.view().entry(3).unwrap().unwrap().leaf;
    let mut batch = store.begin(id(9)).unwrap();
    let why = || sealed("b", 5, "asked for by the person concerned".to_owned());
    let salt = why().salt;
    assert_eq!(batch.redact(3, salt, why()).unwrap().index, 5);
    assert!(matches!(batch.redact(3, salt, why()), Err(WriteError::NoBody(3))));
    assert!(matches!(batch.redact(77, salt, why()), Err(WriteError::NoBody(77))));
    batch.commit().unwrap();
    let redacted = store.view().entry(3).unwrap().unwrap();
    assert_eq!((redacted.body, redacted.leaf), (None, leaf));
    assert_eq!(redacted.effects, decision(3).effects);
    drop(store);
    for file in std::fs::read_dir(dir).unwrap() {
        let path = file.unwrap().path();
        let bytes = if path.is_file() { std::fs::read(&path).unwrap() } else { Vec::new() };
        let gone = !bytes.windows(6).any(|window| window == b"body 3");
        assert!(gone, "{} still holds the body", path.display());
    }
    assert_eq!(tollgate_store::verify(dir, None, None).unwrap().redacted, 1);
}

fn proofs_lead_to_the_root(open: &Opener, dir: &Path) {
    let mut store = open(dir, Faults::default()).unwrap();
    append(&mut store, 700);
    let view = store.view();
    let root = view.root().unwrap();
    for index in [0, 255, 256, 511, 699] {
        let leaf = view.entry(index).unwrap().unwrap().leaf;
        let proof = view.inclusion_proof(index, 700).unwrap();
        tollgate_ledger::verify_inclusion(&leaf, index, 700, &proof, &root).unwrap();
    }
    for old in [1, 255, 256, 300, 700] {
        let proof = view.consistency_proof(old, 700).unwrap();
        let old_root = view.root_at(old).unwrap();
        tollgate_ledger::verify_consistency(old, 700, &old_root, &root, &proof).unwrap();
    }
    assert!(view.inclusion_proof(700, 700).is_err() && view.inclusion_proof(0, 701).is_err());
}
