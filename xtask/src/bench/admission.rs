//! Reviews over TLS: `tollgate up`, which records every decision durably, and `opa run --server`, which records none.

pub(super) mod server;

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::workspace::{Bench, failed};
use super::{heading, number, row};
use crate::step::{self, Done};
use server::Server;

/// (clients, requests): enough at each for a p99, and 10,000 and more in all for the figure of memory.
const RUNS: &[(usize, usize)] = &[(1, 2_000), (64, 10_000)];

pub(crate) fn run(bench: &Bench) -> Done {
    let folder = bench.folder.join("admission");
    let estate = folder.join("estate");
    fs::create_dir_all(&estate).map_err(failed(&estate))?;
    let settings = estate.join("tollgate.toml");
    fs::write(&settings, "[estate]\nname = \"bench\"\nrules = [\"policy\"]\n").map_err(failed(&settings))?;
    fs::rename(&bench.review_rules, estate.join("policy")).map_err(failed(&bench.review_rules))?;
    let measured = side_by_side(bench);
    fs::rename(estate.join("policy"), &bench.review_rules).map_err(failed(&bench.review_rules))?;
    measured
}

fn side_by_side(bench: &Bench) -> Done {
    let folder = bench.folder.join("admission");
    let floor = disk(bench, &folder)?;
    let mut up = step::program(&bench.tollgate);
    up.arg("up")
        .arg(folder.join("estate"))
        .arg("--data")
        .arg(folder.join("data"))
        .args(["--listen", "127.0.0.1:0"]);
    let ours = measure(bench, Server::tollgate(up)?)?;

    let certificate = bench.load(&["certificate", &folder.to_string_lossy()])?;
    let port = server::free_port()?;
    let mut opa = step::program(bench.peers.join("opa"));
    opa.args(["run", "--server", "--skip-version-check", "--log-level", "error"]);
    opa.args(["--addr", &format!("127.0.0.1:{port}")]);
    opa.args(["--tls-cert-file", certificate["certificate"].as_str().unwrap_or_default()]);
    opa.args(["--tls-private-key-file", certificate["key"].as_str().unwrap_or_default()]);
    opa.arg(folder.join("estate/policy"));
    let path = format!("https://127.0.0.1:{port}/v0/data/{}/deny", bench.package.replace('.', "/"));
    let theirs = measure(bench, Server::opa(opa, port, path)?)?;

    println!("{floor}");
    heading("opa, no record");
    for ((ours, theirs), (clients, _)) in ours.runs.iter().zip(&theirs.runs).zip(RUNS) {
        let rates = (number(ours, &["per_second"])?, number(theirs, &["per_second"])?);
        row(&format!("{clients} clients, requests/s"), rates.0, rates.1, rates.0 / rates.1);
        for share in ["p50", "p99"] {
            let key = format!("{share}_us");
            let times = (number(ours, &["latency", &key])?, number(theirs, &["latency", &key])?);
            row(&format!("{clients} clients, {share}, us"), times.0, times.1, times.1 / times.0);
        }
        println!(
            "    ours: {} allowed, {} refused, {} errors; opa: {} errors",
            ours["allowed"], ours["refused"], ours["errors"], theirs["errors"]
        );
    }
    row("memory idle, MiB", ours.idle, theirs.idle, theirs.idle / ours.idle);
    row("memory afterwards, MiB", ours.after, theirs.after, theirs.after / ours.after);
    Ok(())
}

/// How long this disk takes to make a page durable: the floor under every recorded decision.
pub(super) fn disk(bench: &Bench, folder: &Path) -> Done<String> {
    let disk = bench.load(&["disk", &folder.to_string_lossy(), "--writes", "1000"])?;
    let [p50, p99] = ["p50_us", "p99_us"].map(|share| number(&disk, &["latency", share]));
    Ok(format!("fdatasync of 4 kB on this disk: p50 {:.0} us, p99 {:.0} us", p50?, p99?))
}

struct Measured {
    runs: Vec<Value>,
    idle: f64,
    after: f64,
}

fn measure(bench: &Bench, server: Server) -> Done<Measured> {
    let idle = server.memory()?;
    let body = bench.review.to_string_lossy();
    let mut runs = Vec::new();
    for (clients, requests) in RUNS {
        let (clients, requests) = (clients.to_string(), requests.to_string());
        let words = ["http", &server.url, "--body", &body, "--clients", &clients, "--requests", &requests];
        println!("$ load {}", words.join(" "));
        runs.push(bench.load(&words)?);
    }
    Ok(Measured { runs, idle, after: server.memory()? })
}
