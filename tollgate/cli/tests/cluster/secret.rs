//! What a Secret holds stays out of everything that the gate writes.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::plane::{Plane, alone};

const VALUE: &str = "hunter2-hunter2-hunter2";
const BASE64: &str = "aHVudGVyMi1odW50ZXIyLWh1bnRlcjI=";

#[track_caller]
fn assert_not_in(what: &str, bytes: &[u8]) {
    for value in [VALUE, BASE64] {
        let found = bytes.windows(value.len()).any(|window| window == value.as_bytes());
        assert!(!found, "`{value}` is in {what}");
    }
}

fn search(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let search_one = |entry: fs::DirEntry| {
        if entry.file_type().expect("a type").is_dir() {
            return search(&entry.path());
        }
        let bytes = fs::read(entry.path()).expect("a file");
        assert_not_in(&entry.path().display().to_string(), &bytes);
        1
    };
    entries.map(search_one).sum()
}

#[test]
fn the_value_of_a_secret_is_in_nothing_that_the_gate_writes() {
    let Some(mut plane) = alone(|_, _| ()) else { return };
    let secret = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "login", "labels": {"keep": "yes"}},
        "data": {"password": BASE64}, "stringData": {"again": VALUE},
    });
    // Client-side apply writes all of it into an annotation once more.
    plane.send("default", &["apply"], &secret).expect_success();
    let denied = plane.kubectl("default", &["delete", "secret", "login"]);
    assert!(denied.expect_failure().contains("deny[kept]"), "{}", denied.stderr);

    let Plane { gate, .. } = &mut plane;
    let decisions = gate.ledger().about("Secret default/login");
    assert_eq!(decisions.len(), 2, "{decisions:?}");
    for decision in &decisions {
        assert_not_in("a decision", gate.ledger().body(&decision.id).to_string().as_bytes());
    }
    assert!(gate.terminate().success());
    assert_not_in("what it said", gate.process().said().join("\n").as_bytes());
    let files = search(&gate.data());
    assert!(files > 3, "only {files} files in the data directory");
}
