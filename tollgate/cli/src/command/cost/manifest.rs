//! The manifests that are named, and those that the estate has beside them.
//!
//! ```text
//! PATH... ──read──> objects, estimated ────────────┐
//! estate  ──walk──> beside: the rest of it, as it  ├─> Objects
//!                   bears on what objects cost ────┘
//! ```
//! INVARIANT: what is passed over and could cost something is said.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tollgate_files::walk;
use tollgate_flow::{InFile, Manifests, load, object_name};

use super::sheet::Sheet;
use crate::exit::Exit;
use crate::input::{self, STDIN};
use crate::output::{Failure, chain, visible};
use crate::problem;

/// What was read.
pub(super) struct Objects {
    /// what is named
    pub(super) named: Vec<InFile>,
    /// the rest of the estate
    pub(super) beside: Vec<InFile>,
    /// whether all that is named could be read
    pub(super) exit: Exit,
}

/// Reads what is named; `stdin` is standard input where that was read already, and then nothing else is named. Says what is
/// wrong.
pub(super) fn read(paths: &[PathBuf], stdin: Option<Vec<u8>>, sheet: &Sheet) -> Result<Objects, Failure> {
    let (manifests, reviews) = match stdin {
        Some(bytes) => (Manifests::of_text(STDIN, bytes, &sheet.mask), 0),
        None => {
            let read = input::read(paths, &sheet.walk, &sheet.mask)?;
            (read.manifests, read.reviews.len())
        }
    };
    problem::unreadable(&manifests.unreadable);
    for finding in &manifests.findings {
        say!("error: {}", visible(&format!("{}: {}", finding.place.file, finding.message)));
        finding.remedy.iter().for_each(|remedy| say!("  = help: {}", visible(&for_cost(remedy))));
    }
    if reviews > 0 {
        say!("warning: an AdmissionReview is a request, no manifest: {reviews} not estimated");
    }
    doubts(&manifests.objects);
    let whole = manifests.unreadable.is_empty() && manifests.findings.is_empty();
    Ok(Objects {
        beside: beside(paths, &manifests.objects, sheet),
        named: manifests.objects,
        exit: if whole { Exit::Allow } else { Exit::Failure },
    })
}

/// What reading doubts is refused by `check`; here its figures are those of one of its readings.
fn doubts(objects: &[InFile]) {
    for object in objects {
        for refusal in &object.written.refusals {
            let at = refusal.span.start;
            let place = format!("{}:{}:{}", object.file, at.line, at.column);
            say!("warning: {}", visible(&format!("{place}: {} [{}]", refusal.message, refusal.rule)));
        }
    }
}

/// Remedies are written for `check`.
fn for_cost(remedy: &str) -> String {
    remedy.replace("tollgate check -", "tollgate cost -")
}

/// The estate's manifests that are not named: an autoscaler, a limit or a Namespace in another file bears on the figures,
/// as it does for `check`.
fn beside(paths: &[PathBuf], named: &[InFile], sheet: &Sheet) -> Vec<InFile> {
    let Some(root) = sheet.root.as_deref().filter(|root| !covers(paths, root)) else { return Vec::new() };
    let rest = match walk(&[root], &sheet.walk) {
        Ok(found) => load(&found, &sheet.mask),
        Err(error) => {
            say!("warning: the rest of the estate cannot be read: {}", visible(&chain(&error)));
            return Vec::new();
        }
    };
    for file in &rest.unreadable {
        let told = format!("{} cannot be read, and is in no figure: {}", file.file, file.message);
        say!("warning: {}", visible(&told));
    }
    let rest = without(rest.objects, named, |file| Path::new(file).canonicalize().ok());
    rest.into_iter().map(shorter).collect()
}

/// A file below the current folder is shown as one would name it from there, as what is named is.
fn shorter(object: InFile) -> InFile {
    let here = std::env::current_dir().unwrap_or_default();
    let short = Path::new(&*object.file).strip_prefix(here).ok().map(|short| short.display().to_string());
    let file = short.map_or_else(|| Arc::clone(&object.file), Arc::from);
    InFile { file, ..object }
}

/// `rest` without the files and the objects of `named`; `real` says which file a name means.
pub(super) fn without<P: Ord>(
    rest: Vec<InFile>,
    named: &[InFile],
    real: impl Fn(&str) -> Option<P>,
) -> Vec<InFile> {
    let files: BTreeSet<&str> = named.iter().map(|object| &*object.file).collect();
    let files: BTreeSet<P> = files.into_iter().filter_map(&real).collect();
    let names: BTreeSet<_> =
        named.iter().filter_map(|object| object_name(&object.written.object.identity)).collect();
    let is_named = |object: &InFile| {
        let name = object_name(&object.written.object.identity);
        name.is_some_and(|name| names.contains(&name))
            || real(&object.file).is_some_and(|file| files.contains(&file))
    };
    rest.into_iter().filter(|object| !is_named(object)).collect()
}

/// Whether all of the estate is named.
pub(super) fn covers(paths: &[PathBuf], root: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    real(root).is_some_and(|root| paths.iter().any(|path| real(path).as_ref() == Some(&root)))
}
