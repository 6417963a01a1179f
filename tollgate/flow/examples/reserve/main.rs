//! How long reservations take, whether racing ones ever pass a limit, and what they take of memory.
//!
//! ```text
//! reserve rate DATA CLIENTS REQUESTS     each client sends its next request when the last is answered
//! reserve race DATA CLIENTS REQUESTS     on budgets that are nearly full, while a cluster shows and deletes objects
//! reserve fill DATA COUNT                leaves so many reservations of objects that exist
//! reserve open DATA                      opens the gate on them: time, and memory before and after
//! ```
//! `cargo run --release -p tollgate-flow --example reserve -- rate /tmp/reserve 64 20000`
//!
//! Requests are the bytes of an AdmissionReview (`corpus/cost/review.json`), and what is timed is `Gate::admit`: decoding,
//! judging, the writer's queue, settling, SQLite with its fsync, and the receipt. Only TLS and HTTP are not in it. Every
//! request is covered by three budgets. DATA is made anew, but for `open`.

mod clients;
mod estate;
mod fill;
mod race;
mod rate;
mod request;
mod trail;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

type Done<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("reserve: {}", tollgate_flow::chain(&*error));
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Done {
    match words {
        ["rate", data, clients, requests] => rate::run(Path::new(data), clients.parse()?, requests.parse()?),
        ["race", data, clients, requests] => race::run(Path::new(data), clients.parse()?, requests.parse()?),
        ["fill", data, count] => fill::run(Path::new(data), count.parse()?),
        ["open", data] => fill::open(Path::new(data)),
        _ => Err("usage: reserve rate|race DATA CLIENTS REQUESTS | fill DATA COUNT | open DATA".into()),
    }
}
