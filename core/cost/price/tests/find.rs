//! What a book answers.

use tollgate_price::{Asked, Key, Price, PriceBook, Purchase, read_csv, read_toml};
use tollgate_vocabulary::{Digest, Ratio, Rounding, Timestamp};

fn book(text: &str) -> PriceBook {
    PriceBook::new(read_csv(&"p.csv".into(), text.as_bytes()).unwrap(), Digest::of(text.as_bytes())).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A key by what is written: `cpu/fast provider=aws`.
fn key(text: &str) -> Key {
    let mut words = text.split(' ');
    let (resource, class) = match words.next().unwrap().split_once('#') {
        Some((resource, class)) => (resource, Some(class.into())),
        None => (text.split(' ').next().unwrap(), None),
    };
    let mut key = Key { resource: resource.into(), class, ..Key::default() };
    for word in words {
        match word.split_once('=').unwrap() {
            ("provider", value) => key.provider = Some(value.into()),
            ("region", value) => key.region = Some(value.into()),
            ("zone", value) => key.zone = Some(value.into()),
            ("type", value) => key.instance_type = Some(value.into()),
            ("purchase", value) => key.purchase = Purchase::from_word(value).unwrap(),
            other => panic!("{other:?}"),
        }
    }
    key
}

fn found(book: &PriceBook, text: &str) -> Option<String> {
    let key = key(text);
    book.find(&Asked { key: &key, at: at("2026-06-01T00:00:00Z") })
        .map(|price| price.row().source.to_string())
}

#[test]
fn the_most_specific_row_that_fits_answers() {
    let book = book(
        "resource,class,provider,region,zone,instance_type,purchase,unit,price,currency,source
cpu,,,,,,,core-hour,1,USD,any
cpu,,aws,,,,,core-hour,1,USD,aws
cpu,,aws,eu,,,,core-hour,1,USD,aws eu
cpu,,,eu,,,,core-hour,1,USD,eu
cpu,,aws,eu,eu-a,,,core-hour,1,USD,aws eu-a
cpu,,,,,m7i,,core-hour,1,USD,m7i
cpu,,aws,eu,,m7i,,core-hour,1,USD,aws eu m7i
cpu,,,,,,spot,core-hour,1,USD,spot
cpu,,,eu,,,spot,core-hour,1,USD,eu spot
storage,fast,,,,,,GiB-hour,1,USD,fast
storage,,aws,,,,,GiB-hour,1,USD,storage of aws
",
    );
    for (asked, answer) in [
        ("cpu", Some("any")),
        ("cpu provider=gcp", Some("any")),
        ("cpu provider=aws", Some("aws")),
        ("cpu provider=gcp region=eu", Some("eu")),
        ("cpu provider=aws region=eu", Some("aws eu")),
        ("cpu provider=aws region=eu zone=eu-a", Some("aws eu-a")),
        ("cpu provider=aws region=eu zone=eu-b", Some("aws eu")),
        // Instance type counts more than zone, region and provider together.
        ("cpu provider=aws region=us zone=us-a type=m7i", Some("m7i")),
        ("cpu provider=aws region=eu zone=eu-a type=m7i", Some("aws eu m7i")),
        ("cpu provider=aws region=eu zone=eu-a type=c7i", Some("aws eu-a")),
        // How it is bought must be equal.
        ("cpu purchase=spot", Some("spot")),
        ("cpu provider=aws region=eu purchase=spot", Some("eu spot")),
        ("cpu purchase=reserved", None),
        // So must the class be, and none is a class too.
        ("storage#fast provider=aws", Some("fast")),
        ("storage#slow provider=aws", None),
        ("storage provider=aws", Some("storage of aws")),
        ("storage", None),
        ("cpu#fast", None),
        ("memory", None),
        ("", None),
        ("zzz", None),
    ] {
        assert_eq!(found(&book, asked).as_deref(), answer, "{asked}");
    }
}

#[test]
fn a_more_specific_row_that_does_not_hold_gives_way() {
    let book = book(
        "resource,region,unit,price,currency,valid_from,valid_until,source
cpu,,core-hour,1,USD,,,any
cpu,eu,core-hour,2,USD,2026-01-01,2026-03-01,winter
cpu,eu,core-hour,3,USD,2026-07-01,,summer
",
    );
    for (time, answer) in [
        ("2025-12-31T23:59:59Z", "any"),
        ("2026-01-01T00:00:00Z", "winter"),
        ("2026-02-28T23:59:59.999Z", "winter"),
        ("2026-03-01T00:00:00Z", "any"),
        ("2026-07-01T00:00:00Z", "summer"),
        ("9999-01-01T00:00:00Z", "summer"),
    ] {
        let key = key("cpu region=eu");
        let price = book.find(&Asked { key: &key, at: at(time) }).unwrap();
        assert_eq!(&*price.row().source, answer, "{time}");
    }
}

#[test]
fn an_amount_is_graduated_over_its_tiers() {
    let book = book(
        "resource,unit,tier_from,price,currency
egress,GiB,100,0.09,USD
egress,GiB,0,0,USD
egress,GiB,10240,0.085,USD
storage,GiB-hour,,0.5,USD
",
    );
    let amount = |price: &Price<'_>, quantity: &str| {
        price.amount(Ratio::parse(quantity).unwrap(), Rounding::HalfUp).unwrap().to_string()
    };
    let asked = key("egress");
    let price = book.find(&Asked { key: &asked, at: at("2026-06-01T00:00:00Z") }).unwrap();
    assert_eq!(price.tiers().len(), 3);
    assert_eq!(price.row().tier_from, Ratio::ZERO);
    for (quantity, costs) in [
        ("0", "0 USD"),
        ("100", "0 USD"),
        ("101", "0.09 USD"),
        ("100.5", "0.045 USD"),
        ("10240", "912.6 USD"),
        ("20480", "1783 USD"),
    ] {
        assert_eq!(amount(&price, quantity), costs, "{quantity}");
    }
    let asked = key("storage");
    let price = book.find(&Asked { key: &asked, at: at("2026-06-01T00:00:00Z") }).unwrap();
    assert_eq!(amount(&price, "3"), "1.5 USD");
    let whole = Ratio::whole(u128::MAX);
    assert!(price.amount(whole, Rounding::Up).is_err());
}

