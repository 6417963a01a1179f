//! How long judging takes: 24 rules on a 20 kB UPDATE, in both input forms.
//!
//! `cargo run --release -p tollgate-policy --example speed [rounds [passing|denied]]`
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "a measurement reads files and the clock"
)]

use std::path::Path;
use std::time::Instant;

use tollgate_manifest::{Limits, json};
use tollgate_policy::{NamespaceFact, Options, RuleFile, Subject, Surface, compile};
use tollgate_vocabulary::{Timestamp, Value};

fn main() {
    let rounds = std::env::args().nth(1).and_then(|rounds| rounds.parse().ok()).unwrap_or(2_000);
    let corpus = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../corpus/policy"));
    let denied = std::fs::read_to_string(corpus.join("realistic/review.json"))
        .expect("corpus/policy/realistic/review.json");
    let mended = denied
        .replace("docker.io/library/worker:latest", "registry.apexlogic.com/shop/worker:1.0")
        .replace("METRICS_API_KEY", "METRICS_CHANNEL");
    let only = std::env::args().nth(2);
    for (which, text) in [("passing", &mended), ("denied", &denied)] {
        if only.as_deref().is_some_and(|only| only != which) {
            continue;
        }
        let review = json::read(text.as_bytes(), &Limits::default()).expect("a JSON text");
        let request = review.get("request").expect("a review has a request");
        for folder in ["realistic", "realistic-object"] {
            measure(which, &corpus.join(folder), request, rounds);
        }
    }
}

fn measure(which: &str, folder: &Path, request: &Value, rounds: usize) {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder of rules") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if name.ends_with(".rego") || name == "data.json" {
            let bytes = std::fs::read(&path).expect("a readable file").into();
            files.push(RuleFile { root: "".into(), path: name.into(), bytes });
        }
    }
    let start = Instant::now();
    let set = compile(&files, &Options::default()).expect("rules that compile");
    let load = start.elapsed();
    let subject = Subject {
        request,
        at: Timestamp::UNIX_EPOCH,
        namespace: NamespaceFact::Absent,
        surface: Surface::Admission,
    };
    let outcomes = set.judge(&subject).outcomes;
    let errors = outcomes.iter().filter(|outcome| outcome.error.is_some()).count();
    let violations: usize = outcomes.iter().map(|outcome| outcome.violations.len()).sum();
    assert_eq!(errors, 0, "no rule errs");
    let mut times: Vec<_> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(set.judge(&subject));
            start.elapsed()
        })
        .collect();
    times.sort();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    println!(
        "{} {which}: {} rules, {violations} violations, load {load:?}, judge p50 {:?}, p99 {:?}, min {:?}",
        folder.file_name().and_then(|name| name.to_str()).unwrap_or_default(),
        set.rules().len(),
        at(50),
        at(99),
        at(0),
    );
}
