//! The descent into folders.
//!
//! ```text
//! named path ──> Folder { open, real } ──list──> entry ──┬─> dot, excluded: passed over
//!                     ^                                  ├─> ignored: skipped
//!                     └────────── folder, link to one ───┼─> wanted: found
//!                                                        └─> a renderer's file: the folder is unrendered
//! ```
//!
//! INVARIANT: `trail` holds the real path of every folder that is being walked; a link to one of them, or to a
//! folder that holds one of them, is a loop.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::{self, FileType};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::{Found, Renderer, Skipped, Unrendered, Walk, WalkError, WalkOptions};
use crate::ESTATE_FILE;

const EXCLUDED: &str = "holds rules, not manifests";
const NOWHERE: &str = "a link that leads nowhere";

/// Walks `paths` for the files that are `wanted`; `rendered` says whether a renderer's folder is left alone.
pub(crate) fn descend(
    paths: &[&Path],
    options: &WalkOptions,
    wanted: fn(&Path) -> bool,
    rendered: bool,
) -> Result<Walk, WalkError> {
    let mut descent = Descent {
        estate: options.estate.as_deref().map(real_of).transpose()?,
        exclude: options.exclude.iter().flat_map(|path| spellings(path)).collect(),
        ignore: (options.ignore.iter())
            .flat_map(|ignored| spellings(&ignored.path).map(|path| (path, ignored.reason.clone())))
            .collect(),
        options,
        wanted,
        rendered,
        root: PathBuf::new(),
        trail: Vec::new(),
        files: BTreeMap::new(),
        folders: 0,
        walk: Walk::default(),
    };
    for path in paths {
        descent.named(path)?;
    }
    let mut walk = descent.walk;
    // a map of paths orders by components; the order that is promised is that of bytes
    walk.found = descent.files.into_values().collect();
    walk.found
        .sort_by(|a, b| a.path.as_os_str().as_encoded_bytes().cmp(b.path.as_os_str().as_encoded_bytes()));
    walk.skipped.sort();
    walk.skipped.dedup();
    walk.unrendered.sort();
    walk.unrendered.dedup();
    Ok(walk)
}

/// A path as people are shown it: `/` between the parts, no `.`, and `.` for the current folder.
pub(crate) fn shown(path: &Path) -> Arc<str> {
    let mut text = String::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::RootDir => text.push('/'),
            other => {
                if !text.is_empty() && !text.ends_with('/') {
                    text.push('/');
                }
                text.push_str(&other.as_os_str().to_string_lossy());
            }
        }
    }
    if text.is_empty() { ".".into() } else { text.into() }
}

struct Descent<'a> {
    options: &'a WalkOptions,
    wanted: fn(&Path) -> bool,
    rendered: bool,
    estate: Option<PathBuf>,
    exclude: BTreeSet<PathBuf>,
    ignore: BTreeMap<PathBuf, Arc<str>>,
    /// what no link may leave
    root: PathBuf,
    trail: Vec<PathBuf>,
    files: BTreeMap<PathBuf, Found>,
    folders: usize,
    walk: Walk,
}

/// A folder: how it is opened and shown, and what it is without links.
struct Folder<'a> {
    open: &'a Path,
    real: &'a Path,
}

