//! Killed at any moment, nothing that was acknowledged is lost.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tollgate_store::{Store, verify};

use crate::support::{append, decision, key, origin, verifier};

const DIRECTORY: &str = "TOLLGATE_TEST_KILLED_STORE";

/// Not a test of its own: the process that the next test kills. Appends and publishes for ever, telling the size after
/// every commit that answered.
#[test]
fn child_appends_until_it_is_killed() {
    let Some(dir) = std::env::var_os(DIRECTORY).map(PathBuf::from) else { return };
    let mut store = Store::open(&dir, &origin()).unwrap();
    let mut publisher = store.publisher().unwrap();
    std::thread::spawn(move || {
        while publisher.publish(&key()).is_ok() {
            std::thread::sleep(Duration::from_millis(5));
        }
    });
    let mut out = std::io::stderr();
    for round in 1.. {
        append(&mut store, round % 40 + 1);
        writeln!(out, "acknowledged {}", store.view().size().unwrap()).unwrap();
    }
}

#[test]
fn a_kill_loses_nothing_that_was_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    drop(Store::open(dir.path(), &origin()).unwrap());
    let mut least = 0;
    for round in 0..12 {
        let acknowledged = run_and_kill(dir.path(), Duration::from_millis(40 + 37 * round));
        least = least.max(acknowledged);
        let report = verify(dir.path(), Some(&verifier()), None).unwrap();
        assert!(report.size >= least, "{least} were acknowledged, {} are there", report.size);
        let mut store = Store::open(dir.path(), &origin()).unwrap();
        let last = store.view().tail(1).unwrap().pop();
        assert_eq!(last.and_then(|entry| entry.body), report.size.checked_sub(1).map(|n| decision(n).body));
        append(&mut store, 1);
        store.publisher().unwrap().publish(&key()).unwrap();
        least = store.view().size().unwrap();
    }
    assert!(least > 100, "the child got to append: {least}");
}

/// Gives the last size that the child acknowledged before it was killed.
fn run_and_kill(dir: &Path, after: Duration) -> u64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::child_appends_until_it_is_killed", "--nocapture"])
        .env(DIRECTORY, dir)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let reader = std::thread::spawn(move || {
        let sizes =
            lines.map_while(Result::ok).filter_map(|line| line.strip_prefix("acknowledged ")?.parse().ok());
        sizes.last().unwrap_or(0)
    });
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap()
}
