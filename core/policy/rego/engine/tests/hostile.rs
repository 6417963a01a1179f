//! Rules and documents that somebody made to hurt: each gets a clear error or an answer, within its limits, on a
//! stack of 2 MiB and without optimisation.

#[path = "hostile/compiled.rs"]
mod compiled;
#[path = "hostile/cost.rs"]
mod cost;
#[path = "hostile/depth.rs"]
mod depth;
#[path = "hostile/text.rs"]
mod text;

use tollgate_rego::{Bindings, Failure, File, Limits, Problem, Program, Settings, compile};
use tollgate_vocabulary::Value;

/// Runs on a stack of 2 MiB, which is what a thread has unless somebody asks for more.
fn contained(test: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(2 << 20).spawn(test).unwrap().join().unwrap();
}

fn file(text: &str) -> File {
    File { path: "a.rego".into(), text: text.into(), dialect: None }
}

fn compiled(text: &str, query: &str) -> Result<Program, Vec<Problem>> {
    compile(&[file(text)], document("{}"), &[query])
}

/// The first thing that is wrong with rules.
fn refused(text: &str) -> String {
    compiled(text, "data").unwrap_err().remove(0).message
}

fn document(text: &str) -> Value {
    let limits = tollgate_manifest::Limits { depth: 256, ..Default::default() };
    tollgate_manifest::json::read(text.as_bytes(), &limits).unwrap()
}

fn settings() -> Settings {
    Settings { limits: Limits { steps: 800_000, memory: 64 << 20 }, ..Settings::default() }
}

fn run(text: &str, query: &str) -> Result<Vec<Bindings>, Failure> {
    compiled(text, query).unwrap().run(0, Some(&document("{\"a\": {\"b\": [1, 2]}}")), &settings())
}

/// What `x` is in the only solution of `x = data.a.p`.
fn value(text: &str) -> Result<Option<Value>, Failure> {
    let found = run(&format!("package a\n{text}"), "x = data.a.p")?;
    Ok(found.into_iter().next().and_then(|mut bound| bound.remove("x")))
}

/// The failure of `x = data.a.p`.
fn failure(text: &str) -> Failure {
    value(text).unwrap_err()
}
