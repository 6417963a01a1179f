//! What all sections need: release builds, the peers, and one copy of the rules under `target/bench`.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::metadata;
use crate::step::{self, Done, Failure};

/// Rules on reviews, with their data and `review.json`, one request of 20 kB.
const REVIEW_RULES: &str = "corpus/policy/realistic";
/// The same on bare objects.
const OBJECT_RULES: &str = "corpus/policy/realistic-object";

pub(crate) struct Bench {
    /// Rewritten in every run.
    pub(crate) folder: PathBuf,
    pub(crate) peers: PathBuf,
    pub(crate) tollgate: PathBuf,
    load: PathBuf,
    pub(crate) review_rules: PathBuf,
    pub(crate) object_rules: PathBuf,
    pub(crate) review: PathBuf,
    pub(crate) package: String,
}

impl Bench {
    /// Runs one measurement of `testplane/load` and returns its figures.
    pub(crate) fn load<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Done<Value> {
        let text = step::output(step::program(&self.load).args(arguments))?;
        serde_json::from_str(&text).map_err(|error| Failure::new(format!("`load` printed `{text}`: {error}")))
    }

    /// Wall clock, CPU and memory of one command, which may exit with any of these codes.
    pub(crate) fn child(&self, command: &Command, codes: &[i64]) -> Done<Value> {
        let words = [OsStr::new("child"), command.get_program()];
        let words: Vec<&OsStr> = words.into_iter().chain(command.get_args()).collect();
        let figures = self.load(&words)?;
        if figures["exit"].as_i64().is_some_and(|code| codes.contains(&code)) {
            Ok(figures)
        } else {
            Err(Failure::new(format!("`{}` ended with {}", step::line(command), figures["exit"])))
        }
    }
}

pub(crate) fn prepare() -> Done<Bench> {
    let printed = step::output(step::program("testplane/build.sh").arg("peers"))?;
    let target = metadata::read("Cargo.toml")?.target;
    step::run(step::cargo().args([
        "build",
        "--release",
        "--locked",
        "-p",
        "tollgate",
        "-p",
        "tollgate-load",
    ]))?;
    let folder = target.join("bench");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(failed(&folder))?;
    }
    let root = step::root();
    let (review_rules, object_rules) = (folder.join("review-rules"), folder.join("object-rules"));
    copy(&root.join(REVIEW_RULES), &review_rules, "review.json")?;
    copy(&root.join(OBJECT_RULES), &object_rules, "object.json")?;
    Ok(Bench {
        peers: PathBuf::from(printed.trim()),
        tollgate: target.join("release/tollgate"),
        load: target.join("release/load"),
        package: package(&review_rules)?,
        review: root.join(REVIEW_RULES).join("review.json"),
        review_rules,
        object_rules,
        folder,
    })
}

/// Copies the rules and their data, but not the input that lies beside them.
fn copy(from: &Path, to: &Path, input: &str) -> Done {
    fs::create_dir_all(to).map_err(failed(to))?;
    for entry in fs::read_dir(from).map_err(failed(from))? {
        let entry = entry.map_err(failed(from))?;
        let name = entry.file_name();
        let test = name.to_string_lossy().ends_with("_test.rego");
        if name != input && !test {
            fs::copy(entry.path(), to.join(&name)).map_err(failed(&entry.path()))?;
        }
    }
    Ok(())
}

/// The one package that all rules of this folder belong to.
fn package(rules: &Path) -> Done<String> {
    let mut found: Vec<String> = Vec::new();
    for entry in fs::read_dir(rules).map_err(failed(rules))? {
        let path = entry.map_err(failed(rules))?.path();
        let text = fs::read_to_string(&path).map_err(failed(&path))?;
        let names = text.lines().filter_map(|line| line.strip_prefix("package "));
        found.extend(names.map(|name| name.trim().to_owned()));
    }
    found.sort();
    found.dedup();
    match found.as_slice() {
        [one] => Ok(one.clone()),
        other => Err(Failure::new(format!("`{}` holds the packages {other:?}, not one", rules.display()))),
    }
}

pub(crate) fn failed(path: &Path) -> impl Fn(std::io::Error) -> Failure {
    move |error| Failure::new(format!("`{}`: {error}", path.display()))
}
