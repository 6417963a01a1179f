use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use super::*;

fn origin() -> Origin {
    "tollgate.example/test".parse().unwrap()
}

fn open_in(dir: &Path) -> Result<(Keyring, bool), KeyError> {
    Keyring::open_or_create(dir, &origin())
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn keys_are_made_once_and_for_their_owner_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (made, created) = open_in(dir.path()).unwrap();
    assert!(created);
    let (read, created) = open_in(dir.path()).unwrap();
    assert!(!created);
    assert_eq!(made.ledger().to_bytes(), read.ledger().to_bytes());
    assert_eq!((made.mask(), made.path_secret()), (read.mask(), read.path_secret()));
    let keys = dir.path().join("keys");
    assert_eq!(mode(&keys), 0o700);
    for name in [LEDGER, MASK, PATH] {
        assert_eq!(mode(&keys.join(name)), 0o600, "{name}");
    }
    assert_eq!(mode(&keys.join(PUBLIC)), 0o644);
    assert_eq!(
        fs::read_to_string(keys.join(PUBLIC)).unwrap().trim_end().parse(),
        Ok(read.verifier().clone())
    );
    assert_eq!(fs::read_dir(&keys).unwrap().count(), 4);
}

#[test]
fn every_key_is_another() {
    let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [(a, _), (b, _)] = dirs.each_ref().map(|dir| open_in(dir.path()).unwrap());
    let all =
        [a.ledger().as_bytes(), a.mask(), a.path.bytes(), b.ledger().as_bytes(), b.mask(), b.path.bytes()];
    let different: std::collections::BTreeSet<_> = all.into_iter().collect();
    assert_eq!(different.len(), 6);
    assert_eq!(a.path_secret().len(), 43);
}

#[test]
fn files_that_others_can_reach_are_refused() {
    for name in [LEDGER, MASK, PATH] {
        for bits in [0o640, 0o604, 0o660, 0o666, 0o601] {
            let dir = tempfile::tempdir().unwrap();
            drop(open_in(dir.path()).unwrap());
            fs::set_permissions(dir.path().join("keys").join(name), Permissions::from_mode(bits)).unwrap();
            let error = open_in(dir.path()).unwrap_err();
            assert!(matches!(&error, KeyError::Mode { mode, .. } if *mode == bits), "{error}");
            assert!(error.to_string().contains(name) && error.to_string().contains("chmod 600"), "{error}");
        }
    }
    let dir = tempfile::tempdir().unwrap();
    drop(open_in(dir.path()).unwrap());
    fs::set_permissions(dir.path().join("keys"), Permissions::from_mode(0o755)).unwrap();
    assert!(matches!(open_in(dir.path()), Err(KeyError::Mode { expected: 0o700, .. })));
}

#[test]
fn malformed_and_misplaced_keys_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (made, _) = open_in(dir.path()).unwrap();
    let path = dir.path().join("keys").join(MASK);
    let good = fs::read_to_string(&path).unwrap();
    let ledger = fs::read_to_string(dir.path().join("keys").join(LEDGER)).unwrap();
    let bad = [
        String::new(),
        "x".repeat(10_000),
        ledger,
        good.replace("v1", "v2"),
        good.replace('=', ""),
        good.replace("mask ", "mask AAAA"),
        format!("{good}\n"),
        good.replace("mask ", "mask  "),
    ];
    for text in bad {
        fs::write(&path, &text).unwrap();
        let error = open_in(dir.path()).unwrap_err();
        assert!(matches!(error, KeyError::Format { purpose: "mask", .. }), "{text:?}");
        assert!(!error.to_string().contains(good.split(' ').next_back().unwrap().trim_end()));
    }
    fs::write(&path, good.trim_end()).unwrap();
    assert_eq!(open_in(dir.path()).unwrap().0.mask(), made.mask());
}

#[test]
fn a_lost_key_is_not_replaced_in_silence() {
    for name in [LEDGER, MASK, PATH] {
        let dir = tempfile::tempdir().unwrap();
        drop(open_in(dir.path()).unwrap());
        let path = dir.path().join("keys").join(name);
        fs::remove_file(&path).unwrap();
        assert!(matches!(open_in(dir.path()), Err(KeyError::Missing(lost)) if lost == path));
    }
}

#[test]
fn a_start_that_was_killed_is_finished_by_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let (made, _) = open_in(dir.path()).unwrap();
    let mask = *made.mask();
    let keys = dir.path().join("keys");
    fs::remove_file(keys.join(PUBLIC)).unwrap();
    assert!(!open_in(dir.path()).unwrap().1);
    fs::remove_file(keys.join(PUBLIC)).unwrap();
    fs::remove_file(keys.join(LEDGER)).unwrap();
    fs::write(keys.join("ledger.key.new"), "half").unwrap();
    let (again, created) = open_in(dir.path()).unwrap();
    assert!(created);
    assert_eq!(again.mask(), &mask);
    assert_eq!(fs::read_dir(&keys).unwrap().count(), 4);
}

#[test]
fn another_public_key_is_refused() {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    drop((open_in(dir.path()).unwrap(), open_in(other.path()).unwrap()));
    fs::copy(other.path().join("keys").join(PUBLIC), dir.path().join("keys").join(PUBLIC)).unwrap();
    assert!(matches!(open_in(dir.path()), Err(KeyError::OtherPublic { .. })));
    fs::write(dir.path().join("keys").join(PUBLIC), "junk\n").unwrap();
    assert!(matches!(open_in(dir.path()), Err(KeyError::Public { .. })));
}

#[test]
fn secrets_are_never_printed() {
    let dir = tempfile::tempdir().unwrap();
    let (keyring, _) = open_in(dir.path()).unwrap();
    let printed = format!("{keyring:?}");
    assert!(printed.contains("Secret(..)"));
    for secret in [keyring.mask(), keyring.path.bytes(), &keyring.ledger().to_bytes()] {
        let list = format!("{secret:?}");
        let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(!printed.contains(&list[1..list.len() - 1]) && !printed.to_lowercase().contains(&hex));
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("file"), "x").unwrap();
    let error = open_in(&dir.path().join("file")).unwrap_err();
    assert!(error.to_string().contains("file/keys"), "{error}");
}
