use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::*;

const DAY: i64 = 86_400;

fn later(days: i64) -> Timestamp {
    Timestamp::from_second(now().as_second() + days * DAY).expect("a time")
}

fn read(dir: &Path, name: &str) -> String {
    fs::read_to_string(dir.join(name)).expect("a file")
}

#[test]
fn own_certificates_are_made_once_and_keys_are_the_owners() {
    let data = tempfile::tempdir().expect("a folder");
    let dir = data.path().join("tls");
    own::ensure(&dir, &[], now()).expect("made");
    for (name, mode) in [("server.key", 0o600), ("ca.key", 0o600), ("server.crt", 0o644), ("ca.crt", 0o644)] {
        let found = fs::metadata(dir.join(name)).expect(name).permissions().mode() & 0o777;
        assert_eq!(found, mode, "{name}");
    }
    let before = ["ca.crt", "ca.key", "server.crt", "server.key"].map(|name| read(&dir, name));
    own::ensure(&dir, &[], now()).expect("kept");
    assert_eq!(["ca.crt", "ca.key", "server.crt", "server.key"].map(|name| read(&dir, name)), before);
}

#[test]
fn a_server_certificate_is_renewed_in_time_under_the_same_authority() {
    let data = tempfile::tempdir().expect("a folder");
    let dir = data.path();
    own::ensure(dir, &[], now()).expect("made");
    let (authority, server) = (read(dir, "ca.crt"), read(dir, "server.crt"));
    own::ensure(dir, &[], later(50)).expect("kept");
    assert_eq!(read(dir, "server.crt"), server);
    own::ensure(dir, &[], later(70)).expect("renewed");
    assert_ne!(read(dir, "server.crt"), server);
    assert_eq!(read(dir, "ca.crt"), authority);
    own::ensure(dir, &[], later(3640)).expect("renewed");
    assert_ne!(read(dir, "ca.crt"), authority);
}

#[test]
fn another_name_makes_another_certificate_and_no_name_is_refused() {
    let data = tempfile::tempdir().expect("a folder");
    let dir = data.path();
    own::ensure(dir, &["tollgate.tollgate.svc".to_owned(), "192.0.2.7".to_owned()], now()).expect("made");
    let server = read(dir, "server.crt");
    own::ensure(dir, &["tollgate.tollgate.svc".to_owned(), "192.0.2.7".to_owned()], now()).expect("kept");
    assert_eq!(read(dir, "server.crt"), server);
    own::ensure(dir, &["tollgate.other.svc".to_owned()], now()).expect("made");
    assert_ne!(read(dir, "server.crt"), server);
    for wrong in ["", "a b", "a/b", "\u{e9}"] {
        assert!(matches!(own::ensure(dir, &[wrong.to_owned()], now()), Err(TlsError::Name(_))), "{wrong}");
    }
}

#[test]
fn damaged_files_of_our_own_are_made_again() {
    let data = tempfile::tempdir().expect("a folder");
    let dir = data.path().join("tls");
    own::ensure(&dir, &[], now()).expect("made");
    for name in ["ca.key", "ca.crt", "server.crt", "server.key"] {
        fs::write(dir.join(name), "half a fi").expect("written");
        let certificates = Certificates::open(&Tls::Own { names: vec![] }, None, data.path());
        drop(certificates.unwrap_or_else(|error| panic!("{name}: {error}")));
    }
}

#[test]
fn broken_files_keep_the_old_certificate_and_are_told() {
    let (ours, theirs) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    own::ensure(ours.path(), &[], now()).expect("made");
    own::ensure(theirs.path(), &[], now()).expect("made");
    let (certificate, key) = (ours.path().join("server.crt"), ours.path().join("server.key"));
    let tls = Tls::Files { certificate: certificate.clone(), key: key.clone(), authority: None };
    let certificates = Certificates::open(&tls, None, ours.path()).expect("opened");
    let first = certificates.current();
    assert!(!certificates.reload(), "nothing changed");

    fs::copy(theirs.path().join("server.crt"), &certificate).expect("copied");
    assert!(!certificates.reload(), "the key is of another certificate");
    assert!(Arc::ptr_eq(&first, &certificates.current()));
    let why = certificates.broken().expect("told");
    assert!(why.contains("server.crt") && why.contains("server.key"), "{why}");
    assert!(!certificates.reload() && certificates.broken() == Some(why), "told as long as it is so");

    fs::copy(theirs.path().join("server.key"), &key).expect("copied");
    assert!(certificates.reload());
    assert_eq!(certificates.broken(), None);
    assert!(!Arc::ptr_eq(&first, &certificates.current()));

    fs::remove_file(&key).expect("removed");
    assert!(!certificates.reload());
    assert!(certificates.broken().is_some_and(|why| why.contains("cannot read")));
}

#[test]
fn files_that_hold_nothing_of_the_kind_are_named() {
    let data = tempfile::tempdir().expect("a folder");
    own::ensure(data.path(), &[], now()).expect("made");
    let (certificate, key) = (data.path().join("server.crt"), data.path().join("server.key"));
    let open = |certificate: &Path, key: &Path, ca: Option<&Path>| {
        let tls = Tls::Files { certificate: certificate.to_owned(), key: key.to_owned(), authority: None };
        Certificates::open(&tls, ca, data.path()).map(drop)
    };
    assert!(matches!(open(&key, &key, None), Err(TlsError::Pem { expected: "certificate", .. })));
    assert!(matches!(
        open(&certificate, &certificate, None),
        Err(TlsError::Pem { expected: "private key", .. })
    ));
    assert!(matches!(open(&certificate, &key, Some(&key)), Err(TlsError::Pem { .. })));
    assert!(matches!(open(&certificate, &data.path().join("none"), None), Err(TlsError::Read { .. })));
}
