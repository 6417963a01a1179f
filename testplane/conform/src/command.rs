//! The commands; each says whether all is well.

use std::path::{Path, PathBuf};

use tollgate_conform::differential::{self, Listed, Oracle};
use tollgate_conform::report::Report;
use tollgate_conform::{gatekeeper, opa};

use crate::USAGE;

/// Runs a suite in a folder: OPA's, or Gatekeeper's.
pub(crate) fn suite(name: &str, words: &[&str]) -> Result<bool, String> {
    let (mut folder, mut filter, mut verbose) = (None, "", false);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "-v" => verbose = true,
            "--filter" => filter = words.next().ok_or(USAGE)?,
            word if word.starts_with('-') || folder.is_some() => return Err(USAGE.to_owned()),
            word => folder = Some(PathBuf::from(word)),
        }
    }
    let folder = folder.ok_or(USAGE)?;
    let mut report = Report::new(verbose);
    if name == "gatekeeper" {
        for suite in gatekeeper::read(&folder).map_err(|error| error.to_string())? {
            let lines = gatekeeper::run(&folder, &suite);
            lines.into_iter().filter(|line| line.note.contains(filter)).for_each(|line| report.add(line));
        }
    } else {
        for case in opa::read(&folder).map_err(|error| error.to_string())? {
            if case.note.contains(filter) || case.folder.contains(filter) {
                report.add(opa::run(&case));
            }
        }
    }
    println!("{report}");
    Ok(report.counts()[1] == 0)
}

/// Compares generated policies with OPA.
pub(crate) fn differential(pairs: u64, seed: u64) -> Result<bool, String> {
    let listed = listed()?;
    let tally = differential::run(pairs, seed, &listed).map_err(|error| error.to_string())?;
    println!("{tally}");
    Ok(tally.unknown() == 0)
}

/// Prints the policy of one seed, and what both make of it.
pub(crate) fn policy(seed: u64) -> Result<bool, String> {
    let written = differential::policy(seed);
    println!("{written}");
    println!("ours {:?}", differential::ours(&written));
    let mut oracle = Oracle::start().map_err(|error| error.to_string())?;
    println!("opa  {:?}", oracle.ask(&written).map_err(|error| error.to_string())?);
    Ok(true)
}

fn listed() -> Result<Listed, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/rego/differences.tsv");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("`{}`: {error}", path.display()))?;
    Listed::read(&text).map_err(|error| format!("`{}`: {error}", path.display()))
}
