//! Figures beside those of opa and conftest, on the same rules and inputs, in one run on one machine.
//!
//! ```text
//! corpus/policy/realistic{,-object} -> target/bench/ ─┬─> tollgate, release
//!                                                     └─> opa, conftest (testplane/build.sh peers)
//! ```
//! Every command line is printed before its figures. Ratios are theirs divided by ours for times and memory, ours
//! divided by theirs for rates: over 1 is in Tollgate's favour.

mod admission;
mod cost;
mod decision;
mod manifests;
mod repository;
mod workspace;

use std::path::Path;
use std::time::Instant;

use serde_json::Value;

use crate::step::{self, Done, Failure};
use workspace::Bench;

type Section = (&'static str, fn(&Bench) -> Done);

const SECTIONS: &[Section] = &[
    ("decision", decision::run),
    ("check", repository::run),
    ("admission", admission::run),
    ("cost", cost::run),
    ("size", size),
];

/// Runs the sections named, or all.
pub(crate) fn run(wanted: &[&str]) -> Done {
    if let Some(unknown) = wanted.iter().find(|name| !SECTIONS.iter().any(|(known, _)| known == *name)) {
        return Err(Failure::usage(format!(
            "bench: unknown section `{unknown}`: decision, check, admission, cost, size"
        )));
    }
    let started = Instant::now();
    let bench = workspace::prepare()?;
    for (name, section) in SECTIONS {
        if wanted.is_empty() || wanted.contains(name) {
            println!("\n## {name}");
            section(&bench)?;
        }
    }
    println!("\nbench: done in {}", step::seconds(started.elapsed()));
    Ok(())
}

fn size(bench: &Bench) -> Done {
    let length = |path: &Path| {
        std::fs::metadata(path)
            .map(|file| file.len() as f64 / 1e6)
            .map_err(|error| Failure::new(format!("`{}`: {error}", path.display())))
    };
    println!("{:<28}{:>12}{:>12}{:>12}", "", "tollgate", "opa", "conftest");
    let peer = |name: &str| length(&bench.peers.join(name));
    println!(
        "{:<28}{:>12.1}{:>12.1}{:>12.1}",
        "binary, MB",
        length(&bench.tollgate)?,
        peer("opa")?,
        peer("conftest")?
    );
    Ok(())
}

/// One line of a table: ours, theirs, and how many times better ours is.
fn row(what: &str, ours: f64, theirs: f64, ratio: f64) {
    println!("{what:<28}{ours:>12.1}{theirs:>12.1}{ratio:>11.2}x");
}

fn heading(peer: &str) {
    println!("{:<28}{:>12}{:>12}{:>12}", "", "tollgate", peer, "ratio");
}

/// A number in printed JSON, by its path.
fn number(value: &Value, path: &[&str]) -> Done<f64> {
    let mut at = value;
    for key in path {
        at = &at[*key];
    }
    at.as_f64().ok_or_else(|| Failure::new(format!("no number at `{}` in {value}", path.join("."))))
}
