//! Key files: made in one step, readable by their owner alone.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use zeroize::Zeroizing;

use crate::KeyError;

/// No key file is longer.
const MAX_BYTES: u64 = 4096;

/// Makes the folder with mode 0700, or checks that nobody else can enter the one there.
pub(crate) fn make_folder(dir: &Path) -> Result<(), KeyError> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(failed(dir))?;
    check_mode(dir, &fs::metadata(dir).map_err(failed(dir))?, 0o700)
}

pub(crate) fn exists(path: &Path) -> Result<bool, KeyError> {
    path.try_exists().map_err(failed(path))
}

/// A secret file's text, if there is one. Refused if others can reach it.
pub(crate) fn read_secret(path: &Path) -> Result<Option<Zeroizing<String>>, KeyError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(failed(path)(source)),
    };
    check_mode(path, &file.metadata().map_err(failed(path))?, 0o600)?;
    let mut text = Zeroizing::new(String::with_capacity(MAX_BYTES as usize));
    file.take(MAX_BYTES).read_to_string(&mut text).map_err(failed(path))?;
    Ok(Some(text))
}

/// A public file's text, if there is one.
pub(crate) fn read(path: &Path) -> Result<Option<String>, KeyError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(failed(path)(source)),
    }
}

/// Makes a file that is there whole or not at all.
pub(crate) fn create(path: &Path, bytes: &[u8], mode: u32) -> Result<(), KeyError> {
    let temporary = path.with_added_extension("new");
    // left by a start that was killed: nobody uses it
    let _ = fs::remove_file(&temporary);
    let written =
        OpenOptions::new().write(true).create_new(true).mode(mode).open(&temporary).and_then(|mut file| {
            file.set_permissions(fs::Permissions::from_mode(mode))?;
            file.write_all(bytes)?;
            file.sync_all()
        });
    let renamed = written.and_then(|()| fs::rename(&temporary, path));
    if let Err(source) = renamed {
        let _ = fs::remove_file(&temporary);
        return Err(failed(path)(source));
    }
    let folder = path.parent().unwrap_or(path);
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed(folder))
}

fn check_mode(path: &Path, metadata: &fs::Metadata, expected: u32) -> Result<(), KeyError> {
    let mode = metadata.mode() & 0o7777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(KeyError::Mode { path: path.to_owned(), mode, expected }) }
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> KeyError {
    let path = path.to_owned();
    move |source| KeyError::File { path, source }
}
