//! Gatekeeper's suites: the templates' Rego asked about the objects of the cases, as `gator verify` asks it.
//!
//! ```text
//! DIR/**/*.yaml ──> Suite ──run──> violations ──> assertions ──> Line
//! ```

use std::path::{Path, PathBuf};

use tollgate_gatekeeper::Settings;
use tollgate_gatekeeper::suite::{CaseResult, Files, Outcome as Found, Suite};
use tollgate_gatekeeper::{Document, Place, Violation};
use tollgate_manifest::{Limits, Mask};

use crate::report::{Line, Outcome};

/// Why suites cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SuiteError {
    /// a file or folder
    #[error("`{0}`: {1}")]
    Io(PathBuf, std::io::Error),
    /// what is in it
    #[error("{0}")]
    Content(String),
    /// nothing is in it
    #[error("`{0}` holds no suite: a folder with YAML files of `kind: Suite` is wanted")]
    Empty(PathBuf),
}

/// Nothing is masked in a way that another run would not mask as well.
fn mask() -> Mask {
    Mask::new([0; 32])
}

/// All suites below the folder, in order of their paths; those are relative to it.
///
/// # Errors
/// One cannot be read, or there is none.
pub fn read(root: &Path) -> Result<Vec<Suite>, SuiteError> {
    let (mut folders, mut files) = (vec![root.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        let failed = |error| SuiteError::Io(folder.clone(), error);
        for entry in folder.read_dir().map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
                files.push(path);
            }
        }
    }
    files.sort();
    let mut suites = Vec::new();
    for path in files {
        let bytes = std::fs::read(&path).map_err(|error| SuiteError::Io(path.clone(), error))?;
        // A suite says so in its first lines; other files are its templates and objects, read when it names them.
        if !String::from_utf8_lossy(&bytes).contains("test.gatekeeper.sh") {
            continue;
        }
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
        let documents = Document::read(&name, &bytes, &mask(), &Limits::default())
            .map_err(|problem| SuiteError::Content(problem.to_string()))?;
        for document in documents.iter().filter(|document| Suite::is_one(document)) {
            suites.push(Suite::read(document).map_err(|problems| {
                let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
                SuiteError::Content(said.join("\n"))
            })?);
        }
    }
    if suites.is_empty() { Err(SuiteError::Empty(root.to_owned())) } else { Ok(suites) }
}

/// Runs a suite that was read below that folder: one line for each case, and for each test without cases.
#[must_use]
pub fn run(root: &Path, suite: &Suite) -> Vec<Line> {
    let mut bytes = |path: &str| std::fs::read(root.join(path)).map_err(|error| error.to_string());
    let (mask, limits) = (mask(), Limits::default());
    let mut files = Files { read: &mut bytes, mask: &mask, limits: &limits };
    let result = tollgate_gatekeeper::suite::run(suite, &mut files, &Settings::default());
    let mut lines = Vec::new();
    for test in &result.tests {
        let mut add = |case: &str, outcome, details| {
            lines.push(Line {
                folder: Path::new(&*result.file).parent().unwrap_or(Path::new("")).display().to_string(),
                note: if case.is_empty() { test.name.to_string() } else { format!("{}/{case}", test.name) },
                file: result.file.to_string(),
                details,
                outcome,
            });
        };
        for case in &test.cases {
            add(&case.name, outcome(&case.outcome), violations(case));
        }
        if test.cases.is_empty() {
            add("", outcome(&test.outcome), String::new());
        }
    }
    lines
}

fn outcome(found: &Found) -> Outcome {
    match found {
        Found::Passed => Outcome::Passed,
        Found::Failed(why) => {
            Outcome::Failed { expected: "the suite's assertions".to_owned(), got: why.clone() }
        }
        Found::Skipped => Outcome::Refused("the suite says `skip`".to_owned()),
        Found::Refused(why) => Outcome::Refused(why.clone()),
    }
}

fn violations(case: &CaseResult) -> String {
    let line = |(violation, place): &(Violation, Option<Place>)| match place {
        Some(place) => format!("  found {place}: {}\n", violation.message),
        None => format!("  found {}\n", violation.message),
    };
    case.violations.iter().map(line).collect()
}