#[test]
fn tiers_change_together_when_their_time_comes() {
    let book = book(
        "resource,unit,tier_from,price,currency,valid_from,valid_until
egress,GiB,0,1,USD,,2026-01-01
egress,GiB,10,2,USD,,2026-01-01
egress,GiB,0,3,USD,2026-01-01,
",
    );
    let asked = key("egress");
    let tiers = |time| book.find(&Asked { key: &asked, at: at(time) }).unwrap().tiers().len();
    assert_eq!((tiers("2025-01-01T00:00:00Z"), tiers("2026-01-01T00:00:00Z")), (2, 1));
}

#[test]
fn a_row_says_what_it_is() {
    let text = "resource,class,region,purchase,unit,tier_from,price,currency,source
cpu,,,,core-hour,,0.0316110,USD,list
storage,fast,eu-west-1,spot,GiB-month,0,0.1,USD,\"a, \"\"quoted\"\" one\"
storage,fast,eu-west-1,spot,GiB-month,1.5e3,0.09,USD,
storage,P10,,,month,,19.71,USD,whole disk
";
    let rows = read_csv(&"prices/p.csv".into(), text.as_bytes()).unwrap();
    let said: Vec<_> = rows.iter().map(|row| format!("{}: {row}", row.place)).collect();
    assert_eq!(
        said,
        [
            "prices/p.csv:2: cpu core-hour 0.031611 USD (list)",
            "prices/p.csv:3: storage/fast eu-west-1 spot GiB-month 0.1 USD (a, \"quoted\" one)",
            "prices/p.csv:4: storage/fast eu-west-1 spot GiB-month 0.09 USD above 1500",
            "prices/p.csv:5: storage/P10 month 19.71 USD (whole disk)",
        ]
    );
}

#[test]
fn toml_says_the_same_as_csv() {
    let csv = "resource,class,unit,price,currency,tier_from,valid_from,valid_until,source,purchase\n\
               storage,fast,GiB-month,5.479452e-05,USD,0,2026-01-01,2027-01-01T00:00:00+01:00,list,reserved\n";
    let toml = "[[price]]\nresource = 'storage'\nclass = \"fast\"\nunit = \"GiB-month\"\nprice = 5.479452e-05\n\
                currency = \"USD\"\ntier_from = 0\nvalid_from = 2026-01-01\nvalid_until = 2027-01-01T00:00:00+01:00\n\
                source = \"list\"\npurchase = \"reserved\"\nregion = \"\"\n";
    let csv = read_csv(&"p".into(), csv.as_bytes()).unwrap();
    let mut toml = read_toml(&"p".into(), toml.as_bytes()).unwrap();
    assert_eq!(toml[0].place.line, 1);
    toml[0].place.line = 2;
    assert_eq!(csv, toml);
    assert_eq!(csv[0].price.to_string(), "0.00005479452 USD");
}
