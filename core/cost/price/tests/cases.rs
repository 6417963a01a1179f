//! The price files of the cost cases.

mod data;

use std::sync::Arc;

use tollgate_price::{Asked, Key, PriceBook, Unit, read_csv};
use tollgate_vocabulary::Digest;

#[test]
fn each_price_file_of_the_cost_cases_is_a_book() {
    let Some(files) = data::files("cost-cases") else { return };
    let books: Vec<_> = files.iter().filter(|(name, _)| name.ends_with("prices.csv")).collect();
    assert!(books.len() >= 38);
    for (name, bytes) in books {
        let rows = read_csv(&Arc::from(name.as_str()), bytes).unwrap();
        assert_eq!(rows.len(), 8, "{name}");
        let book = PriceBook::new(rows, Digest::of(bytes)).unwrap();
        let key = Key { resource: "storage".into(), class: Some("fast".into()), ..Key::default() };
        let at = "2026-06-01T00:00:00Z".parse().unwrap();
        let price = book.find(&Asked { key: &key, at }).unwrap();
        assert_eq!(price.row().to_string(), "storage/fast GiB-hour 0.000171 USD (list)");
        assert_eq!(price.unit(), Unit::GibHour);
        assert_eq!(price.row().place.to_string(), format!("{name}:8"));
        let at = "2027-01-01T00:00:00Z".parse().unwrap();
        assert!(book.find(&Asked { key: &key, at }).is_none());
        assert_eq!(book.check_validity(at).len(), 8);
    }
}
