//! What real file systems hold against us: pipes, unreadable files, large ones, many.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use tollgate_files::{
    ReadFileError, RuleFilesError, WalkError, WalkOptions, estate_root, policy_files, read, rule_files, walk,
};

#[test]
fn ten_thousand_files_are_found_in_order() {
    let dir = tempfile::tempdir().unwrap();
    for folder in 0..100 {
        let folder = dir.path().join(format!("{folder:02}"));
        fs::create_dir(&folder).unwrap();
        for file in 0..100 {
            fs::write(folder.join(format!("{file:02}.yaml")), "").unwrap();
        }
    }
    let found = walk(&[dir.path()], &WalkOptions::default()).unwrap().found;
    assert_eq!(found.len(), 10_000);
    assert!(found.is_sorted_by(|a, b| a.path.as_os_str() < b.path.as_os_str()));
}

#[test]
fn bytes_come_as_they_are_up_to_the_limit() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("x.yaml");
    for bytes in [&b""[..], b"\xff\xfe\x00binary", b"a: 1\r\n"] {
        fs::write(&file, bytes).unwrap();
        assert_eq!(read(&file, bytes.len() as u64).unwrap(), bytes);
    }
    let error = read(&file, 5).unwrap_err();
    assert!(error.to_string().ends_with("x.yaml` is larger than 5 bytes"), "{error}");
}

#[test]
fn a_sparse_terabyte_is_refused_unread() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("x.yaml");
    fs::File::create(&file).unwrap().set_len(1 << 40).unwrap();
    assert!(matches!(read(&file, 1 << 20), Err(ReadFileError::TooLarge { .. })));
}

#[test]
fn what_is_no_regular_file_is_said_and_not_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let pipe = dir.path().join("pipe.yaml");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let socket = dir.path().join("socket.yaml");
    let _listener = UnixListener::bind(&socket).unwrap();
    let what = |path: &Path| match read(path, 10) {
        Err(ReadFileError::NotRegular { what, .. }) => what,
        other => panic!("{other:?}"),
    };
    assert_eq!(what(&pipe), "a pipe");
    assert_eq!(what(&socket), "a socket");
    assert_eq!(what(dir.path()), "a folder");
    assert_eq!(what(Path::new("/dev/zero")), "a device");
    let found = walk(&[dir.path()], &WalkOptions::default()).unwrap().found;
    assert_eq!(found.len(), 2, "they are not passed over in silence");
}

#[test]
fn a_file_that_does_not_exist_is_named() {
    assert_eq!(read(Path::new("./no.yaml"), 1).unwrap_err().to_string(), "`no.yaml` does not exist");
}

/// Root reads whatever the mode says, so there a path through a file stands in for a refusal by the system.
#[test]
fn what_may_not_be_read_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("closed");
    fs::create_dir(&folder).unwrap();
    let file = dir.path().join("x.yaml");
    fs::write(&file, "a: 1").unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o000)).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&file).is_ok() {
        let through = file.join("y.yaml");
        assert!(matches!(read(&through, 10), Err(ReadFileError::Unreadable { .. })));
        let error = walk(&[&through], &WalkOptions::default()).unwrap_err();
        assert!(error.to_string().ends_with("x.yaml/y.yaml`"), "{error}");
    } else {
        assert!(matches!(read(&file, 10), Err(ReadFileError::Unreadable { .. })));
        let error = walk(&[dir.path()], &WalkOptions::default()).unwrap_err();
        assert!(
            matches!(&error, WalkError::Unreadable { shown, .. } if shown.ends_with("closed")),
            "{error}"
        );
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
}

fn estate() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("tollgate.toml", "[estate]"),
        ("policy/finops.rego", "package finops"),
        ("policy/data/centres.json", "{}"),
        ("policy/notes.md", "no rule"),
        ("policy/.draft.rego", "no rule either"),
        ("exceptions/batch.yaml", "kind: Exception"),
        ("apps/api.yaml", "kind: Deployment"),
    ] {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

#[test]
fn the_rules_of_an_estate_come_sorted_with_their_roots() {
    let dir = estate();
    let files = rule_files(dir.path(), &["policy/", "./exceptions", "policy/data"]).unwrap();
    let seen: Vec<_> = files.iter().map(|file| (&*file.path, &*file.root)).collect();
    assert_eq!(
        seen,
        [
            ("exceptions/batch.yaml", "exceptions"),
            ("policy/data/centres.json", "policy"),
            ("policy/finops.rego", "policy"),
            ("tollgate.toml", ""),
        ]
    );
    assert_eq!(files[2].bytes, b"package finops");
}

#[test]
fn a_rules_folder_that_is_misspelt_or_elsewhere_is_an_error() {
    let dir = estate();
    let missing = rule_files(dir.path(), &["polices"]).unwrap_err();
    assert!(missing.to_string().ends_with("polices` does not exist"), "{missing}");
    for elsewhere in ["../x", "/etc", "policy/../..", ""] {
        assert!(
            matches!(rule_files(dir.path(), &[elsewhere]), Err(RuleFilesError::Outside(_))),
            "{elsewhere}"
        );
    }
    std::os::unix::fs::symlink("/etc", dir.path().join("linked")).unwrap();
    assert!(rule_files(dir.path(), &["linked"]).is_err(), "nor by a link");
}

#[test]
fn policies_are_read_without_an_estate() {
    let dir = estate();
    let folder = policy_files(&[dir.path().join("policy")]).unwrap();
    assert_eq!(folder.len(), 2);
    assert!(folder.iter().all(|file| file.path.starts_with(&format!("{}/", file.root))));
    let one = policy_files(&[dir.path().join("policy/finops.rego")]).unwrap();
    assert!(one[0].root.ends_with("/policy") && one[0].path.ends_with("/policy/finops.rego"));
    assert!(policy_files(&["/no/such.rego"]).unwrap_err().to_string().contains("/no/such.rego"));
}

#[test]
fn the_root_is_the_nearest_upwards() {
    let dir = estate();
    let root = dir.path().canonicalize().unwrap();
    assert_eq!(estate_root(&dir.path().join("apps/api.yaml")), Some(root.clone()));
    assert_eq!(estate_root(&dir.path().join("apps/../policy")), Some(root));
    assert_eq!(estate_root(Path::new("/")), None);
}
