//! OPA's own suite, as far as it is recorded: all of it passes, but for cases that need what a gate must not offer.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tollgate_conform::opa::{read, run};
use tollgate_conform::report::{Outcome, Report};

/// The recorded suite, or nothing, said loudly.
fn suite() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let root = PathBuf::from(std::env::var("TOLLGATE_TEST_DATA").unwrap_or_else(|_| default.into()));
    let suite = root.join("opa-compliance");
    if suite.is_dir() {
        return Some(suite);
    }
    eprintln!("SKIPPED: no test data at {}", suite.display());
    None
}

/// Cases that are refused, and why: `corpus/rego/opa-refused.tsv`.
fn refused() -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/rego/opa-refused.tsv");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let (note, reason) =
                line.split_once('\t').unwrap_or_else(|| panic!("`{line}` has no tab and reason"));
            (note.to_owned(), reason.to_owned())
        })
        .collect()
}

#[test]
fn opas_suite_passes_but_for_the_cases_that_are_listed() {
    let Some(suite) = suite() else { return };
    let listed = refused();
    let mut report = Report::new(false);
    for case in read(&suite).unwrap() {
        report.add(run(&case));
    }
    let found: BTreeMap<&str, &str> = report
        .lines()
        .iter()
        .filter_map(|line| match &line.outcome {
            Outcome::Refused(reason) => Some((line.note.as_str(), reason.as_str())),
            _ => None,
        })
        .collect();
    let unlisted: Vec<_> = found.iter().filter(|(note, _)| !listed.contains_key(**note)).collect();
    let stale: Vec<_> = listed.keys().filter(|note| !found.contains_key(note.as_str())).collect();
    assert!(report.counts()[1] == 0, "{report}");
    assert!(unlisted.is_empty(), "refused, and not in corpus/rego/opa-refused.tsv: {unlisted:#?}");
    assert!(stale.is_empty(), "in corpus/rego/opa-refused.tsv, and not refused: {stale:#?}");
}
