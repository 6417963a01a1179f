//! Prices of nodes, split into prices of their parts.

use tollgate_price::{Asked, Key, PriceBook, Row, Unit, read_toml};
use tollgate_vocabulary::{Currency, Digest, Money, Ratio, Rounding};

fn rows(text: &str) -> Vec<Row> {
    read_toml(&"p.toml".into(), text.as_bytes()).unwrap()
}

fn price(rows: &[Row], resource: &str) -> Money {
    rows.iter().find(|row| &*row.key.resource == resource).unwrap().price
}

#[test]
fn a_node_price_is_split_by_base_prices() {
    // Ratios of 2 and 10: 4 cores, 16 GiB and 1 GPU are 8 + 16 + 10 GiB.
    let rows = rows(
        "[base]\ncpu = 2\nmemory = 1\ngpu = \"10\"\n\n[node.\"g5.xlarge\"]\nprice = 3.4\ncurrency = \"USD\"\ncpu = 4\n\
         memory = 16\ngpu = 1\nprovider = \"aws\"\nregion = \"eu\"\nsource = \"list\"\nvalid_until = 2027-01-01\n",
    );
    let said: Vec<_> = rows.iter().map(|row| format!("{}: {row}", row.place)).collect();
    assert_eq!(
        said,
        [
            "p.toml:6: instance aws eu g5.xlarge hour 3.4 USD (list)",
            "p.toml:6: cpu aws eu g5.xlarge core-hour 0.2 USD (list of a node for 3.4 USD an hour)",
            "p.toml:6: memory aws eu g5.xlarge GiB-hour 0.1 USD (list of a node for 3.4 USD an hour)",
            "p.toml:6: nvidia.com/gpu aws eu g5.xlarge gpu-hour 1 USD (list of a node for 3.4 USD an hour)",
        ]
    );
    assert!(rows.iter().all(|row| row.valid_until == Some("2027-01-01T00:00:00Z".parse().unwrap())));
}

#[test]
fn parts_add_up_to_the_node() {
    for (cpu, memory, gpu, whole) in [
        ("4", "16", "0", "0.2016"),
        ("2", "15.25", "1", "1.006"),
        ("96", "1152", "8", "32.7726"),
        ("0.25", "0.5", "0", "0.0042"),
    ] {
        let rows = rows(&format!(
            "[node.n]\ncpu = {cpu}\nmemory = {memory}\ngpu = {gpu}\nprice = {whole}\ncurrency = \"EUR\"\n"
        ));
        let eur = Currency::parse("EUR").unwrap();
        let mut sum = Money::zero(eur);
        for (resource, count) in [("cpu", cpu), ("memory", memory), ("nvidia.com/gpu", gpu)] {
            if count != "0" {
                let part = price(&rows, resource).times(Ratio::parse(count).unwrap(), Rounding::HalfUp);
                sum = sum.plus(part.unwrap()).unwrap();
            }
        }
        assert_eq!(
            sum.to_text(15, Rounding::HalfUp),
            Money::parse(whole, eur).unwrap().to_text(15, Rounding::HalfUp)
        );
        assert_eq!(rows.len(), if gpu == "0" { 3 } else { 4 });
        // What OpenCost's default prices of cores and memory are to one another, these are too.
        let ratio = price(&rows, "cpu").part_of(price(&rows, "memory")).unwrap();
        let scaled = |ratio: Ratio| {
            ratio.times(Ratio::whole(1_000_000_000)).unwrap().to_whole(Rounding::HalfUp).unwrap()
        };
        assert_eq!(scaled(ratio), scaled(Ratio::new(31_611, 4_237).unwrap()));
    }
}

#[test]
fn gpus_are_priced_each_whatever_their_number() {
    let of = |gpus: &str, price: &str| {
        rows(&format!(
            "[base]\ncpu = 1\nmemory = 1\ngpu = 1\n[node.n]\ncpu = 0\nmemory = 0\ngpu = {gpus}\nprice = {price}\ncurrency = \"USD\"\ngpu_resource = \"amd.com/gpu\"\n"
        ))
    };
    assert_eq!(price(&of("1", "2"), "amd.com/gpu"), price(&of("8", "16"), "amd.com/gpu"));
    assert_eq!(of("8", "16").len(), 2, "a node without cores has no price of a core");
}

#[test]
fn one_type_may_have_a_price_for_each_region_and_purchase() {
    let text = "[[node.\"m7i.xlarge\"]]\nregion = \"eu\"\ncpu = 4\nmemory = 16\nprice = 0.2\ncurrency = \"USD\"\n\
                [[node.\"m7i.xlarge\"]]\nregion = \"us\"\ncpu = 4\nmemory = 16\nprice = 0.1\ncurrency = \"USD\"\n\
                [[node.\"m7i.xlarge\"]]\npurchase = \"spot\"\ncpu = 4\nmemory = 16\nprice = 0.05\ncurrency = \"USD\"\n\
                [[price]]\nresource = \"cpu\"\nunit = \"core-hour\"\nprice = 1\ncurrency = \"USD\"\n";
    let book = PriceBook::new(rows(text), Digest::of(b"")).unwrap();
    let asked = Key {
        resource: "instance".into(),
        region: Some("us".into()),
        zone: Some("us-a".into()),
        instance_type: Some("m7i.xlarge".into()),
        ..Key::default()
    };
    let price = book.find(&Asked { key: &asked, at: "2026-01-01T00:00:00Z".parse().unwrap() }).unwrap();
    assert_eq!((price.row().price.to_string().as_str(), price.unit()), ("0.1 USD", Unit::Hour));
    assert_eq!(book.rows().len(), 10);
}
