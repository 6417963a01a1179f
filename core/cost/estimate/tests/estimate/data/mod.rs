//! Finds what tests read: shared data at `TOLLGATE_TEST_DATA`, else `shared/data` beside the repository; and the corpus.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tollgate_manifest::{Limits, Mask, read, read_values};
use tollgate_price::{PriceBook, read_csv};
use tollgate_vocabulary::{Digest, Value};

/// The folder of shared data, or nothing, said loudly.
#[expect(clippy::disallowed_methods, reason = "tests find their data in the environment")]
pub(crate) fn shared() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/data");
    let root = PathBuf::from(std::env::var("TOLLGATE_TEST_DATA").unwrap_or_else(|_| default.into()));
    if root.is_dir() {
        Some(root)
    } else {
        eprintln!("SKIPPED: no test data at {}", root.display());
        None
    }
}

/// The folder of our own cases.
pub(crate) fn corpus() -> PathBuf {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../../corpus/cost").into()
}

#[expect(clippy::disallowed_methods, reason = "tests read their data")]
pub(crate) fn bytes(file: &Path) -> Vec<u8> {
    std::fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// What stands in a folder, sorted.
pub(crate) fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut entries: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

/// All documents of a file of YAML or JSON.
pub(crate) fn values(name: &str, text: &[u8]) -> Vec<Value> {
    let read = read_values(text, &Limits::default());
    let values = read.unwrap_or_else(|error| panic!("{name}: {error}"));
    values.into_iter().filter(|value| !value.is_null()).collect()
}

/// All objects of a file, as kubectl reads them.
pub(crate) fn objects(name: &str, text: &[u8]) -> Vec<Value> {
    let reading = read(text, &Mask::new([0; 32]), &Limits::default());
    let reading = reading.unwrap_or_else(|error| panic!("{name}: {error}"));
    reading.objects.into_iter().map(|written| Value::clone(&written.object.value)).collect()
}

/// A book of one CSV file.
pub(crate) fn book(name: &str, text: &[u8]) -> PriceBook {
    let rows = read_csv(&Arc::from(name), text).unwrap_or_else(|errors| panic!("{name}: {errors:?}"));
    PriceBook::new(rows, Digest::of(text)).unwrap_or_else(|errors| panic!("{name}: {errors:?}"))
}

/// The text under a key.
pub(crate) fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The texts in the list under a key.
pub(crate) fn texts(value: &Value, key: &str) -> Vec<String> {
    let items = value.get(key).and_then(Value::as_array).unwrap_or_default();
    items.iter().map(|item| item.as_str().expect("a text").to_owned()).collect()
}
