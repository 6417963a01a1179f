//! Suites and comparisons of our Rego, run by `cargo xtask`.
//!
//! ```text
//! conform survey [N]      what OPA makes of the generated policies of N seeds
//! conform policy SEED     prints the policy of one seed
//! ```

mod survey;

use std::process::ExitCode;

use tollgate_conform::differential::policy;

const USAGE: &str = "usage: conform survey [N] | policy SEED";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |word: &str| word.parse::<u64>().map_err(|_| format!("`{word}` is no number\n{USAGE}"));
    let done = match words.as_slice() {
        ["survey"] => survey::run(1_000).map_err(|error| error.to_string()),
        ["survey", count] => {
            number(count).and_then(|count| survey::run(count).map_err(|error| error.to_string()))
        }
        ["policy", seed] => number(seed).map(|seed| print!("{}", policy(seed))),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("conform: {error}");
            ExitCode::from(2)
        }
    }
}
