//! Whatever is changed behind the store's back, `verify` names it.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tollgate_store::{Store, VerifyError, verify};
use tollgate_vocabulary::Digest;

use crate::support::{append, id, key, origin, sealed, verifier};

/// A store with everything in it: 600 entries, one redacted, content, two checkpoints.
fn full() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path(), &origin()).unwrap();
    append(&mut store, 300);
    store.publisher().unwrap().publish(&key()).unwrap();
    append(&mut store, 298);
    let mut batch = store.begin(id(7000)).unwrap();
    let body = sealed("b", 598, "why".to_owned());
    batch.redact(5, body.salt, body).unwrap();
    batch.put_content(&Digest::of(b"some content"), "change", b"some content").unwrap();
    batch.put_request("uid", &Digest::of(b"x"), 3).unwrap();
    batch.commit().unwrap();
    append(&mut store, 1);
    store.publisher().unwrap().publish(&key()).unwrap();
    drop(store);
    dir
}

fn change(dir: &Path, sql: &str) {
    let connection = Connection::open(dir.join("tollgate.db")).unwrap();
    connection.execute_batch("PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF").unwrap();
    let changed = connection.execute(sql, []).unwrap();
    assert!(changed > 0, "`{sql}` changed nothing");
}

/// `column` with one bit of its byte `at` (counted from 1) flipped.
fn flipped(table: &str, column: &str, at: usize, condition: &str) -> String {
    let byte = format!("instr(unhex('{ALL_BYTES}'), substr({column}, {at}, 1)) - 1");
    let other = format!("substr(unhex('{ALL_BYTES}'), ((({byte}) | 1) - (({byte}) & 1)) + 1, 1)");
    let after = at + 1;
    format!(
        "UPDATE {table} SET {column} = CAST(substr({column}, 1, {at} - 1) || {other} || substr({column}, {after}) AS BLOB)
         WHERE {condition}"
    )
}

const ALL_BYTES: &str = "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDFE0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF";

#[test]
fn what_is_whole_verifies() {
    let dir = full();
    let report = verify(dir.path(), Some(&verifier()), None).unwrap();
    assert_eq!((report.size, report.redacted, report.content), (600, 1, 1));
    assert!(report.signatures && report.checkpoints == 3);
    assert_eq!(report.published.map(|checkpoint| checkpoint.size), Some(600));
    let without_key = verify(dir.path(), None, None).unwrap();
    assert_eq!((without_key.root, without_key.signatures), (report.root, false));
}

#[test]
fn every_change_in_the_database_is_named() {
    let changes = [
        (flipped("entry", "bytes", 1, "idx = 17"), "entry"),
        (flipped("entry", "bytes", 2, "idx = 17"), "entry 17"),
        (flipped("entry", "bytes", 40, "idx = 17"), "entry 17: leaf hash"),
        (flipped("entry", "leaf", 32, "idx = 17"), "entry 17: leaf hash"),
        (flipped("entry", "salt_e", 1, "idx = 17"), "entry 17: effects"),
        (flipped("entry", "effects", 3, "idx = 17"), "entry 17: effects"),
        ("UPDATE entry SET kind = 2 WHERE idx = 17".to_owned(), "entry 17: kind"),
        ("UPDATE entry SET idx = 1000 WHERE idx = 599".to_owned(), ""),
        ("DELETE FROM entry WHERE idx = 599".to_owned(), ""),
        ("DELETE FROM entry WHERE idx = 17".to_owned(), ""),
        (flipped("body", "body", 1, "idx = 599"), "entry 599: body"),
        (flipped("body", "salt_b", 32, "idx = 0"), "entry 0: body"),
        ("DELETE FROM body WHERE idx = 17".to_owned(), "entry 17: body"),
        ("INSERT INTO body SELECT 5, salt_b, body FROM body WHERE idx = 6".to_owned(), "entry 5: body"),
        (flipped("node", "hash", 9, "idx = 1"), "node 1 of height 8"),
        ("DELETE FROM node WHERE idx = 0".to_owned(), "node 0 of height 8"),
        ("INSERT INTO node SELECT 16, 0, hash FROM node LIMIT 1".to_owned(), "nodes"),
        ("UPDATE head SET size = 599".to_owned(), "head"),
        (flipped("head", "frontier", 8, "1"), "head"),
        (flipped("head", "frontier", 20, "1"), "head"),
        ("DELETE FROM head".to_owned(), "head"),
        ("UPDATE checkpoint SET size = 299 WHERE size = 300".to_owned(), "checkpoint 299"),
        (flipped("checkpoint", "root", 4, "size = 600"), "checkpoint 600"),
        ("UPDATE checkpoint SET note = replace(note, 'test', 'best')".to_owned(), "checkpoint"),
        ("DELETE FROM checkpoint WHERE size = 600".to_owned(), "checkpoint"),
        (flipped("content", "bytes", 3, "1"), "content"),
        (flipped("content", "digest", 3, "1"), "content"),
        ("UPDATE content SET size = size + 1".to_owned(), "content"),
        ("UPDATE meta SET value = 'other.example'".to_owned(), "checkpoint"),
        ("UPDATE request SET idx = 9999".to_owned(), "name no entry"),
    ];
    let whole = full();
    for (sql, named) in changes {
        let dir = tempfile::tempdir().unwrap();
        copy(whole.path(), dir.path());
        change(dir.path(), &sql);
        let error = verify(dir.path(), Some(&verifier()), None).expect_err(&sql);
        assert!(chain(&error).contains(named), "`{sql}` was called: {}", chain(&error));
    }
}

