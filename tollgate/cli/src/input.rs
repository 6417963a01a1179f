//! What the command line names, read: files, folders, standard input.
//!
//! ```text
//! PATH... ──walk──> files ─┬─ load ──> manifests, and AdmissionReviews among them
//! -       ──────────> text ┘
//! ```
//!
//! INVARIANT: a path that was named and holds nothing to judge is an error, never a pass.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use tollgate_files::{WalkOptions, read_stdin, walk};
use tollgate_flow::{InFile, Manifests, Unreadable, load};
use tollgate_manifest::{Limits, Mask};

use crate::output::Failure;
use crate::progress::Progress;

/// How standard input is called in reports.
pub(crate) const STDIN: &str = "<stdin>";

/// What was named, read.
pub(crate) struct Input {
    /// manifests
    pub(crate) manifests: Manifests,
    /// AdmissionReviews, which are judged as the requests that they are
    pub(crate) reviews: Vec<InFile>,
}

/// Reads all that is named.
pub(crate) fn read(paths: &[PathBuf], options: &WalkOptions, mask: &Mask) -> Result<Input, Failure> {
    let _progress = Progress::begin("reading".to_owned());
    let (stdin, files): (Vec<&PathBuf>, Vec<&PathBuf>) = paths.iter().partition(|path| is_stdin(path));
    let mut manifests = Manifests::default();
    if !files.is_empty() {
        manifests = load(&walk(&files, options)?, mask);
        let empty: Vec<Unreadable> = files
            .iter()
            .filter(|path| path.is_dir() && !holds(path, &manifests))
            .map(|path| none_in(path))
            .collect();
        manifests.unreadable.extend(empty);
    }
    if !stdin.is_empty() {
        let bytes = read_stdin(Limits::default().bytes as u64)?;
        manifests.extend(Manifests::of_text(STDIN, bytes, mask));
    }
    let is_review = |object: &InFile| {
        let identity = &object.written.object.identity;
        &*identity.group == "admission.k8s.io" && &*identity.kind == "AdmissionReview"
    };
    let reviews = manifests.objects.extract_if(.., |object| is_review(object)).collect();
    Ok(Input { manifests, reviews })
}

/// Whether a path is standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// A path that does not exist is said to be missing before anything else is said.
pub(crate) fn check_exist(paths: &[PathBuf]) -> Result<(), Failure> {
    match paths.iter().find(|path| !is_stdin(path) && path.symlink_metadata().is_err_and(is_missing)) {
        Some(missing) => Err(format!("`{}` does not exist", missing.display()).into()),
        None => Ok(()),
    }
}

fn is_missing(error: std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::NotFound
}

/// Whether something below a named folder was read, or said to be wrong.
fn holds(folder: &Path, manifests: &Manifests) -> bool {
    let base = shown(folder);
    let below = |file: &str| {
        base.is_empty()
            || file.strip_prefix(&*base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    manifests.objects.iter().any(|object| below(&object.file))
        || manifests.unreadable.iter().any(|file| below(&file.file))
        || manifests.findings.iter().any(|finding| below(&finding.place.file) || &*finding.place.file == ".")
}

/// As a walk shows it: `/` between the parts, without `.`.
fn shown(folder: &Path) -> String {
    let parts = folder.components().filter(|part| *part != Component::CurDir);
    parts.collect::<PathBuf>().display().to_string()
}

fn none_in(folder: &Path) -> Unreadable {
    let file: Arc<str> = folder.display().to_string().into();
    Unreadable {
        message: format!("there is no manifest in `{file}`"),
        file,
        position: None,
        remedy: Some(
            "manifests are files that end in .yaml, .yml or .json and hold apiVersion and kind".to_owned(),
        ),
    }
}
