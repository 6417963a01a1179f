//! How far our Rego is OPA's: suites of any folder, and generated policies beside OPA itself.
//!
//! ```text
//! conform SUITE DIR    -> testplane/conform, dev profile, as in the tests
//! bench differential N -> testplane/build.sh oracle, testplane/conform, release
//! ```

use std::path::PathBuf;

use crate::step::{self, Done, Failure};

/// Runs the suite in a folder; its last line is `N passed, N failed, N refused`.
pub(crate) fn run(suite: &str, folder: &str, flags: &[&str]) -> Done {
    // The suite's reader runs in the repository's root, wherever we were called.
    let folder = PathBuf::from(folder)
        .canonicalize()
        .map_err(|error| Failure::usage(format!("conform: `{folder}`: {error}")))?;
    let mut command = step::cargo();
    command
        .args(["run", "--quiet", "--locked", "-p", "tollgate-conform", "--", suite])
        .arg(folder)
        .args(flags);
    step::run(&mut command)
}

/// Compares generated policies with OPA.
pub(crate) fn differential(pairs: &str) -> Done {
    if pairs.parse::<u64>().is_err() {
        return Err(Failure::usage(format!("bench differential: `{pairs}` is not a number of pairs")));
    }
    let oracle = step::output(step::program("testplane/build.sh").arg("oracle"))?;
    let mut command = step::cargo();
    command.args(["run", "--release", "--locked", "-p", "tollgate-conform", "--", "differential", pairs]);
    command.env("TOLLGATE_ORACLE_BIN", oracle.trim());
    println!("$ {}", step::line(&command));
    step::run(&mut command)
}
