//! Everything that the tests need, then all tests.
//!
//! ```text
//! testplane/build.sh -> TOLLGATE_TESTPLANE_BIN, _ORACLE_BIN, _PEERS_BIN ─┐
//! ../shared/data     -> TOLLGATE_TEST_DATA                              ─┴> cargo test --workspace -> closing line
//! ```
//! What is missing is said before the tests run and again after them. With `CI=true` it is an error instead, and so is
//! every test that prints `SKIPPED:`.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::step::{self, Done, Failure};

mod listen;

use listen::Listener;

/// How much is to be tested.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    Whole,
    /// All but what needs a real API server, or OPA as a library.
    Quick,
}

/// Sets up and runs the tests; the last line on standard output says what came of it.
pub(crate) fn run(extent: Extent) -> Done {
    let started = Instant::now();
    let ci = step::in_ci();
    if ci && extent == Extent::Quick {
        return Err(Failure::usage("`--quick` leaves tests out, which `CI=true` does not allow"));
    }
    let mut missing = Vec::new();
    let mut environment = Vec::new();
    match data() {
        Ok(path) => environment.push(("TOLLGATE_TEST_DATA", path)),
        Err(why) => missing.push(why),
    }
    if extent == Extent::Quick {
        missing.push(
            "the API server and OPA, as `--quick` asks: tests that drive kube-apiserver are left out, and unless it was \
             built before, the comparison with OPA"
                .to_owned(),
        );
    } else {
        for (target, variable) in [
            ("cluster", "TOLLGATE_TESTPLANE_BIN"),
            ("oracle", "TOLLGATE_ORACLE_BIN"),
            ("peers", "TOLLGATE_PEERS_BIN"),
        ] {
            match built(target, variable) {
                Ok(path) => environment.push((variable, path)),
                Err(why) => missing.push(why),
            }
        }
    }
    if ci && !missing.is_empty() {
        return Err(Failure::new(format!("missing, and `CI=true`:\n  {}", missing.join("\n  "))));
    }
    say_missing(&missing);

    let mut command = step::cargo();
    command.args(["test", "--workspace", "--locked", "--no-fail-fast"]).envs(environment);
    if extent == Extent::Quick {
        command.env_remove("TOLLGATE_TESTPLANE_BIN");
    }
    eprintln!("test: {}", step::line(&command));
    let (heard, passed) = listen_to(command.args(["--", "--show-output"]))?;
    say_missing(&missing);
    for skip in &heard.skips {
        eprintln!("test: {skip}");
    }
    if !passed {
        return Err(Failure::new("tests failed; each is named above, under `failures:`"));
    }
    if ci && !heard.skips.is_empty() {
        return Err(Failure::new(format!("{} tests were skipped, and `CI=true`", heard.skips.len())));
    }
    let left_out = missing.len() + heard.skips.len();
    println!(
        "test: {} passed in {} programs, {} ignored, {} ({})",
        heard.passed,
        heard.programs,
        heard.ignored,
        if left_out == 0 { "nothing left out".to_owned() } else { format!("{left_out} LEFT OUT, see above") },
        step::seconds(started.elapsed())
    );
    Ok(())
}

/// The folder of recorded data that some tests compare with: `TOLLGATE_TEST_DATA`, else beside the repository.
fn data() -> Result<PathBuf, String> {
    let beside = step::root().join("../shared/data");
    match std::env::var_os("TOLLGATE_TEST_DATA") {
        Some(path) => PathBuf::from(&path)
            .canonicalize()
            .map_err(|error| format!("test data: TOLLGATE_TEST_DATA is `{}`: {error}", path.display())),
        None => beside.canonicalize().map_err(|_| {
            format!(
                "test data: neither TOLLGATE_TEST_DATA nor `{}`; tests on recorded data are left out",
                beside.display()
            )
        }),
    }
}

/// The folder of the programs of one target of `testplane/build.sh`, built now if they are not there yet.
fn built(target: &str, variable: &str) -> Result<PathBuf, String> {
    if let Some(path) = std::env::var_os(variable) {
        let found = PathBuf::from(&path).canonicalize();
        return found.map_err(|error| format!("{target}: {variable} is `{}`: {error}", path.display()));
    }
    eprintln!(
        "test: testplane/build.sh {target} (built once, some minutes; afterwards taken from the cache)"
    );
    let printed = step::output(step::program("testplane/build.sh").arg(target))
        .map_err(|failure| format!("{target}: {failure}; tests that need it are left out"))?;
    Ok(PathBuf::from(printed.trim()))
}

fn say_missing(missing: &[String]) {
    for what in missing {
        eprintln!("test: LEFT OUT: {what}");
    }
}

/// Runs the tests with their output shown, and hears what it says.
fn listen_to(command: &mut Command) -> Done<(Listener, bool)> {
    let failed = |error: std::io::Error| Failure::new(format!("could not run the tests: {error}"));
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(failed)?;
    let mut listener = Listener::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = line.map_err(failed)?;
            if let Some(shown) = listener.hear(&String::from_utf8_lossy(&line)) {
                println!("{shown}");
            }
        }
    }
    Ok((listener, child.wait().map_err(failed)?.success()))
}