#[test]
fn every_changed_byte_in_the_published_files_is_named() {
    let dir = full();
    let log = dir.path().join("log");
    let files = files(&log);
    assert!(files.len() > 6, "{files:?}");
    for path in files {
        // partial tiles of checkpoints that are not the newest are nobody's any more
        let name = path.strip_prefix(&log).unwrap().to_str().unwrap().to_owned();
        let old = ["tile/0/001.p", "tile/entries/001.p", "tile/1/000.p/1"];
        if old.iter().any(|old| name.starts_with(old)) {
            continue;
        }
        let whole = fs::read(&path).unwrap();
        for at in [0, whole.len() / 2, whole.len() - 1] {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x20;
            fs::write(&path, &bytes).unwrap();
            let error = verify(dir.path(), None, None).expect_err(&name);
            assert!(chain(&error).contains(&name), "byte {at} of {name} was called: {}", chain(&error));
        }
        fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        assert!(chain(&verify(dir.path(), None, None).unwrap_err()).contains(&name));
        fs::remove_file(&path).unwrap();
        assert!(chain(&verify(dir.path(), None, None).unwrap_err()).contains(&name));
        fs::write(&path, &whole).unwrap();
    }
    verify(dir.path(), Some(&verifier()), None).unwrap();
}

#[test]
fn a_rewritten_log_is_convicted_by_a_checkpoint_kept_elsewhere() {
    let (dir, kept) = (full(), tempfile::tempdir().unwrap());
    let checkpoint = kept.path().join("checkpoint");
    fs::copy(dir.path().join("log/checkpoint"), &checkpoint).unwrap();
    verify(dir.path(), Some(&verifier()), Some(&checkpoint)).unwrap();
    let other = tempfile::tempdir().unwrap();
    let mut store = Store::open(other.path(), &origin()).unwrap();
    append(&mut store, 599);
    let error = verify(other.path(), Some(&verifier()), Some(&checkpoint)).unwrap_err();
    assert!(chain(&error).contains("forgotten"), "{}", chain(&error));
    append(&mut store, 2);
    let error = verify(other.path(), Some(&verifier()), Some(&checkpoint)).unwrap_err();
    assert!(
        matches!(&error, VerifyError::Differs { what, .. } if what.contains("root at size 600")),
        "{error}"
    );
}

#[test]
fn a_checkpoint_by_another_key_does_not_verify() {
    let dir = full();
    let other = tollgate_ledger::SigningKey::from_bytes(&[9; 32]).verifying_key();
    let error =
        verify(dir.path(), Some(&tollgate_ledger::VerifierKey::new(origin(), other)), None).unwrap_err();
    assert!(matches!(error, VerifyError::Checkpoint { .. }), "{error}");
}

#[test]
fn a_replay_that_refuses_an_entry_is_named() {
    let dir = full();
    let mut seen = 0;
    let error = tollgate_store::verify_with(dir.path(), None, None, &mut |entry| {
        seen += 1;
        if entry.index == 41 { Err("a balance of 7".to_owned()) } else { Ok(()) }
    });
    assert!(error.unwrap_err().to_string().contains("entry 41"));
    assert_eq!(seen, 42);
}

fn chain(error: &dyn std::error::Error) -> String {
    let source = error.source().map(chain).unwrap_or_default();
    format!("{error}: {source}")
}

fn copy(from: &Path, to: &Path) {
    for path in files(from) {
        let target = to.join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(&path, &target).unwrap();
    }
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}
