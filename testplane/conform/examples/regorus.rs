//! regorus, the other Rego engine in Rust, on the same rules and review as ours: its time, and what it denies.
//!
//! `cargo run --release -p tollgate-conform --example regorus -- RULES REVIEW.json QUERY [ROUNDS]`
//!
//! Its interpreter, never its bytecode machine, which takes undefined for true. It is a peer here and nothing else.

use std::path::Path;
use std::time::Instant;

use regorus::{Engine, Value};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [rules, review, query, rest @ ..] = arguments.as_slice() else {
        return Err("RULES REVIEW.json QUERY [ROUNDS]".into());
    };
    let rounds = rest.first().map_or(Ok(1_000), |rounds| rounds.parse())?;
    let mut engine = Engine::new();
    for entry in std::fs::read_dir(Path::new(rules))? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if name.ends_with(".rego") {
            engine.add_policy(name, std::fs::read_to_string(&path)?)?;
        } else if name == "data.json" {
            engine.add_data(Value::from_json_str(&std::fs::read_to_string(&path)?)?)?;
        }
    }
    let input = Value::from_json_str(&std::fs::read_to_string(review)?)?;
    let mut times = Vec::new();
    let mut denied = 0;
    // Once before, so that what it prepares on first use is not counted.
    engine.set_input(input.clone());
    engine.eval_rule(query.clone())?;
    for _ in 0..rounds {
        engine.set_input(input.clone());
        let start = Instant::now();
        let answer = engine.eval_rule(query.clone())?;
        times.push(start.elapsed());
        denied = answer.as_set().map_or(0, |set| set.len());
    }
    times.sort();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    println!("regorus: {denied} denied, p50 {:?}, p99 {:?}, min {:?}", at(50), at(99), at(0));
    Ok(())
}
