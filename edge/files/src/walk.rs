//! Finding the files that are to be judged below the paths that a command line names.
//!
//! ```text
//! paths ──> named ──> folder ──> folder ... ──> Walk { found, skipped, unrendered }, each sorted by path
//! ```
//!
//! INVARIANTS: every folder is bounded in depth, the walk in files and folders. A link is followed to what lies below
//! the root, and is an error where it leads out of it, nowhere, or back to a folder that is being walked.

mod descent;
mod error;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use error::WalkError;

pub(crate) use descent::{descend, shown};

/// What a walk passes over, and where it stops.
#[derive(Clone, Debug)]
pub struct WalkOptions {
    /// the estate's root, where there is one: no link may lead out of it, no second `tollgate.toml` lie below it
    pub estate: Option<PathBuf>,
    /// files and folders that hold no manifests (rules folders); passed over unmentioned, unless they are named
    pub exclude: Vec<PathBuf>,
    /// files and folders that the estate says are no manifests; passed over and listed
    pub ignore: Vec<Ignored>,
    /// files, and folders, that one walk may find
    pub max_files: usize,
    /// folders that may lie in one another
    pub max_depth: usize,
}

/// A file or folder that the estate says is no manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// where it is, as to open
    pub path: PathBuf,
    /// why, as the estate says
    pub reason: Arc<str>,
}

/// What a walk found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walk {
    /// files that should hold manifests
    pub found: Vec<Found>,
    /// what was passed over although it looked like a manifest
    pub skipped: Vec<Skipped>,
    /// folders whose manifests some other program makes
    pub unrendered: Vec<Unrendered>,
}

/// A file that should hold manifests.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// as to open
    pub path: PathBuf,
    /// as the user named it, with `/` between the parts and without `.`
    pub shown: Arc<str>,
    /// whether the command line names this very file
    pub named: bool,
}

/// A file or folder that was passed over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// where it is
    pub shown: Arc<str>,
    /// why
    pub reason: Arc<str>,
}

/// A folder that is an input of a renderer, not what the cluster gets. Nothing below it was looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unrendered {
    /// where it is; `.` for the current folder
    pub shown: Arc<str>,
    /// what renders it
    pub what: Renderer,
}

/// A program that makes manifests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Renderer {
    /// there is a `kustomization.yaml`
    Kustomize,
    /// there is a `Chart.yaml`
    Helm,
}

impl Default for WalkOptions {
    fn default() -> Self {
        Self { estate: None, exclude: Vec::new(), ignore: Vec::new(), max_files: 1_000_000, max_depth: 64 }
    }
}

impl Renderer {
    /// The renderer that looks for a file of this name.
    pub(crate) fn of(file_name: &str) -> Option<Self> {
        match file_name {
            "kustomization.yaml" | "kustomization.yml" | "Kustomization" => Some(Self::Kustomize),
            "Chart.yaml" => Some(Self::Helm),
            _ => None,
        }
    }
}

/// Finds the manifests at and below `paths`. A file that is named is found whatever it is called; below a folder it
/// is what ends in `.yaml`, `.yml` or `.json`. Entries whose name starts with a dot are passed over.
///
/// # Errors
/// The first path that does not exist or cannot be read, a link that loops or leaves the root, a nested
/// `tollgate.toml`, or a limit that was passed.
pub fn walk<P: AsRef<Path>>(paths: &[P], options: &WalkOptions) -> Result<Walk, WalkError> {
    let paths: Vec<&Path> = paths.iter().map(AsRef::as_ref).collect();
    descend(&paths, options, is_manifest, true)
}

/// Whether a file of this name should hold manifests.
fn is_manifest(path: &Path) -> bool {
    matches!(path.extension().and_then(|extension| extension.to_str()), Some("yaml" | "yml" | "json"))
}
