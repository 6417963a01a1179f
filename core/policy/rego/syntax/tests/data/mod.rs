//! Finds the Rego that tests read: recorded data (`TOLLGATE_TEST_DATA`, else `shared/data` beside the repository) and
//! the repository's own.
#![allow(dead_code, clippy::allow_attributes, reason = "each test uses its part")]

use std::path::{Path, PathBuf};

/// The folder of recorded data, or nothing, said loudly.
#[expect(clippy::disallowed_methods, reason = "tests find their data in the environment")]
pub(crate) fn root() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../../shared/data");
    let root = PathBuf::from(std::env::var("TOLLGATE_TEST_DATA").unwrap_or_else(|_| default.into()));
    if root.is_dir() {
        Some(root)
    } else {
        eprintln!("SKIPPED: no test data at {}", root.display());
        None
    }
}

/// The repository.
pub(crate) fn repository() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../.."))
}

/// All files below `folder` with this ending, sorted, with what they say.
#[expect(clippy::disallowed_methods, reason = "tests read their data")]
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<(String, String)> {
    let (mut folders, mut files) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == ending) {
                files.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

/// The block texts (`rego: |`, `- |`) of a template: what is indented deeper than the line that begins it.
pub(crate) fn blocks(yaml: &str) -> Vec<String> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let lines: Vec<&str> = yaml.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let begins = ["rego: |", "- |"].iter().any(|begin| line.trim_start().starts_with(begin));
        if !begins {
            continue;
        }
        let body =
            lines[at + 1..].iter().take_while(|next| next.trim().is_empty() || indent(next) > indent(line));
        let text = body.copied().collect::<Vec<_>>().join("\n");
        if text.trim_start().starts_with("package") {
            found.push(text);
        }
    }
    found
}
