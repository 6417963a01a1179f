//! The corpus, and the prices that its plans are estimated by.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use tollgate_manifest::{Limits, json};
use tollgate_price::{PriceBook, read_csv};
use tollgate_terraform::{Plan, PlanEstimate};
use tollgate_vocabulary::{Digest, Value};

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../corpus/cost/terraform"))
}

#[expect(clippy::disallowed_methods, reason = "tests read the corpus")]
fn read(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Name, plan and expectation of each case.
pub(crate) fn cases() -> Vec<(String, Vec<u8>, Value)> {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .filter_map(|entry| {
            Some(entry.unwrap().file_name().to_str()?.strip_suffix(".expected.json")?.to_owned())
        })
        .collect();
    names.sort_unstable();
    assert!(names.len() >= 12, "the corpus is not there");
    let case = |name: String| {
        let expected = value(&read(&format!("{name}.expected.json")));
        (name.clone(), read(&format!("{name}.json")), expected)
    };
    names.into_iter().map(case).collect()
}

/// By the prices of the corpus, at a time when they hold.
pub(crate) fn estimate(plan: &Plan) -> PlanEstimate {
    static BOOK: OnceLock<PriceBook> = OnceLock::new();
    let book = BOOK.get_or_init(|| {
        let bytes = read("prices.csv");
        PriceBook::new(read_csv(&Arc::from("prices.csv"), &bytes).unwrap(), Digest::of(&bytes)).unwrap()
    });
    tollgate_terraform::estimate(plan, book, "2026-06-01T00:00:00Z".parse().unwrap())
}

pub(crate) fn value(bytes: &[u8]) -> Value {
    json::read(bytes, &Limits::default()).unwrap()
}
