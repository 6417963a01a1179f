//! The same paths as they were at another commit.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use tollgate_flow::{InFile, Manifests};
use tollgate_git::Revision;

use super::sheet::Sheet;
use crate::input::is_stdin;
use crate::output::Failure;

/// The manifests at and below `paths` in the commit that `name` names.
pub(super) fn read(name: &str, paths: &[PathBuf], sheet: &Sheet) -> Result<Vec<InFile>, Failure> {
    let mut manifests = Manifests::default();
    for path in paths {
        if is_stdin(path) {
            return Err("standard input has no other commit: name files or folders with `--base`".into());
        }
        let revision = Revision::resolve(path, name)?;
        let root = revision.repository().canonicalize()?;
        let real = path.canonicalize()?;
        let below =
            real.strip_prefix(&root).map_err(|_| format!("`{}` leaves its repository", path.display()))?;
        let below = slashes(below);
        let named = path.is_file();
        let wanted = |file: &str| named || (is_manifest(file) && !is_passed_over(file, &below, &root, sheet));
        for blob in revision.files(&below, wanted)? {
            manifests.extend(Manifests::of_text(&blob.path, blob.bytes, &sheet.mask));
        }
    }
    for file in &manifests.unreadable {
        if file.position.is_some() {
            say!("warning: at `{name}`: {}: {}", file.file, file.message);
        }
    }
    Ok(manifests.objects)
}

fn is_manifest(file: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|extension| file.ends_with(extension))
}

/// What a walk passes over too: names with a dot in front, rules, and what the estate ignores.
fn is_passed_over(file: &str, below: &str, root: &Path, sheet: &Sheet) -> bool {
    let inside = file.strip_prefix(below).unwrap_or(file);
    let hidden = inside.split('/').any(|part| part.starts_with('.'));
    let ignored = sheet.walk.ignore.iter().map(|ignored| &ignored.path);
    let passed = sheet.walk.exclude.iter().chain(ignored).any(|path| {
        let real = path.canonicalize().unwrap_or_else(|_| path.clone());
        root.join(file).starts_with(real)
    });
    hidden || passed
}

fn slashes(path: &Path) -> Arc<str> {
    let parts: Vec<String> = path
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
            _ => None,
        })
        .collect();
    parts.join("/").into()
}
