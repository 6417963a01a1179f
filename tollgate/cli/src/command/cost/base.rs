//! The same manifests as they were at another commit, with what the estate had beside them then.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use tollgate_flow::{InFile, Manifests};
use tollgate_git::Revision;

use super::manifest::{covers, without};
use super::sheet::Sheet;
use crate::input::is_stdin;
use crate::output::{Failure, visible};

/// Files that say that another program makes the manifests of their folder, as a walk knows them.
const RENDERERS: [&str; 4] = ["kustomization.yaml", "kustomization.yml", "Kustomization", "Chart.yaml"];

/// What was at another commit.
pub(super) struct Before {
    /// what is named
    pub(super) named: Vec<InFile>,
    /// the rest of the estate
    pub(super) beside: Vec<InFile>,
}

/// The manifests at and below `paths` in the commit that `name` names.
pub(super) fn read(name: &str, paths: &[PathBuf], sheet: &Sheet) -> Result<Before, Failure> {
    let mut named = Manifests::default();
    for path in paths {
        named.extend(below(name, path, sheet)?);
    }
    for file in named.unreadable.iter().filter(|file| file.position.is_some()) {
        say!("warning: at `{name}`: {}", visible(&format!("{}: {}", file.file, file.message)));
    }
    let named = named.objects;
    let root = sheet.root.as_deref().filter(|root| !covers(paths, root));
    // An estate that was not there yet, or lies in no repository, had nothing beside.
    let rest = root.and_then(|root| below(name, root, sheet).ok());
    let beside = without(rest.unwrap_or_default().objects, &named, |file| Some(file.to_owned()));
    Ok(Before { named, beside })
}

/// That no path is one of which there is no other commit.
pub(super) fn check(paths: &[PathBuf]) -> Result<(), Failure> {
    match paths.iter().any(|path| is_stdin(path)) {
        true => Err("standard input has no other commit: name files or folders with `--base`".into()),
        false => Ok(()),
    }
}

fn below(name: &str, path: &Path, sheet: &Sheet) -> Result<Manifests, Failure> {
    let revision = Revision::resolve(path, name)?;
    let root = revision.repository().canonicalize()?;
    let real = path.canonicalize()?;
    let below =
        real.strip_prefix(&root).map_err(|_| format!("`{}` leaves its repository", path.display()))?;
    let below = slashes(below);
    let mut manifests = Manifests::default();
    let mut take = |file: &str, bytes| manifests.extend(Manifests::of_text(file, bytes, &sheet.mask));
    if path.is_file() {
        revision.files(&below, |_| true)?.into_iter().for_each(|blob| take(&blob.path, blob.bytes));
        return Ok(manifests);
    }
    let rendered: BTreeSet<String> = revision
        .files(&below, |file| RENDERERS.contains(&file.rsplit('/').next().unwrap_or(file)))?
        .into_iter()
        .map(|blob| blob.path.rsplit_once('/').map_or_else(String::new, |(folder, _)| format!("{folder}/")))
        .collect();
    let wanted = |file: &str| {
        is_manifest(file)
            && !rendered.iter().any(|folder| file.starts_with(folder.as_str()))
            && !is_passed_over(file, &below, &root, sheet)
    };
    revision.files(&below, wanted)?.into_iter().for_each(|blob| take(&blob.path, blob.bytes));
    Ok(manifests)
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
