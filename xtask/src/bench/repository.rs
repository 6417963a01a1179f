//! A repository in CI: `tollgate check` and `conftest test` over the same thousand manifests and rules.

use super::workspace::Bench;
use super::{heading, manifests, number, row};
use crate::step::{self, Done};

/// The first run of each warms the page cache; the median of the others counts.
const RUNS: usize = 6;

pub(crate) fn run(bench: &Bench) -> Done {
    let folder = bench.folder.join("manifests");
    manifests::write(&folder)?;
    let mut ours = step::program(&bench.tollgate);
    ours.arg("check").arg("-p").arg(&bench.object_rules).args(["-o", "json"]).arg(&folder);
    let mut theirs = step::program(bench.peers.join("conftest"));
    theirs
        .args(["test", "--no-fail", "--all-namespaces", "--output", "json", "--policy"])
        .arg(&bench.object_rules);
    theirs.arg("--data").arg(&bench.object_rules).arg(&folder);
    println!("$ {}\n$ {}", step::line(&ours), step::line(&theirs));
    let (mut tollgate, mut conftest) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        tollgate.push(bench.child(&ours, &[0, 1])?);
        conftest.push(bench.child(&theirs, &[0])?);
    }
    println!("{} manifests, median of {} runs after one to warm up", manifests::COUNT, RUNS - 1);
    heading("conftest");
    for (what, key, unit) in
        [("wall, ms", "wall_us", 1e3), ("CPU, ms", "cpu_us", 1e3), ("peak memory, MiB", "peak_kib", 1024.0)]
    {
        let median = |figures: &[serde_json::Value]| -> Done<f64> {
            let mut values =
                figures[1..].iter().map(|one| number(one, &[key])).collect::<Done<Vec<f64>>>()?;
            values.sort_by(f64::total_cmp);
            Ok(values[values.len() / 2] / unit)
        };
        let (ours, theirs) = (median(&tollgate)?, median(&conftest)?);
        row(what, ours, theirs, theirs / ours);
    }
    Ok(())
}
