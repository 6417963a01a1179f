//! Short files of which OPA says whether they read, in `tricky.txt`: a text below `package a`, then a line that says
//! which generations it reads in. Where `TOLLGATE_PEERS_BIN` names a folder with `opa`, it is asked again.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests read their cases and ask opa"
)]

use std::path::Path;
use std::process::Command;

use tollgate_rego_syntax::tree::{Dialect, Module};
use tollgate_rego_syntax::{SyntaxError, parse};

/// What OPA reads and we refuse: in v0 `if` is a name, so OPA takes these for a rule that always holds and another one
/// named `if`; and this import is none, so OPA imports all keywords.
const REFUSED: [(&str, Dialect); 4] = [
    ("p[x] if { x := 1 }", Dialect::V0),
    ("p[x] := y if { x := 1; y := 2 }", Dialect::V0),
    ("import future.keywords.in.x", Dialect::V0),
    ("import future.keywords.in.x", Dialect::V1),
];

fn refused(text: &str, dialect: Dialect) -> bool {
    REFUSED.contains(&(text.trim(), dialect))
}

struct Case {
    text: String,
    old: bool,
    new: bool,
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut text = String::new();
    for line in include_str!("tricky.txt").lines() {
        let Some(read) = line.strip_prefix("---- ") else {
            text.push_str(line);
            text.push('\n');
            continue;
        };
        let (old, new) = (read.contains("v0+"), read.contains("v1+"));
        cases.push(Case { text: std::mem::take(&mut text), old, new });
    }
    cases
}

fn read(text: &str, dialect: Option<Dialect>) -> Result<Module, Vec<SyntaxError>> {
    parse(&format!("package a\n{text}"), dialect)
}

#[test]
fn tricky_files_read_where_opa_reads_them() {
    let cases = cases();
    assert!(cases.len() > 300, "{}", cases.len());
    for Case { text, old, new } in cases {
        for (dialect, wanted) in [(Dialect::V0, old), (Dialect::V1, new)] {
            let found = read(&text, Some(dialect));
            let wanted = wanted && !refused(&text, dialect);
            assert_eq!(found.is_ok(), wanted, "{dialect:?}: {text}{:?}", found.err());
        }
    }
}

#[test]
fn without_a_dialect_a_file_reads_as_v1_unless_only_v0_fits() {
    for Case { text, old, new } in cases() {
        let (old, new) = (old && !refused(&text, Dialect::V0), new && !refused(&text, Dialect::V1));
        let found = read(&text, None).map(|module| module.dialect).ok();
        let wanted = match (old, new) {
            (_, true) => Some(Dialect::V1),
            (true, false) => Some(Dialect::V0),
            (false, false) => None,
        };
        assert_eq!(found, wanted, "{text}");
    }
}

#[test]
fn opa_says_so() {
    let Ok(folder) = std::env::var("TOLLGATE_PEERS_BIN") else {
        eprintln!("SKIPPED: TOLLGATE_PEERS_BIN names no folder with opa");
        return;
    };
    let folder = Path::new(&folder);
    let file = std::env::temp_dir().join(format!("tollgate-tricky-{}.rego", std::process::id()));
    for Case { text, old, new } in cases() {
        std::fs::write(&file, format!("package a\n{text}")).unwrap();
        for (flag, wanted) in [("--v0-compatible", old), ("--v1-compatible", new)] {
            let output = Command::new(folder.join("opa")).args(["parse", flag]).arg(&file).output().unwrap();
            assert_eq!(
                output.status.success(),
                wanted,
                "{flag}: {text}{}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
    }
    std::fs::remove_file(&file).unwrap();
}
