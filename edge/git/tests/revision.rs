//! Revisions of a real repository, made by the `git` that is installed.

use std::path::Path;
use std::process::Command;

use tollgate_git::{GitError, Revision};

fn git(folder: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .output()
        .expect("git runs");
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn repository() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    git(dir.path(), &["init", "-q"]);
    std::fs::create_dir(dir.path().join("deploy")).unwrap();
    std::fs::write(dir.path().join("deploy/a.yaml"), "first\n").unwrap();
    std::fs::write(dir.path().join("deploy/b\u{e9} b.yaml"), "").unwrap();
    std::fs::write(dir.path().join("top.yaml"), "top").unwrap();
    std::os::unix::fs::symlink("a.yaml", dir.path().join("deploy/link.yaml")).unwrap();
    git(dir.path(), &["add", "-A"]);
    git(dir.path(), &["commit", "-qm", "one"]);
    std::fs::write(dir.path().join("deploy/a.yaml"), "second\n").unwrap();
    git(dir.path(), &["commit", "-qam", "two"]);
    dir
}

fn paths_and_texts(revision: &Revision, below: &str) -> Vec<(String, String)> {
    let files = revision.files(below, |path| path.ends_with(".yaml")).unwrap();
    files.into_iter().map(|blob| (blob.path, String::from_utf8(blob.bytes).unwrap())).collect()
}

#[test]
fn files_are_those_of_the_commit_not_of_the_folder() {
    let dir = repository();
    std::fs::write(dir.path().join("deploy/a.yaml"), "not committed").unwrap();
    let text = |text: &str| text.to_owned();
    let first = Revision::resolve(&dir.path().join("deploy"), "HEAD~1").unwrap();
    let deploy = [(text("deploy/a.yaml"), text("first\n")), (text("deploy/b\u{e9} b.yaml"), text(""))];
    assert_eq!(paths_and_texts(&first, "deploy"), deploy, "no link, and names of any letters");
    let second = Revision::resolve(dir.path(), "main").unwrap();
    assert_eq!(paths_and_texts(&second, "").len(), 3);
    assert_eq!(paths_and_texts(&second, "deploy/a.yaml"), [(text("deploy/a.yaml"), text("second\n"))]);
    assert_eq!(paths_and_texts(&second, "nowhere"), []);
    assert_eq!(second.commit().len(), 40);
    assert_eq!(second.repository().canonicalize().unwrap(), dir.path().canonicalize().unwrap());
}

#[test]
fn what_is_not_there_is_said() {
    let dir = repository();
    assert!(
        matches!(Revision::resolve(dir.path(), "nobody"), Err(GitError::NoCommit(name)) if name == "nobody")
    );
    assert!(matches!(Revision::resolve(dir.path(), "--all"), Err(GitError::NoCommit(_))), "no option");
    let outside = tempfile::tempdir().unwrap();
    assert!(matches!(Revision::resolve(outside.path(), "HEAD"), Err(GitError::NoRepository(_))));
}

#[test]
fn many_files_are_read_in_one_go() {
    let dir = repository();
    for number in 0..2_000 {
        std::fs::write(dir.path().join(format!("f{number:04}.yaml")), "x".repeat(number)).unwrap();
    }
    git(dir.path(), &["add", "-A"]);
    git(dir.path(), &["commit", "-qm", "many"]);
    let files = paths_and_texts(&Revision::resolve(dir.path(), "HEAD").unwrap(), "");
    assert_eq!(files.len(), 2_003);
    assert!(
        files
            .iter()
            .filter(|(path, _)| path.starts_with('f'))
            .all(|(path, text)| { path[1..5].parse::<usize>().unwrap() == text.len() })
    );
}
