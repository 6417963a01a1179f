//! Checks, tests and benches of this repository, as `cargo xtask`.
//!
//! ```text
//! .ci/run -> ci -> format, check, clippy, doc, test, reference
//!                          test -> testplane/build.sh, cargo test
//!            bench -> testplane/build.sh peers, testplane/load, release builds
//!          conform -> testplane/conform, suites of other engines
//! ```
//! Compiled in every run, so it stands on the standard library and serde_json alone; what needs more lives in
//! `testplane/load` and `testplane/conform`. Nothing here reads standard input.

mod bench;
mod check;
mod ci;
mod conform;
mod docs;
mod metadata;
mod step;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  check                     arrows, orphan files, sizes, lints, words; builds nothing
  test [--quick]            builds what the tests need, then runs all of them; --quick leaves the API server out
  ci                        format, check, clippy, doc, test, reference; stops at the first failure
  docs [--check] [--built]  writes docs/reference/cli.md from the program, or says whether it is in step;
                            --built takes the program as it stands in the target directory
  bench [SECTION]...        decision, check, admission, cost, size: side by side with opa and conftest
  bench differential [N]    N pairs (100000) of generated policy and input, answered by our Rego and by OPA
  conform opa|gatekeeper DIR [--filter TEXT] [-v]
                            runs OPA's suite, or those of `gator verify`, from a folder; ends with `N passed, N failed, N refused`
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["check"] => check::run(),
        ["test"] => test::run(test::Extent::Whole),
        ["test", "--quick"] => test::run(test::Extent::Quick),
        ["ci"] => ci::run(),
        ["docs", flags @ ..] => docs::run(flags),
        ["bench", "differential"] => conform::differential("100000"),
        ["bench", "differential", pairs] => conform::differential(pairs),
        ["conform", suite @ ("opa" | "gatekeeper"), folder, flags @ ..] => conform::run(suite, folder, flags),
        ["bench", sections @ ..] => bench::run(sections),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        [] => Err(step::Failure::usage(USAGE)),
        [unknown, ..] => Err(step::Failure::usage(format!("unknown command or flag `{unknown}`\n\n{USAGE}"))),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            failure.code()
        }
    }
}
