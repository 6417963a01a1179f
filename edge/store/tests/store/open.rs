//! Who may open what: one writer, readers in a snapshot, nothing foreign, nothing older than its checkpoint.

use std::fs;
use std::path::Path;

use crate::support::{append, key, origin};
use tollgate_store::{Fault, Faults, OpenError, PublishError, Store, verify};

fn open(dir: &Path) -> Store {
    Store::open(dir, &origin()).unwrap()
}

/// Copies the database, as a backup would.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for name in ["tollgate.db", "tollgate.db-wal"] {
        let _ = fs::remove_file(to.join(name));
        let _ = fs::copy(from.join(name), to.join(name));
    }
}

#[test]
fn a_second_writer_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let second = Store::open(dir.path(), &origin());
    assert!(matches!(&second, Err(OpenError::Locked { .. })), "{second:?}");
    let publisher = store.publisher().unwrap();
    drop(store);
    assert!(matches!(Store::open(dir.path(), &origin()), Err(OpenError::Locked { .. })));
    drop(publisher);
    open(dir.path());
}

#[test]
fn readers_see_one_moment_while_a_writer_works() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    append(&mut store, 3);
    let mut reader = Store::open_read_only(dir.path()).unwrap();
    append(&mut store, 4);
    assert_eq!(reader.view().size().unwrap(), 3);
    assert_eq!(reader.view().entries(0..100).unwrap().len(), 3);
    reader.refresh().unwrap();
    assert_eq!(reader.view().size().unwrap(), 7);
    drop(store);
    assert_eq!(Store::open_read_only(dir.path()).unwrap().view().size().unwrap(), 7);
}

#[test]
fn the_log_of_another_name_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    let error = Store::open(dir.path(), &"another.example".parse().unwrap()).unwrap_err();
    assert!(matches!(&error, OpenError::Origin { .. }), "{error}");
    assert!(
        error.to_string().contains("tollgate.example/test") && error.to_string().contains("another.example")
    );
}

#[test]
fn what_is_no_database_of_ours_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("tollgate.db"), "not a database, but long enough to look like a file").unwrap();
    assert!(matches!(Store::open(dir.path(), &origin()), Err(OpenError::Database { .. })));
    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(Store::open_read_only(empty.path()), Err(OpenError::File { .. })));
}

#[test]
fn a_database_older_than_its_checkpoint_is_refused() {
    let (dir, backup) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut store = open(dir.path());
    append(&mut store, 3);
    store.publisher().unwrap().publish(&key()).unwrap();
    drop(store);
    copy(dir.path(), backup.path());
    let mut store = open(dir.path());
    append(&mut store, 4);
    store.publisher().unwrap().publish(&key()).unwrap();
    drop(store);
    copy(backup.path(), dir.path());
    let error = Store::open(dir.path(), &origin()).unwrap_err().to_string();
    assert!(error.contains("size 3") && error.contains("size 7"), "{error}");
}

#[test]
fn a_database_that_went_another_way_is_refused() {
    let (dir, backup) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut store = open(dir.path());
    append(&mut store, 3);
    drop(store);
    copy(dir.path(), backup.path());
    let mut store = open(dir.path());
    append(&mut store, 4);
    store.publisher().unwrap().publish(&key()).unwrap();
    drop(store);
    copy(backup.path(), dir.path());
    let checkpoint = fs::read(dir.path().join("log/checkpoint")).unwrap();
    fs::remove_file(dir.path().join("log/checkpoint")).unwrap();
    let mut store = open(dir.path());
    let mut batch = store.begin(crate::support::id(77)).unwrap();
    for number in 100..110 {
        batch.append(&crate::support::decision(number)).unwrap();
    }
    batch.commit().unwrap();
    fs::write(dir.path().join("log/checkpoint"), checkpoint).unwrap();
    let error = store.publisher().unwrap().publish(&key()).unwrap_err();
    assert!(matches!(&error, PublishError::Fork { .. }), "{error}");
    drop(store);
    assert!(matches!(Store::open(dir.path(), &origin()), Err(OpenError::Behind { .. })));
}

#[test]
fn publishing_goes_on_where_it_was_stopped() {
    for fault in [Fault::PublishFailsBeforeCheckpoint, Fault::PublishFailsBeforeFile] {
        let dir = tempfile::tempdir().unwrap();
        let faults = Faults::default();
        let mut store = Store::open_with(dir.path(), &origin(), faults.clone()).unwrap();
        for count in [200, 100, 800] {
            append(&mut store, count);
            faults.inject(fault);
            let mut publisher = store.publisher().unwrap();
            assert!(matches!(publisher.publish(&key()), Err(PublishError::Injected)));
            verify(dir.path(), Some(&crate::support::verifier()), None).unwrap();
            let published = publisher.publish(&key()).unwrap();
            assert_eq!(published.checkpoint.size, store.view().size().unwrap());
            let file = fs::read_to_string(dir.path().join("log/checkpoint")).unwrap();
            assert_eq!(file, published.note);
            assert!(!publisher.publish(&key()).unwrap().new);
            let report = verify(dir.path(), Some(&crate::support::verifier()), None).unwrap();
            assert!(report.signatures && report.files > 0);
        }
        assert!(!dir.path().join("log/tile/0/000.p").exists(), "partial tiles go once the full one is there");
    }
}

#[test]
fn proofs_can_be_made_from_the_published_files_alone() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    append(&mut store, 700);
    let checkpoint = store.publisher().unwrap().publish(&key()).unwrap().checkpoint;
    let tiles =
        tollgate_ledger::Tiles::new(700, |path: &str| fs::read(dir.path().join("log").join(path)).ok());
    let proof = tollgate_ledger::inclusion_proof(300, 700, |node| tiles.node(node)).unwrap();
    let leaf = store.view().entry(300).unwrap().unwrap().leaf;
    tollgate_ledger::verify_inclusion(&leaf, 300, 700, &proof, &checkpoint.root).unwrap();
}

#[test]
fn a_path_that_cannot_be_written_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "x").unwrap();
    let error = Store::open(&file.join("data"), &origin()).unwrap_err();
    assert!(error.to_string().contains("file/data"), "{error}");
    let mut store = open(&dir.path().join("data"));
    append(&mut store, 1);
    fs::write(dir.path().join("data/log"), "in the way").unwrap();
    let error = store.publisher().unwrap().publish(&key()).unwrap_err();
    assert!(error.to_string().contains("data/log"), "{error}");
}

#[test]
fn a_full_database_is_named_and_keeps_what_it_had() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    append(&mut store, 3);
    store.limit_pages(60).unwrap();
    let mut batch = store.begin(crate::support::id(9)).unwrap();
    let error = (3..1000).find_map(|number| {
        let mut entry = crate::support::decision(number);
        entry.body.bytes = vec![7; 4000];
        batch.append(&entry).err()
    });
    let error = error.expect("the database is limited");
    assert!(error.to_string().contains("tollgate.db"), "{error}");
    assert!(batch.commit().is_err());
    drop(store);
    assert_eq!(open(dir.path()).view().size().unwrap(), 3);
    assert_eq!(verify(dir.path(), None, None).unwrap().size, 3);
}
