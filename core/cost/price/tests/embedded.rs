//! The prices that ship in the binary.

use tollgate_price::{Asked, Key, PriceBook, Purchase, read_toml};
use tollgate_vocabulary::{Currency, Timestamp};

fn price(resource: &str, purchase: Purchase, at: &str) -> Option<String> {
    let key = Key { resource: resource.into(), purchase, ..Key::default() };
    let asked = Asked { key: &key, at: at.parse().unwrap() };
    PriceBook::embedded().find(&asked).map(|price| price.row().price.to_exact_text())
}

#[test]
fn the_embedded_book_has_the_defaults_at_any_time() {
    for at in ["1990-01-01T00:00:00Z", "2026-11-28T00:00:00Z", "2090-01-01T00:00:00Z"] {
        for (resource, purchase, expected) in [
            ("cpu", Purchase::OnDemand, Some("0.031611")),
            ("cpu", Purchase::Spot, Some("0.006655")),
            ("memory", Purchase::OnDemand, Some("0.004237")),
            ("memory", Purchase::Spot, Some("0.000892")),
            ("nvidia.com/gpu", Purchase::OnDemand, Some("0.95")),
            ("nvidia.com/gpu", Purchase::Spot, None),
            ("storage", Purchase::OnDemand, Some("0.00005479452")),
            ("ephemeral-storage", Purchase::OnDemand, Some("0.00005479452")),
            ("load-balancer", Purchase::OnDemand, Some("0.0225")),
            ("cpu", Purchase::Reserved, None),
        ] {
            assert_eq!(price(resource, purchase, at).as_deref(), expected, "{resource} {purchase:?}");
        }
    }
    let book = PriceBook::embedded();
    assert_eq!(book.rows().len(), 8);
    assert_eq!(PriceBook::new(book.rows().to_vec(), book.digest()), Ok(book.clone()));
    assert_eq!(book.currency(), Currency::USD);
    assert!(book.check_validity("2090-01-01T00:00:00Z".parse().unwrap()).is_empty());
    assert!(book.rows().iter().all(|row| row.valid_until.is_none()));
}

#[test]
fn the_embedded_book_knows_its_date_and_age() {
    let date = PriceBook::embedded_date().to_string();
    for row in PriceBook::embedded().rows() {
        assert!(row.source.contains(&date), "{row}");
    }
    let age = |at: &str| PriceBook::embedded_age(at.parse::<Timestamp>().unwrap());
    assert_eq!(age("2026-11-28T23:59:59Z"), 0);
    assert_eq!(age("2026-11-29T00:00:00Z"), 1);
    assert_eq!(age("2027-11-28T12:00:00Z"), 365);
    assert_eq!(age("2020-01-01T00:00:00Z"), 0);
}

#[test]
fn nodes_are_split_by_the_embedded_prices() {
    // A node that costs what its parts cost by the embedded book: 1 core, 1 GiB and 1 GPU.
    let text = "[node.n]\ncpu = 1\nmemory = 1\ngpu = 1\nprice = 0.985848\ncurrency = \"USD\"\n";
    let rows = read_toml(&"p.toml".into(), text.as_bytes()).unwrap();
    for row in rows.iter().filter(|row| &*row.key.resource != "instance") {
        let embedded = price(&row.key.resource, Purchase::OnDemand, "2026-11-28T00:00:00Z");
        assert_eq!(Some(row.price.to_exact_text()), embedded);
    }
}
