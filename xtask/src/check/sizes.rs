//! How long the files are: a warning for each non-test file over 500 lines, and where the middle lies.

use std::path::Path;

use super::tree::{self, Tree};
use crate::step::Done;

const LIMIT: usize = 500;

pub(crate) struct Sizes {
    pub(crate) warnings: Vec<String>,
    pub(crate) summary: String,
}

pub(crate) fn measure(root: &Path, tree: &Tree) -> Done<Sizes> {
    let mut warnings = Vec::new();
    let mut lengths = Vec::new();
    for path in tree.rust().filter(|path| !is_test(path)) {
        let lines = tree::read(root, path)?.lines().count();
        if lines > LIMIT {
            warnings.push(format!("`{}` has {lines} lines; is it still one room?", path.display()));
        }
        lengths.push(lines);
    }
    lengths.sort_unstable();
    let summary = format!(
        "sizes: {} source files without tests, median {} lines, p90 {}, longest {}",
        lengths.len(),
        share(&lengths, 50),
        share(&lengths, 90),
        share(&lengths, 100)
    );
    Ok(Sizes { warnings, summary })
}

/// Whether a file holds nothing but tests: `tests.rs`, or anything below `tests` or `benches`.
fn is_test(path: &Path) -> bool {
    path.ends_with("tests.rs") || path.iter().any(|name| name == "tests" || name == "benches")
}

/// The value that this share of the sorted values does not exceed.
fn share(sorted: &[usize], percent: usize) -> usize {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_nearest_ranks() {
        let sorted: Vec<usize> = (1..=10).collect();
        assert_eq!((share(&sorted, 50), share(&sorted, 90), share(&sorted, 100)), (5, 9, 10));
        assert_eq!(share(&[], 50), 0);
    }

    #[test]
    fn tests_are_told_from_sources() {
        assert!(is_test(Path::new("a/src/b/tests.rs")) && is_test(Path::new("a/tests/c.rs")));
        assert!(!is_test(Path::new("a/src/attests.rs")));
    }
}