impl Descent<'_> {
    fn named(&mut self, path: &Path) -> Result<(), WalkError> {
        let open: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
        let real = real_of(path)?;
        let kind = fs::metadata(path).map_err(|source| unreadable(path, source))?.file_type();
        if let Some(reason) = self.ignored_within(&real) {
            self.skip(&open, reason);
        } else if self.excluded_within(&real) {
            self.skip(&open, EXCLUDED.into());
        } else if kind.is_dir() {
            self.root = match &self.estate {
                Some(estate) if real.starts_with(estate) => estate.clone(),
                _ => real.clone(),
            };
            self.folder(&Folder { open: &open, real: &real })?;
        } else {
            self.file(open, true)?;
        }
        Ok(())
    }

    fn folder(&mut self, folder: &Folder<'_>) -> Result<(), WalkError> {
        if self.trail.len() >= self.options.max_depth {
            return Err(WalkError::TooDeep { shown: shown(folder.open), limit: self.options.max_depth });
        }
        self.folders += 1;
        if self.folders > self.options.max_files {
            return Err(WalkError::TooMany { shown: shown(folder.open), limit: self.options.max_files });
        }
        let entries = list(folder.open)?;
        if self.nests_estate(folder, &entries) {
            return Err(WalkError::NestedEstate(shown(&folder.open.join(ESTATE_FILE))));
        }
        if self.rendered
            && let Some(what) = entries.iter().find_map(|(name, _)| Renderer::of(name.to_str()?))
        {
            self.walk.unrendered.push(Unrendered { shown: shown(folder.open), what });
            return Ok(());
        }
        self.trail.push(folder.real.to_path_buf());
        for (name, kind) in entries {
            if !name.as_encoded_bytes().starts_with(b".") {
                self.entry(&folder.open.join(&name), folder.real.join(&name), kind)?;
            }
        }
        self.trail.pop();
        Ok(())
    }

    fn entry(&mut self, open: &Path, real: PathBuf, kind: FileType) -> Result<(), WalkError> {
        if let Some(reason) = self.ignore.get(&real) {
            self.skip(open, reason.clone());
            Ok(())
        } else if self.exclude.contains(&real) {
            Ok(())
        } else if kind.is_symlink() {
            self.link(open)
        } else if kind.is_dir() {
            self.folder(&Folder { open, real: &real })
        } else if (self.wanted)(open) {
            self.file(open.to_path_buf(), false)
        } else {
            Ok(())
        }
    }

    fn link(&mut self, open: &Path) -> Result<(), WalkError> {
        let (real, kind) = match fs::canonicalize(open).and_then(|real| Ok((real, fs::metadata(open)?))) {
            Ok((real, metadata)) => (real, metadata.file_type()),
            Err(error) if error.kind() == io::ErrorKind::NotFound && (self.wanted)(open) => {
                return Err(WalkError::Dangling(shown(open)));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.skip(open, NOWHERE.into());
                return Ok(());
            }
            Err(source) => return Err(unreadable(open, source)),
        };
        if let Some(reason) = self.ignored_within(&real) {
            self.skip(open, reason);
            return Ok(());
        }
        if self.excluded_within(&real) || !(kind.is_dir() || (self.wanted)(open)) {
            return Ok(());
        }
        if !real.starts_with(&self.root) {
            return Err(WalkError::Leaves {
                shown: shown(open),
                target: real.display().to_string(),
                root: self.root.display().to_string(),
            });
        }
        if !kind.is_dir() {
            return self.file(open.to_path_buf(), false);
        }
        if self.trail.iter().any(|folder| folder.starts_with(&real)) {
            return Err(WalkError::Loop { shown: shown(open), target: real.display().to_string() });
        }
        self.folder(&Folder { open, real: &real })
    }

    fn file(&mut self, path: PathBuf, named: bool) -> Result<(), WalkError> {
        let shown = shown(&path);
        if self.files.len() >= self.options.max_files && !self.files.contains_key(&path) {
            return Err(WalkError::TooMany { shown, limit: self.options.max_files });
        }
        let found = self.files.entry(path.clone()).or_insert(Found { path, shown, named });
        found.named |= named;
        Ok(())
    }

    fn skip(&mut self, open: &Path, reason: Arc<str>) {
        self.walk.skipped.push(Skipped { shown: shown(open), reason });
    }

    fn ignored_within(&self, real: &Path) -> Option<Arc<str>> {
        real.ancestors().find_map(|path| self.ignore.get(path)).cloned()
    }

    fn excluded_within(&self, real: &Path) -> bool {
        real.ancestors().any(|path| self.exclude.contains(path))
    }

    fn nests_estate(&self, folder: &Folder<'_>, entries: &[(OsString, FileType)]) -> bool {
        let below = |estate: &PathBuf| folder.real.starts_with(estate) && folder.real != estate.as_path();
        self.estate.as_ref().is_some_and(below) && entries.iter().any(|(name, _)| name == ESTATE_FILE)
    }
}

/// What lies in a folder, sorted by name so that the first error is always the same one.
fn list(folder: &Path) -> Result<Vec<(OsString, FileType)>, WalkError> {
    let open = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = fs::read_dir(open).and_then(|entries| {
        entries.map(|entry| entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?)))).collect()
    });
    let mut entries: Vec<_> = entries.map_err(|source| unreadable(folder, source))?;
    entries.sort_by(|a: &(OsString, FileType), b| a.0.cmp(&b.0));
    Ok(entries)
}

/// The path without links and `..`.
fn real_of(path: &Path) -> Result<PathBuf, WalkError> {
    fs::canonicalize(path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => WalkError::Missing(shown(path)),
        _ => unreadable(path, source),
    })
}

/// A path as it is met below its folder, and as what it leads to. Nothing where nothing is there.
fn spellings(path: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let met = path.file_name().and_then(|name| {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        Some(fs::canonicalize(parent.unwrap_or(Path::new("."))).ok()?.join(name))
    });
    met.into_iter().chain(fs::canonicalize(path).ok())
}

fn unreadable(path: &Path, source: io::Error) -> WalkError {
    WalkError::Unreadable { shown: shown(path), source }
}
