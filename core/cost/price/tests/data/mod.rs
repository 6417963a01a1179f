//! Finds the real data that tests read: `TOLLGATE_TEST_DATA`, else `shared/data` beside the repository.

use std::path::PathBuf;

/// The folder, or nothing, said loudly.
#[expect(clippy::disallowed_methods, reason = "tests find their data in the environment")]
pub(crate) fn root() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/data");
    let root = PathBuf::from(std::env::var("TOLLGATE_TEST_DATA").unwrap_or_else(|_| default.into()));
    if root.is_dir() {
        Some(root)
    } else {
        eprintln!("SKIPPED: no test data at {}", root.display());
        None
    }
}

/// All files below a folder of it, sorted, with their path from that folder.
#[expect(clippy::disallowed_methods, reason = "tests read their data")]
pub(crate) fn files(folder: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let base = root()?.join(folder);
    let (mut folders, mut files) = (vec![base.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&base).unwrap().to_string_lossy().into_owned();
                files.push((name, std::fs::read(&path).unwrap()));
            }
        }
    }
    files.sort();
    Some(files)
}
