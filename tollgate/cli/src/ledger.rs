//! The ledger of a data directory, read: entries by their index or by the name of a decision.

use std::path::Path;

use tollgate_flow::decision_id;
use tollgate_store::{Reader, Store, StoredEntry, View};

use crate::output::{Failure, chain};

/// Opens a ledger for reading, whether or not a gate writes there.
pub(crate) fn open(data: &Path) -> Result<Reader, Failure> {
    Store::open_read_only(data).map_err(|error| {
        format!("there is no ledger to read in `{}`: {}", data.display(), chain(&error)).into()
    })
}

/// Whether a word names an entry: `d-` and hex digits, or an index.
pub(crate) fn is_name(word: &str) -> bool {
    word.parse::<u64>().is_ok() || hex_of(word).is_some()
}

/// The entry of that name.
pub(crate) fn find(view: View<'_>, name: &str) -> Result<StoredEntry, Failure> {
    if let Ok(index) = name.parse::<u64>() {
        let size = view.size()?;
        return view
            .entry(index)?
            .ok_or_else(|| format!("there is no entry {index}: the ledger has {size}").into());
    }
    let hex = hex_of(name).ok_or_else(|| {
        format!("`{name}` names no entry: expected a decision such as `d-0123456789abcdef`, or an index")
    })?;
    let bytes: Vec<u8> = (0..hex.len() / 2)
        .filter_map(|at| hex.get(2 * at..2 * at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect();
    let mut found = view.entries_by_leaf(&bytes, 64)?;
    found.retain(|entry| entry.leaf.hex().starts_with(&hex));
    match found.len() {
        0 => Err(format!("there is no decision `{name}` in this ledger").into()),
        1 => Ok(found.remove(0)),
        several => Err(format!("`{name}` could be {several} entries: {}", ids(&found)).into()),
    }
}

fn ids(entries: &[StoredEntry]) -> String {
    entries.iter().map(|entry| decision_id(&entry.leaf)).collect::<Vec<_>>().join(", ")
}

/// The hex digits of a decision's name: two at least, so that a word is not taken for one.
fn hex_of(name: &str) -> Option<String> {
    let hex = name.strip_prefix("d-")?;
    let good = (2..=64).contains(&hex.len()) && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    good.then(|| hex.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_and_indexes_are_names_and_rules_are_not() {
        assert!(is_name("d-0123456789ABCDEF") && is_name("7"));
        assert!(!is_name("cost-centre-format") && !is_name("d-format") && !is_name("-1") && !is_name("d-a"));
    }
}
