//! Any bytes are a price book or are refused with a line inside of them; the rows of what reads make a book or say why
//! not, and a book finds no row that does not hold.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tollgate_price::{Asked, PriceBook, read_csv, read_toml};
use tollgate_vocabulary::{Digest, Timestamp};

fuzz_target!(|bytes: &[u8]| {
    let file = "prices".into();
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count() + 1;
    for read in [read_csv, read_toml] {
        let rows = match read(&file, bytes) {
            Ok(rows) => rows,
            Err(errors) => {
                assert!(!errors.is_empty());
                for place in errors.iter().filter_map(|error| error.place.as_ref()) {
                    assert!((1..=lines + 1).contains(&place.line), "line {} of {lines}", place.line);
                }
                continue;
            }
        };
        let Ok(book) = PriceBook::new(rows, Digest::of(bytes)) else { continue };
        for row in book.rows() {
            for at in [row.valid_from, row.valid_until, Some(Timestamp::UNIX_EPOCH)].into_iter().flatten() {
                if let Some(price) = book.find(&Asked { key: &row.key, at }) {
                    assert!(price.row().holds(at));
                }
            }
        }
    }
});
