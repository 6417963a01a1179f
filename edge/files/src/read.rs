//! Reading one file, or standard input, within a limit.
//!
//! INVARIANT: never more than `limit + 1` bytes are held, and no pipe or device is waited for: the file is opened
//! without blocking, and what was opened (not what lay there before) must be a regular file.

use std::fs::{File, FileType, OpenOptions};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use crate::walk::shown;

/// Why bytes could not be read. The path is as the caller named it; standard input is `-`.
#[derive(Debug, thiserror::Error)]
pub enum ReadFileError {
    /// nothing is there
    #[error("`{0}` does not exist")]
    Missing(Arc<str>),
    /// the system does not let it be read
    #[error("cannot read `{path}`")]
    Unreadable {
        /// the file
        path: Arc<str>,
        /// what the system said
        source: io::Error,
    },
    /// more bytes than allowed
    #[error("`{path}` is larger than {limit} bytes")]
    TooLarge {
        /// the file
        path: Arc<str>,
        /// bytes that are allowed
        limit: u64,
    },
    /// a folder, pipe, socket or device
    #[error("`{path}` is {what}, not a regular file")]
    NotRegular {
        /// what was to be read
        path: Arc<str>,
        /// what it is
        what: &'static str,
    },
}

/// The bytes of a regular file of at most `limit` bytes.
///
/// # Errors
/// Names the path and what is wrong with it.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, ReadFileError> {
    let file = open(path).map_err(|source| refused(path, source))?;
    let metadata = file.metadata().map_err(|source| refused(path, source))?;
    if !metadata.is_file() {
        return Err(ReadFileError::NotRegular { path: shown(path), what: word(metadata.file_type()) });
    }
    if metadata.len() > limit {
        return Err(ReadFileError::TooLarge { path: shown(path), limit });
    }
    read_within(file, limit, metadata.len(), &shown(path))
}

/// The bytes of standard input, at most `limit` of them.
///
/// # Errors
/// Too many bytes, or what the system said.
pub fn read_stdin(limit: u64) -> Result<Vec<u8>, ReadFileError> {
    read_within(io::stdin().lock(), limit, 0, &"-".into())
}

fn read_within(
    source: impl Read,
    limit: u64,
    expected: u64,
    path: &Arc<str>,
) -> Result<Vec<u8>, ReadFileError> {
    let mut bytes = Vec::with_capacity(usize::try_from(expected.saturating_add(1)).unwrap_or(0));
    source
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|source| ReadFileError::Unreadable { path: path.clone(), source })?;
    if bytes.len() as u64 > limit {
        return Err(ReadFileError::TooLarge { path: path.clone(), limit });
    }
    Ok(bytes)
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

/// Opening says what is wrong for what cannot be opened at all (a socket); nothing is opened to find out.
fn refused(path: &Path, source: io::Error) -> ReadFileError {
    match path.metadata() {
        Ok(metadata) if !metadata.is_file() => {
            ReadFileError::NotRegular { path: shown(path), what: word(metadata.file_type()) }
        }
        _ if source.kind() == io::ErrorKind::NotFound => ReadFileError::Missing(shown(path)),
        _ => ReadFileError::Unreadable { path: shown(path), source },
    }
}

#[cfg(unix)]
fn word(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    match kind {
        kind if kind.is_dir() => "a folder",
        kind if kind.is_fifo() => "a pipe",
        kind if kind.is_socket() => "a socket",
        _ => "a device",
    }
}

#[cfg(not(unix))]
fn word(kind: FileType) -> &'static str {
    if kind.is_dir() { "a folder" } else { "something else" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_cut_off_behind_its_limit() {
        let endless = io::repeat(b'x');
        let error = read_within(endless, 1000, 0, &"-".into()).unwrap_err();
        assert_eq!(error.to_string(), "`-` is larger than 1000 bytes");
        assert_eq!(read_within(&b"abc"[..], 3, 0, &"-".into()).unwrap(), b"abc");
    }

    #[test]
    fn a_file_that_grows_under_the_reader_keeps_its_limit() {
        assert!(read_within(&b"abcd"[..], 3, 1, &"f".into()).is_err(), "whatever its metadata said");
    }
}
