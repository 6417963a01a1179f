//! How long estimating takes, on one thread: every object of a folder of manifests, with what lies around it.
//!
//! `cargo run --release -p tollgate-estimate --example estimates -- FOLDER PRICES NODES [ROUNDS]`
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "a measurement reads files and the clock"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use tollgate_estimate::{Estimator, GpuFractions, NodePools, World};
use tollgate_manifest::{Limits, Mask, read, read_values};
use tollgate_price::{PriceBook, read_csv};
use tollgate_vocabulary::{Digest, Timestamp, Value};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, prices, nodes, rounds @ ..] = words.as_slice() else {
        eprintln!("usage: speed FOLDER PRICES NODES [ROUNDS]");
        std::process::exit(2);
    };
    let rounds = rounds.first().map_or(5, |rounds| rounds.parse().expect("a number of rounds"));
    let objects = objects(Path::new(folder));
    let bytes = std::fs::read(prices).expect("a price book");
    let rows = read_csv(&prices.as_str().into(), &bytes).expect("rows of prices");
    let book = PriceBook::new(rows, Digest::of(&bytes)).expect("a price book");
    let nodes = read_values(&std::fs::read(nodes).expect("node pools"), &Limits::default());
    let pools = NodePools::read(&nodes.expect("YAML")[0]).expect("node pools");
    let fractions = GpuFractions::default();
    let at: Timestamp = "2026-11-01T00:00:00Z".parse().expect("a time");
    let estimator = Estimator::new(&book, &pools, &fractions, at);

    let mut times: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    let mut fastest = [Duration::MAX; 2];
    for _ in 0..rounds {
        let started = Instant::now();
        let world = World::of(objects.iter());
        let indexed = started.elapsed();
        for object in &objects {
            let started = Instant::now();
            let estimate = estimator.estimate(object, &world.around(object)).expect("an estimate");
            let time = started.elapsed();
            std::hint::black_box(&estimate);
            if estimate.is_some() {
                let kind = object.get("kind").and_then(Value::as_str).unwrap_or_default();
                times.entry(kind).or_default().push(time);
            }
        }
        fastest = [fastest[0].min(indexed), fastest[1].min(started.elapsed())];
    }
    let count = objects.len();
    println!(
        "{count} objects, one thread, best of {rounds} rounds: indexed in {:?}, indexed and estimated in {:?}: \
         {:.0} a second",
        fastest[0],
        fastest[1],
        count as f64 / fastest[1].as_secs_f64()
    );
    for (kind, times) in &mut times {
        times.sort_unstable();
        let at = |share: usize| times[(times.len() * share).div_ceil(100).saturating_sub(1)];
        println!(
            "  {kind:<24} {:>6} p50 {:?}, p99 {:?}, max {:?}",
            times.len() / rounds,
            at(50),
            at(99),
            at(100)
        );
    }
}

/// All objects of a folder's files, as kubectl reads them.
fn objects(folder: &Path) -> Vec<Value> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("a folder of manifests")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let of_file = |path: &std::path::PathBuf| {
        let bytes = std::fs::read(path).expect("a readable file");
        let reading = read(&bytes, &Mask::new([0; 32]), &Limits::default());
        let reading = reading.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        reading.objects.into_iter().map(|written| Value::clone(&written.object.value)).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_file).collect()
}
