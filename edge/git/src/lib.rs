//! What Git holds: the files of a commit, read by the `git` that is installed.
//!
//! ```text
//! path, name ──resolve──> Revision { repository, commit } ──files──> (path, bytes)*
//! ```
//!
//! INVARIANTS: nothing of a repository is run (no hooks, no filters, no file system monitor), nothing is fetched, and
//! nothing is asked of a terminal. A name that looks like an option stays a name.

mod command;

use std::path::{Path, PathBuf};

use command::{Git, strict_text};

/// Bytes that one file may have.
const FILE_LIMIT: usize = 64 << 20;

/// A commit of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    repository: PathBuf,
    commit: String,
}

/// A file of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// relative to the repository's root, `/` between the parts
    pub path: String,
    /// what is in it
    pub bytes: Vec<u8>,
}

/// Why Git does not say.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// there is no `git`, or it cannot be started
    #[error("`git` cannot be started")]
    Start(#[source] std::io::Error),
    /// the path lies in no repository
    #[error("`{0}` is in no Git repository")]
    NoRepository(PathBuf),
    /// nothing has that name
    #[error("`{0}` names no commit here")]
    NoCommit(String),
    /// Git refused, in its own words
    #[error("git {what}: {why}")]
    Refused {
        /// the subcommand
        what: &'static str,
        /// what it said
        why: String,
    },
    /// Git said something that is not in its format
    #[error("git {0} answered in a way that is not understood")]
    Answer(&'static str),
    /// a file that is too large to be read
    #[error("`{path}` has {size} bytes, more than {FILE_LIMIT}")]
    Large {
        /// the file
        path: String,
        /// its size
        size: usize,
    },
}

impl Revision {
    /// The commit that `name` (a branch, a tag, `HEAD~3`) names in the repository around `path`.
    ///
    /// # Errors
    /// There is no repository, or nothing of that name in it.
    pub fn resolve(path: &Path, name: &str) -> Result<Self, GitError> {
        let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let git = Git::at(folder);
        let top = git
            .run("rev-parse", &["--show-toplevel"])
            .map_err(|error| refused_as(error, || GitError::NoRepository(path.to_owned())))?;
        let repository = PathBuf::from(strict_text(top, "rev-parse")?.trim_end_matches('\n'));
        let wanted = format!("{name}^{{commit}}");
        let commit = git
            .run("rev-parse", &["--verify", "--quiet", "--end-of-options", &wanted])
            .map_err(|error| refused_as(error, || GitError::NoCommit(name.to_owned())))?;
        let commit = strict_text(commit, "rev-parse")?.trim_end_matches('\n').to_owned();
        Ok(Self { repository, commit })
    }

    /// The full hash of the commit.
    #[must_use]
    pub fn commit(&self) -> &str {
        &self.commit
    }

    /// The repository's root.
    #[must_use]
    pub fn repository(&self) -> &Path {
        &self.repository
    }

    /// The regular files at and below `below` (relative to the root; empty for all) that `wanted` wants by their paths, in
    /// the order of their paths. Links and submodules are none.
    ///
    /// # Errors
    /// See [`GitError`]. That nothing is there is no error.
    pub fn files(&self, below: &str, wanted: impl Fn(&str) -> bool) -> Result<Vec<Blob>, GitError> {
        let git = Git::at(&self.repository);
        let mut arguments = vec!["-r", "-z", "--full-tree", self.commit.as_str(), "--"];
        if !below.is_empty() {
            arguments.push(below);
        }
        let listed = git.run("ls-tree", &arguments)?;
        let mut files: Vec<(String, String)> = Vec::new();
        for line in listed.split(|byte| *byte == 0).filter(|line| !line.is_empty()) {
            let line = String::from_utf8_lossy(line);
            // `<mode> SP <type> SP <object> TAB <path>`
            let (meta, path) = line.split_once('\t').ok_or(GitError::Answer("ls-tree"))?;
            let mut parts = meta.split(' ');
            let (mode, kind, object) = (parts.next(), parts.next(), parts.next());
            let regular = matches!(mode, Some("100644" | "100755" | "100664")) && kind == Some("blob");
            if regular && wanted(path) {
                let object = object.ok_or(GitError::Answer("ls-tree"))?;
                files.push((path.to_owned(), object.to_owned()));
            }
        }
        git.blobs(&files)
    }
}

fn refused_as(error: GitError, instead: impl FnOnce() -> GitError) -> GitError {
    match error {
        GitError::Refused { .. } => instead(),
        other => other,
    }
}
