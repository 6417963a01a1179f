//! `tollgate cost` on ten thousand files, and the estimator alone on what they hold.

use super::{estate, manifest};
use crate::bench::number;
use crate::bench::workspace::Bench;
use crate::step::{self, Done};

/// The first run warms the page cache; the median of the others counts.
const RUNS: usize = 6;

pub(super) fn run(bench: &Bench) -> Done {
    let folder = bench.folder.join("cost/manifests");
    manifest::write(&folder)?;
    let (prices, nodes) = (estate().join("prices.csv"), estate().join("nodes.yaml"));
    let mut command = step::program(&bench.tollgate);
    command.args(["cost", "-o", "json", "--prices"]).arg(&prices).arg("--nodes").arg(&nodes).arg(&folder);
    println!("$ {}", step::line(&command));
    let figures = (0..RUNS).map(|_| bench.child(&command, &[0])).collect::<Done<Vec<_>>>()?;
    let median = |key: &str| -> Done<f64> {
        let mut values = figures[1..].iter().map(|one| number(one, &[key])).collect::<Done<Vec<f64>>>()?;
        values.sort_by(f64::total_cmp);
        Ok(values[values.len() / 2])
    };
    let (wall, cpu, peak) = (median("wall_us")?, median("cpu_us")?, median("peak_kib")?);
    println!(
        "{} manifests, median of {} runs after one to warm up: wall {:.0} ms, CPU {:.0} ms, peak memory {:.1} MiB; \
         {:.0} manifests a second, {:.0} a second of CPU",
        manifest::COUNT,
        RUNS - 1,
        wall / 1e3,
        cpu / 1e3,
        peak / 1024.0,
        manifest::COUNT as f64 / wall * 1e6,
        manifest::COUNT as f64 / cpu * 1e6
    );
    let mut alone = step::cargo();
    alone.args([
        "run",
        "--release",
        "--quiet",
        "--locked",
        "-p",
        "tollgate-estimate",
        "--example",
        "estimates",
        "--",
    ]);
    alone.arg(&folder).arg(&prices).arg(&nodes);
    println!("$ {}", step::line(&alone));
    step::run(&mut alone)
}
