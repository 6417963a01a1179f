//! What budgets add to an admission: the same reviews over TLS, each for a Deployment of another name, on an estate
//! with three budgets that cover it, and on the same estate without.

use std::fs;

use serde_json::Value;

use super::{ESTATE, REVIEW, estate};
use crate::bench::admission::server::Server;
use crate::bench::number;
use crate::bench::workspace::{Bench, failed};
use crate::step::{self, Done, Failure};

/// Both are asked in turn, so often.
const ROUNDS: usize = 5;
/// (clients, requests) of a round.
const RUNS: [(usize, usize); 2] = [(1, 1000), (64, 10_000)];

pub(super) fn run(bench: &Bench) -> Done {
    let without = bench.folder.join("cost/without");
    for part in ["policy/image.rego", "namespaces/shop.yaml"] {
        let to = without.join(part);
        let into = to.parent().unwrap_or(&without);
        fs::create_dir_all(into).map_err(failed(into))?;
        fs::copy(estate().join(part), &to).map_err(failed(&to))?;
    }
    let settings = without.join("tollgate.toml");
    fs::write(&settings, "[estate]\nname = \"bench\"\nrules = [\"policy\"]\n").map_err(failed(&settings))?;
    let up = |estate: &std::path::Path, data: &str| {
        let mut up = step::program(&bench.tollgate);
        up.arg("up").arg(estate).arg("--data").arg(bench.folder.join("cost").join(data));
        up.args(["--listen", "127.0.0.1:0", "--status", "127.0.0.1:0"]);
        Server::tollgate(up)
    };
    let servers = [up(ESTATE.as_ref(), "data-with")?, up(&without, "data-without")?];
    println!("{:<28}{:>14}{:>14}{:>12}", "", "with budgets", "without", "ratio");
    for (clients, requests) in RUNS {
        let mut figures: [Vec<Value>; 2] = [Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            for (server, figures) in servers.iter().zip(&mut figures) {
                figures.push(ask(bench, server, clients, requests)?);
            }
        }
        for (what, path, unit) in [
            ("requests/s", ["per_second"].as_slice(), 1.0),
            ("p50, ms", &["latency", "p50_us"], 1e3),
            ("p99, ms", &["latency", "p99_us"], 1e3),
        ] {
            let [with, without] = [&figures[0], &figures[1]].map(|figures| median(figures, path));
            let (with, without) = (with? / unit, without? / unit);
            println!(
                "{:<28}{with:>14.2}{without:>14.2}{:>11.2}x",
                format!("{clients} clients, {what}"),
                with / without
            );
        }
    }
    for (server, what) in servers.iter().zip(["with budgets", "without"]) {
        println!("{what}: memory {:.1} MiB afterwards", server.memory()?);
    }
    Ok(())
}

fn ask(bench: &Bench, server: &Server, clients: usize, requests: usize) -> Done<Value> {
    let (clients, requests) = (clients.to_string(), requests.to_string());
    let words = ["http", &server.url, "--distinct", REVIEW, "--clients", &clients, "--requests", &requests];
    println!("$ load {}", words.join(" "));
    let figures = bench.load(&words)?;
    if figures["allowed"] == figures["requests"] {
        Ok(figures)
    } else {
        Err(Failure::new(format!("not all were allowed: {figures}")))
    }
}

fn median(figures: &[Value], path: &[&str]) -> Done<f64> {
    let mut values = figures.iter().map(|one| number(one, path)).collect::<Done<Vec<f64>>>()?;
    values.sort_by(f64::total_cmp);
    Ok(values[values.len() / 2])
}
