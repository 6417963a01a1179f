//! The bundle of a case: its policy, the folders that it names, its budgets and exceptions.

use std::fs;
use std::path::{Path, PathBuf};

use tollgate_gate::{Bundle, RuleFile};
use tollgate_manifest::canonical;
use tollgate_vocabulary::Value;

use crate::{corpus, items, text};

pub(crate) fn bundle(case: &Value) -> Bundle {
    let file = |root: &str, path: &str, bytes: Vec<u8>| RuleFile {
        root: root.into(),
        path: path.into(),
        bytes: bytes.into(),
    };
    let config = text(case, "config").map(|config| file("", "tollgate.toml", config.as_bytes().to_vec()));
    let mut files = Vec::new();
    if let Some(policy) = text(case, "policy") {
        files.push(file("policy", "policy/case.rego", policy.as_bytes().to_vec()));
    }
    if let Some(folder) = text(case, "rules") {
        rule_files(&corpus().join(folder), "rules", &mut files);
    }
    if let Some(folder) = text(case, "estate") {
        root_files(&corpus().join(folder), &mut files);
    }
    for key in ["budgets", "exceptions"] {
        for (at, object) in items(case, key).iter().enumerate() {
            files.push(file("policy", &format!("policy/{key}-{at}.yaml"), canonical::bytes(object)));
        }
    }
    Bundle::compile(config.as_ref(), &files, &[]).unwrap_or_else(|error| panic!("{error:#?}"))
}

fn rule_files(folder: &Path, shown: &str, files: &mut Vec<RuleFile>) {
    for path in entries(folder) {
        let name = format!("{shown}/{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            rule_files(&path, &name, files);
        } else if [".rego", ".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end)) {
            files.push(RuleFile {
                root: "rules".into(),
                path: name.as_str().into(),
                bytes: fs::read(&path).unwrap().into(),
            });
        }
    }
}

/// Files that lie beside `tollgate.toml`, for its `[cost]` to name.
fn root_files(folder: &Path, files: &mut Vec<RuleFile>) {
    for path in entries(folder) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        files.push(RuleFile { root: "".into(), path: name.into(), bytes: fs::read(&path).unwrap().into() });
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}
