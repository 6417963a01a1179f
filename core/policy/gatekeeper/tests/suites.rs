//! Every suite of the Gatekeeper library runs as `gator verify` runs it, and each violation stands where it belongs.

mod data;

use std::collections::BTreeMap;
use std::fmt::Write;

use tollgate_gatekeeper::suite::{CaseResult, Files, Outcome, Suite, SuiteResult, run};
use tollgate_gatekeeper::{Document, Settings};
use tollgate_manifest::{Limits, Mask};

const FOLDER: &str = "gatekeeper-library/library";

/// All suites, in the order of their folders.
fn results() -> Option<Vec<SuiteResult>> {
    let files: BTreeMap<String, Vec<u8>> = data::files(FOLDER)?.into_iter().collect();
    let (mask, limits) = (Mask::new([7; 32]), Limits::default());
    let mut read = |path: &str| files.get(path).cloned().ok_or_else(|| "no such file".to_owned());
    let mut reading = Files { read: &mut read, mask: &mask, limits: &limits };
    let suites = files.iter().filter(|(name, _)| name.ends_with("/suite.yaml")).map(|(name, bytes)| {
        let document = &Document::read(name, bytes, &mask, &limits).unwrap()[0];
        run(&Suite::read(document).unwrap(), &mut reading, &Settings::default())
    });
    Some(suites.collect())
}

#[test]
fn every_case_of_the_library_passes() {
    let Some(results) = results() else { return };
    let (mut passed, mut others) = (0, Vec::new());
    for suite in &results {
        for (test, case) in
            suite.tests.iter().flat_map(|test| test.cases.iter().map(move |case| (test, case)))
        {
            match &case.outcome {
                Outcome::Passed => passed += 1,
                outcome => others.push(format!("{} {} {}: {outcome:?}", suite.file, test.name, case.name)),
            }
        }
    }
    assert_eq!((passed, others), (143, Vec::new()));
}

/// Checked by hand once: each line is the one that a person would point at.
#[test]
fn every_violation_says_what_gatekeeper_says_at_the_line_that_caused_it() {
    let Some(results) = results() else { return };
    let mut report = String::new();
    for suite in &results {
        for test in &suite.tests {
            for case in test.cases.iter().filter(|case| !case.violations.is_empty()) {
                writeln!(report, "{} {} {}", suite.file, test.name, case.name).unwrap();
                write_violations(&mut report, case);
            }
        }
    }
    insta::assert_snapshot!(report);
}

fn write_violations(report: &mut String, case: &CaseResult) {
    for (violation, place) in &case.violations {
        let line = place.as_ref().map_or("-".to_owned(), |place| format!("{}:{}", place.line, place.column));
        let path = violation.path.as_ref().map(ToString::to_string).unwrap_or_default();
        writeln!(report, "  {line} {path} | {}", violation.message).unwrap();
    }
}
