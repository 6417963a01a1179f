//! Everything that must hold before a change goes in, in the order of what fails fastest.
//!
//! clippy and doc read the same checked dependencies, test builds them once more; all in the dev profile. That doc is
//! asked for examples too is what makes cargo give it the features of the tests: without, it would check tokio, kube and
//! their kin a second time.

use std::time::{Duration, Instant};

use crate::step::{self, Done, Failure};
use crate::{check, docs, test};

type Step = (&'static str, fn() -> Done);

const STEPS: &[Step] = &[
    ("format", format),
    ("check", check::run),
    ("clippy", clippy),
    ("doc", doc),
    ("test", whole_test),
    ("reference", reference),
];

/// Runs the steps one after another and stops at the first that fails.
pub(crate) fn run() -> Done {
    let mut times: Vec<(&str, Duration)> = Vec::new();
    for (name, step) in STEPS {
        eprintln!("==> ci: {name}");
        let started = Instant::now();
        let done = step();
        let time = started.elapsed();
        times.push((name, time));
        if let Err(failure) = done {
            summary(&times);
            return Err(Failure::new(format!(
                "ci: `{name}` FAILED after {}: {failure}",
                step::seconds(time)
            )));
        }
        eprintln!("==> ci: {name} passed in {}", step::seconds(time));
    }
    summary(&times);
    println!(
        "ci: all {} steps passed in {}",
        times.len(),
        step::seconds(times.iter().map(|(_, time)| *time).sum())
    );
    Ok(())
}

fn summary(times: &[(&str, Duration)]) {
    for (name, time) in times {
        println!("ci: {name:<10} {:>8}", step::seconds(*time));
    }
}

fn format() -> Done {
    step::run(step::cargo().args(["fmt", "--all", "--check"]))
}

fn clippy() -> Done {
    step::run(step::cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ]))
}

fn doc() -> Done {
    let mut command = step::cargo();
    command.args(["doc", "--workspace", "--no-deps", "--locked", "--lib", "--bins", "--examples"]);
    step::run(command.env("RUSTDOCFLAGS", "-D warnings"))
}

fn whole_test() -> Done {
    test::run(test::Extent::Whole)
}

/// The tests have just built the program, with their own features: it is not built once more.
fn reference() -> Done {
    docs::run(&["--check", "--built"])
}
