//! The files of the repository, in order, without what is built or hidden.

use std::fs;
use std::path::{Path, PathBuf};

use crate::step::{Done, Failure};

/// Paths relative to the root, sorted.
pub(crate) struct Tree {
    pub(crate) files: Vec<PathBuf>,
}

impl Tree {
    pub(crate) fn rust(&self) -> impl Iterator<Item = &PathBuf> {
        self.files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
    }
}

/// Walks the tree below `root`; hidden folders and `target` folders are none of ours.
pub(crate) fn walk(root: &Path) -> Done<Tree> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let unreadable = |error| Failure::new(format!("could not list `{}`: {error}", folder.display()));
        for entry in fs::read_dir(&folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name();
            let kind = entry.file_type().map_err(unreadable)?;
            let hidden = name.to_string_lossy().starts_with('.');
            if kind.is_dir() && !hidden && name != "target" {
                folders.push(entry.path());
            } else if kind.is_file()
                && let Ok(path) = entry.path().strip_prefix(root)
            {
                files.push(path.to_owned());
            }
        }
    }
    files.sort();
    Ok(Tree { files })
}

/// The text of a file of the tree.
pub(crate) fn read(root: &Path, path: &Path) -> Done<String> {
    fs::read_to_string(root.join(path))
        .map_err(|error| Failure::new(format!("could not read `{}`: {error}", path.display())))
}
