//! Files that are there whole or not at all: written beside their place, synced, renamed, their folder synced.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// A file that cannot be written or read.
#[derive(Debug, thiserror::Error)]
#[error("cannot write `{}`", path.display())]
pub(crate) struct FileError {
    pub(crate) path: PathBuf,
    pub(crate) source: io::Error,
}

/// Writes files below one folder. What was written is certain only after [`Files::sync`].
pub(crate) struct Files {
    root: PathBuf,
    unsynced: BTreeSet<PathBuf>,
}

impl Files {
    pub(crate) const fn below(root: PathBuf) -> Self {
        Self { root, unsynced: BTreeSet::new() }
    }

    /// Writes a file in one step; folders are made as needed.
    pub(crate) fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), FileError> {
        let path = self.root.join(name);
        let folder = path.parent().unwrap_or(&self.root).to_owned();
        self.make(&folder)?;
        let temporary = path.with_added_extension("new");
        let result = File::create(&temporary)
            .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&temporary, &path));
        if let Err(source) = result {
            let _ = fs::remove_file(&temporary);
            return Err(FileError { path, source });
        }
        self.unsynced.insert(folder);
        Ok(())
    }

    /// Waits until all names written are on the disk.
    pub(crate) fn sync(&mut self) -> Result<(), FileError> {
        while let Some(folder) = self.unsynced.pop_last() {
            let synced = File::open(&folder).and_then(|file| file.sync_all());
            synced.map_err(|source| FileError { path: folder, source })?;
        }
        Ok(())
    }

    /// Deletes a folder that is not needed any more. Nothing depends on its being gone.
    pub(crate) fn discard(&self, name: &str) {
        let _ = fs::remove_dir_all(self.root.join(name));
    }

    fn make(&mut self, folder: &Path) -> Result<(), FileError> {
        if folder.is_dir() {
            return Ok(());
        }
        if let Some(parent) = folder.parent() {
            self.make(parent)?;
            self.unsynced.insert(parent.to_owned());
        }
        match fs::create_dir(folder) {
            Err(source) if source.kind() != io::ErrorKind::AlreadyExists => {
                Err(FileError { path: folder.to_owned(), source })
            }
            _ => Ok(()),
        }
    }
}

/// A file's bytes, or none where there is no file.
pub(crate) fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
