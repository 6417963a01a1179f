//! The estate's own files: where its root is, and the rules that it keeps there.
//!
//! ```text
//! a path ──upwards──> estate_root ──> tollgate.toml + rules folders ──> rule_files, sorted by path
//! -p DIR_OR_FILE ───────────────────────────────────────────────────> policy_files
//! ```

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::read::{ReadFileError, read};
use crate::walk::{WalkError, WalkOptions, descend, shown};

/// The file that makes a folder an estate.
pub const ESTATE_FILE: &str = "tollgate.toml";

/// Bytes that one file of rules or data may have.
pub const RULE_FILE_LIMIT: u64 = 64 << 20;

/// One file of the rules, with its bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleFile {
    /// relative to the estate's root, or as named by `-p`; `/` between the parts
    pub path: Arc<str>,
    /// the rules folder that it was found in, a prefix of `path` by whole parts; empty where that is the estate's
    /// root or the current folder
    pub root: Arc<str>,
    /// what is in it
    pub bytes: Vec<u8>,
}

/// Why the rules could not be read.
#[derive(Debug, thiserror::Error)]
pub enum RuleFilesError {
    /// they could not be found
    #[error(transparent)]
    Walk(#[from] WalkError),
    /// one of them could not be read
    #[error(transparent)]
    Read(#[from] ReadFileError),
    /// a rules folder or file that is not below the estate's root, or a link out of it
    #[error("`{0}` is not a path below the estate's root")]
    Outside(String),
}

/// The nearest folder with a `tollgate.toml`, from `start` (a file or folder) upwards; without links and `..`.
#[must_use]
pub fn estate_root(start: &Path) -> Option<PathBuf> {
    let start = if start.as_os_str().is_empty() { Path::new(".") } else { start };
    let real = start.canonicalize().or_else(|_| std::path::absolute(start)).ok()?;
    real.ancestors().find(|folder| folder.join(ESTATE_FILE).is_file()).map(Path::to_path_buf)
}

/// `tollgate.toml` and every `.rego`, `.json`, `.yaml` and `.yml` file in the rules folders, sorted by path.
///
/// # Errors
/// What could not be found or read; a folder that does not exist is an error, for it may be misspelt.
pub fn rule_files<S: AsRef<str>>(root: &Path, folders: &[S]) -> Result<Vec<RuleFile>, RuleFilesError> {
    let mut files = vec![RuleFile {
        path: ESTATE_FILE.into(),
        root: "".into(),
        bytes: read(&root.join(ESTATE_FILE), RULE_FILE_LIMIT)?,
    }];
    for folder in folders {
        let folder = folder.as_ref();
        let open = root.join(folder);
        if !is_inside(root, &open, folder) {
            return Err(RuleFilesError::Outside(folder.to_owned()));
        }
        let base = empty_for_here(&shown(Path::new(folder)));
        for (path, below) in below(&open, Some(root))? {
            let bytes = read(&path, RULE_FILE_LIMIT)?;
            files.push(RuleFile { path: joined(&base, &below), root: base.clone(), bytes });
        }
    }
    Ok(sorted(files))
}

/// Single files of the estate that `tollgate.toml` names: prices, node pools.
///
/// # Errors
/// What could not be read, or lies outside the estate.
pub fn named_files<S: AsRef<str>>(root: &Path, files: &[S]) -> Result<Vec<RuleFile>, RuleFilesError> {
    files.iter().map(|file| named_file(root, file.as_ref())).collect()
}

fn named_file(root: &Path, file: &str) -> Result<RuleFile, RuleFilesError> {
    let open = root.join(file);
    if !is_inside(root, &open, file) {
        return Err(RuleFilesError::Outside(file.to_owned()));
    }
    Ok(RuleFile { path: shown(Path::new(file)), root: "".into(), bytes: read(&open, RULE_FILE_LIMIT)? })
}

/// Whether `open`, written as `below`, lies in the estate, links followed.
fn is_inside(root: &Path, open: &Path, below: &str) -> bool {
    let inside = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    if below.is_empty() || !Path::new(below).components().all(inside) {
        return false;
    }
    match (open.canonicalize(), root.canonicalize()) {
        (Ok(real), Ok(root)) => real.starts_with(root),
        // That it does not exist is said where it is read.
        _ => true,
    }
}

/// The same for policies that are named one by one, without any estate: each a folder, or a single file whose root is
/// the folder that it lies in.
///
/// # Errors
/// What could not be found or read.
pub fn policy_files<P: AsRef<Path>>(paths: &[P]) -> Result<Vec<RuleFile>, RuleFilesError> {
    let mut files = Vec::new();
    for path in paths {
        let path = path.as_ref();
        if path.is_dir() {
            let base = empty_for_here(&shown(path));
            for (file, below) in below(path, None)? {
                let bytes = read(&file, RULE_FILE_LIMIT)?;
                files.push(RuleFile { path: joined(&base, &below), root: base.clone(), bytes });
            }
        } else {
            let base = empty_for_here(&shown(path.parent().unwrap_or(Path::new(""))));
            files.push(RuleFile { path: shown(path), root: base, bytes: read(path, RULE_FILE_LIMIT)? });
        }
    }
    Ok(sorted(files))
}

/// The rule files below a folder: as to open, and relative to it.
fn below(folder: &Path, estate: Option<&Path>) -> Result<Vec<(PathBuf, Arc<str>)>, WalkError> {
    let options = WalkOptions { estate: estate.map(Path::to_path_buf), ..WalkOptions::default() };
    let found = descend(&[folder], &options, is_rule, false)?.found;
    let base: PathBuf = folder.components().filter(|part| *part != Component::CurDir).collect();
    let relative = |path: &Path| shown(path.strip_prefix(&base).unwrap_or(path));
    Ok(found
        .into_iter()
        .map(|file| (relative(&file.path), file.path))
        .map(|(below, path)| (path, below))
        .collect())
}

fn is_rule(path: &Path) -> bool {
    matches!(
        path.extension().and_then(|extension| extension.to_str()),
        Some("rego" | "yaml" | "yml" | "json")
    )
}

fn empty_for_here(shown: &Arc<str>) -> Arc<str> {
    if &**shown == "." { "".into() } else { shown.clone() }
}

fn joined(base: &str, below: &Arc<str>) -> Arc<str> {
    if base.is_empty() { below.clone() } else { format!("{}/{below}", base.trim_end_matches('/')).into() }
}

/// Sorted by path; a file that was found twice (folders in one another) counts once, with the first root.
fn sorted(mut files: Vec<RuleFile>) -> Vec<RuleFile> {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    files
}
