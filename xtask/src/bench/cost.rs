//! Money: what estimates take, what reservations take, whether racing ones ever pass a limit, and what budgets add to
//! an admission.
//!
//! ```text
//! manifest.rs ──10,000 files──> tollgate cost; the estimator alone (core/cost/estimate/examples/estimates.rs)
//! corpus/cost/{gate,review.json} ─┬─> tollgate/flow/examples/reserve: rate, race, fill
//!                                 └─> tollgate up, with its budgets and without
//! ```

mod admission;
mod estimate;
mod manifest;
mod memory;

use std::path::{Path, PathBuf};

use super::workspace::Bench;
use crate::step::{self, Done};

/// The estate with budgets; below `corpus/cost`, as is the review that asks for a Deployment.
const ESTATE: &str = "corpus/cost/gate";
const REVIEW: &str = "corpus/cost/review.json";

/// Requests of one client, and of 64.
const RATES: [(&str, &str); 2] = [("1", "2000"), ("64", "20000")];
/// Clients and requests that race for what is left.
const RACE: (&str, &str) = ("64", "1000000");

pub(crate) fn run(bench: &Bench) -> Done {
    println!("{}", load());
    estimate::run(bench)?;
    reservations(bench)?;
    println!("{}", load());
    admission::run(bench)?;
    memory::run(bench)?;
    println!("{}", load());
    race(bench)
}

fn reservations(bench: &Bench) -> Done {
    let data = folder(bench, "rate");
    println!("{}", super::admission::disk(bench, &bench.folder)?);
    for (clients, requests) in RATES {
        reserve(&["rate", &data, clients, requests])?;
    }
    Ok(())
}

fn race(bench: &Bench) -> Done {
    let data = folder(bench, "race");
    let raced = reserve(&["race", &data, RACE.0, RACE.1]);
    // A million entries take gigabytes.
    _ = std::fs::remove_dir_all(data);
    raced
}

/// Runs the example `reserve` of `tollgate-flow`, and shows what it prints.
fn reserve(arguments: &[&str]) -> Done {
    let mut command = step::cargo();
    command.args([
        "run",
        "--release",
        "--quiet",
        "--locked",
        "-p",
        "tollgate-flow",
        "--example",
        "reserve",
        "--",
    ]);
    command.args(arguments);
    println!("$ {}", step::line(&command));
    step::run(&mut command)
}

fn folder(bench: &Bench, name: &str) -> String {
    bench.folder.join("cost").join(name).display().to_string()
}

fn estate() -> PathBuf {
    step::root().join(ESTATE)
}

/// What else this machine does: figures of a busy one say little.
fn load() -> String {
    let average = std::fs::read_to_string(Path::new("/proc/loadavg")).unwrap_or_default();
    format!(
        "load of this machine (1, 5, 15 minutes): {}",
        average.split(' ').take(3).collect::<Vec<_>>().join(" ")
    )
}
