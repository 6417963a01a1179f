//! Suites and comparisons of our Rego, run by `cargo xtask`.
//!
//! ```text
//! conform opa DIR [--filter TEXT] [-v]   OPA's suite; ends with `N passed, N failed, N refused`
//! conform gatekeeper DIR ..              the suites that `gator verify` runs; ends likewise
//! conform differential [N] [SEED]        N pairs of generated policy and input, beside OPA itself
//! conform survey [N]                     what OPA makes of the generated policies of N seeds
//! conform policy SEED                    prints the policy of one seed, and what both make of it
//! ```

mod command;
mod survey;

use std::process::ExitCode;

const USAGE: &str = "\
usage: conform opa DIR [--filter TEXT] [-v]
       conform gatekeeper DIR [--filter TEXT] [-v]
       conform differential [PAIRS] [SEED]
       conform survey [POLICIES]
       conform policy SEED";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |word: &str| word.parse::<u64>().map_err(|_| format!("`{word}` is no number\n{USAGE}"));
    let done = match words.as_slice() {
        [suite @ ("opa" | "gatekeeper"), rest @ ..] => command::suite(suite, rest),
        ["differential"] => command::differential(100_000, 0),
        ["differential", pairs] => number(pairs).and_then(|pairs| command::differential(pairs, 0)),
        ["differential", pairs, seed] => {
            number(pairs).and_then(|pairs| command::differential(pairs, number(seed)?))
        }
        ["survey"] => survey::run(1_000).map_err(|error| error.to_string()).map(|()| true),
        ["survey", count] => number(count)
            .and_then(|count| survey::run(count).map_err(|error| error.to_string()).map(|()| true)),
        ["policy", seed] => number(seed).and_then(command::policy),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("conform: {error}");
            ExitCode::from(2)
        }
    }
}
