//! What many rules cost: 1,000 of which 10 are about the object's kind, against those 10 alone; and how long 500 policies
//! take to load, and how much memory they keep.
//!
//! `cargo run --release -p tollgate-policy --example scale [rounds]`
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "a measurement reads files and the clock"
)]

use std::time::Instant;

use tollgate_manifest::{Limits, json};
use tollgate_policy::{NamespaceFact, Options, PolicySet, RuleFile, Subject, Surface, compile};
use tollgate_vocabulary::{Timestamp, Value};

fn main() {
    let rounds = std::env::args().nth(1).and_then(|rounds| rounds.parse().ok()).unwrap_or(5_000);
    let review = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../corpus/policy/realistic/review.json");
    let review =
        json::read(&std::fs::read(review).expect("the corpus"), &Limits::default()).expect("a JSON text");
    let request = review.get("request").expect("a review has a request");
    let files = policies(50);
    let before = resident();
    let start = Instant::now();
    let loaded = set(&files);
    let load = start.elapsed();
    println!(
        "load of {} policies in {} files: {:.1} ms, {:.1} MiB kept",
        loaded.rules().len(),
        files.len(),
        load.as_secs_f64() * 1e3,
        resident() - before
    );

    let ten = set(&policies(1));
    let thousand = set(&policies(100));
    let (alone, among) = (median(&ten, request, rounds), median(&thousand, request, rounds));
    println!(
        "10 matching rules alone: p50 {alone:.1} us; among {}: p50 {among:.1} us ({:.2}x)",
        thousand.rules().len(),
        among / alone
    );
}

/// So many kinds, ten rules for each; the first kind is that of the review.
fn policies(kinds: usize) -> Vec<RuleFile> {
    let mut files = Vec::new();
    for kind in 0..kinds {
        let name = if kind == 0 { "Deployment".to_owned() } else { format!("Kind{kind}") };
        for rule in 0..10 {
            let text = format!(
                "package scale\n\nimport rego.v1\n\n# METADATA\n# custom:\n#   id: rule-{kind}-{rule}\ndeny contains msg if {{\n\t\
                 input.request.object.kind == \"{name}\"\n\tsome container in input.request.object.spec.template.spec.containers\n\t\
                 startswith(container.image, \"forbidden-{rule}.example/\")\n\tmsg := sprintf(\"container `%s`\", [container.name])\n}}\n"
            );
            let path = format!("{kind}-{rule}.rego");
            files.push(RuleFile { root: "".into(), path: path.into(), bytes: text.into_bytes().into() });
        }
    }
    files
}

fn set(files: &[RuleFile]) -> PolicySet {
    compile(files, &Options::default()).expect("rules that compile")
}

/// The middle of so many judgements, in microseconds.
fn median(set: &PolicySet, request: &Value, rounds: usize) -> f64 {
    let surface = Surface::Admission;
    let subject = Subject { request, at: Timestamp::UNIX_EPOCH, namespace: NamespaceFact::Absent, surface };
    let mut times: Vec<_> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(set.judge(&subject));
            start.elapsed()
        })
        .collect();
    times.sort();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1e6)
}

/// The memory of this process, in MiB.
fn resident() -> f64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: f64 = statm.split_whitespace().nth(1).and_then(|pages| pages.parse().ok()).unwrap_or_default();
    pages * 4096.0 / f64::from(1 << 20)
}
