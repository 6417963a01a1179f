//! `log`, and `explain` of a decision.

use serde_json::Value;

use crate::support::{Folder, deployment};
use crate::up::Running;

/// An estate whose gate has run once.
fn recorded() -> Folder {
    let estate = Folder::estate();
    estate.file("api.yaml", deployment("api", "{}"));
    let gate = Running::start(&estate, &[]);
    gate.says("status: ");
    assert_eq!(gate.stop(), Some(0));
    estate
}

#[test]
fn an_entry_is_shown_with_its_proof() {
    let estate = recorded();
    let shown = estate.run(&["log", "show", "1", "-o", "json"]).json();
    let id = shown["id"].as_str().expect("an id").to_owned();
    assert_eq!(shown["body"]["value"]["verdict"], "deny");
    assert_eq!(shown["proof"]["hashes"].as_array().map(Vec::len), Some(1));
    assert!(
        shown["checkpoint"].as_str().is_some_and(|note| note.starts_with("tollgate.dev/test\n2\n")),
        "{shown}"
    );
    let text = estate.run(&["log", "show", &id]);
    for word in
        [id.as_str(), "team-present", "inclusion proof in the tree of 2 entries (checked)", "checkpoint:"]
    {
        assert!(text.out.contains(word), "{word}: {text:#?}");
    }
    let short = estate.run(&["log", "show", &id[..7]]);
    assert_eq!((short.code, &short.out), (0, &text.out));
    estate.run(&["log", "show", "7"]).is(2, &["there is no entry 7: the ledger has 2"]);
    estate.run(&["log", "show", "d-ffffffffffff"]).is(2, &["there is no decision"]);
    estate.run(&["log", "show", "nonsense"]).is(2, &["names no entry"]);

    let explained = estate.run(&["explain", &id]);
    for word in ["deny", "tollgate:check", "team-present", "metadata.labels.team", "sha256:"] {
        assert!(explained.out.contains(word), "{word}: {explained:#?}");
    }
}

#[test]
fn a_changed_entry_is_named() {
    let estate = recorded();
    let database = estate.data().join("tollgate.db");
    let bytes = std::fs::read(&database).expect("the database");
    let at = bytes.windows(12).position(|window| window == b"team-present").expect("the body, readable");
    let mut changed = bytes;
    changed[at] = b'T';
    std::fs::write(&database, changed).expect("written");
    let said = estate.run(&["log", "verify"]);
    assert_eq!(said.code, 1, "{said:#?}");
    assert!(said.err.contains('1') && said.err.starts_with("error: "), "{said:#?}");
}

#[test]
fn a_ledger_is_held_to_a_checkpoint_and_a_key_from_elsewhere() {
    let (estate, other) = (recorded(), recorded());
    let checkpoint = other.data().join("log/checkpoint").display().to_string();
    let said = estate.run(&["log", "verify", "--checkpoint", &checkpoint]);
    assert_eq!(said.code, 1, "{said:#?}");
    let key = other.data().join("keys/ledger.pub").display().to_string();
    assert_eq!(estate.run(&["log", "verify", "--key", &key]).code, 1);
    let own = estate.data().join("log/checkpoint").display().to_string();
    let said = estate.run(&["log", "verify", "--checkpoint", &own]);
    assert!(said.code == 0 && said.out.contains("still holds all"), "{said:#?}");
    estate.run(&["log", "verify", "--key", "nonsense"]).is(2, &["neither a verifier key nor a file"]);
}

#[test]
fn where_there_is_no_ledger_it_is_said() {
    let folder = Folder::empty();
    for arguments in [&["log", "tail"][..], &["log", "verify"], &["log", "show", "1"], &["explain", "1"]] {
        assert_eq!(folder.run(arguments).code, 2, "{arguments:?}");
    }
}

#[test]
fn a_tail_in_json_is_a_line_for_each_entry() {
    let estate = recorded();
    let said = estate.run(&["log", "tail", "-o", "json"]);
    let rows: Vec<Value> = said.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(rows.len(), 2, "{said:#?}");
    assert_eq!((&rows[0]["kind"], &rows[1]["verdict"]), (&"bundle activation".into(), &"deny".into()));
    assert_eq!(estate.run(&["log", "tail", "-n", "1"]).out.lines().count(), 1);
}
