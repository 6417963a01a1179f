//! What holds of all books, and of all bytes.

use std::sync::Arc;

use proptest::prelude::*;
use tollgate_price::{Asked, Key, PriceBook, Purchase, Row, RowPlace, Unit, read_csv, read_toml};
use tollgate_vocabulary::{Currency, Digest, Money, Ratio, Rounding, Timestamp};

fn part() -> impl Strategy<Value = Option<Arc<str>>> {
    prop_oneof![Just(None), Just(Some("a".into())), Just(Some("b".into()))]
}

fn key() -> impl Strategy<Value = Key> {
    let resource = prop_oneof![Just("cpu"), Just("memory"), Just("x.io/y")];
    let purchase = prop_oneof![3 => Just(Purchase::OnDemand), 1 => Just(Purchase::Spot)];
    (resource, part(), part(), part(), part(), part(), purchase).prop_map(
        |(resource, class, provider, region, zone, instance_type, purchase)| Key {
            resource: resource.into(),
            class,
            provider,
            region,
            zone,
            instance_type,
            purchase,
        },
    )
}

fn at(day: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + day * 86_400).unwrap()
}

/// Rows of one key: periods that follow one another, each of some tiers.
fn rows_of_key() -> impl Strategy<Value = Vec<Row>> {
    let period = (0_i64..5, 1_i64..5, 1_u64..4);
    let periods = prop::collection::vec(period, 1..4);
    (key(), periods, any::<bool>(), any::<bool>()).prop_map(|(key, periods, from_ever, for_ever)| {
        let (mut rows, mut day) = (Vec::new(), 0);
        let last = periods.len() - 1;
        for (number, (gap, length, tiers)) in periods.into_iter().enumerate() {
            let (from, until) = (day + gap, day + gap + length);
            day = until;
            for tier in 0..tiers {
                rows.push(Row {
                    key: key.clone(),
                    unit: *Unit::of_key(&key).first().unwrap(),
                    price: Money::of_units(i128::from(number as u64 * 10 + tier), Currency::USD),
                    tier_from: Ratio::from(tier * 7),
                    valid_from: (number > 0 || !from_ever).then(|| at(from)),
                    valid_until: (number < last || !for_ever).then(|| at(until)),
                    source: "".into(),
                    place: RowPlace { file: "p".into(), line: 0 },
                });
            }
        }
        rows
    })
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec(rows_of_key(), 1..40).prop_map(|keys| {
        let mut seen = std::collections::BTreeSet::new();
        let unlike = keys.into_iter().filter(|rows| seen.insert(rows[0].key.clone()));
        let mut rows: Vec<Row> = unlike.flatten().collect();
        for (at, row) in rows.iter_mut().enumerate() {
            row.place.line = at + 2;
        }
        rows
    })
}

/// How telling a row's key is, if it fits.
fn fit(row: &Key, asked: &Key) -> Option<[bool; 4]> {
    let exact = row.resource == asked.resource && row.class == asked.class && row.purchase == asked.purchase;
    let parts = [
        (&row.instance_type, &asked.instance_type),
        (&row.zone, &asked.zone),
        (&row.region, &asked.region),
        (&row.provider, &asked.provider),
    ];
    (exact && parts.iter().all(|(row, asked)| row.is_none() || row == asked))
        .then(|| parts.map(|(row, _)| row.is_some()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn find_agrees_with_looking_at_every_row(rows in rows(), asked in key(), day in -1_i64..30) {
        let book = PriceBook::new(rows.clone(), Digest::of(b"")).unwrap();
        let time = at(day);
        let best = rows
            .iter()
            .filter(|row| row.holds(time))
            .filter_map(|row| fit(&row.key, &asked).map(|fit| (fit, row)))
            .max_by_key(|(fit, row)| (*fit, std::cmp::Reverse(row.tier_from)));
        let found = book.find(&Asked { key: &asked, at: time });
        prop_assert_eq!(found.map(|price| price.row()), best.map(|(_, row)| row));
        if let Some(price) = found {
            prop_assert!(price.tiers().iter().all(|row| row.holds(time) && row.key == price.row().key));
            let tiers = rows.iter().filter(|row| row.holds(time) && row.key == price.row().key);
            prop_assert_eq!(tiers.count(), price.tiers().len());
            prop_assert!(price.tiers().windows(2).all(|pair| pair[0].tier_from < pair[1].tier_from));
        }
    }

    #[test]
    fn rows_in_any_order_are_the_same_book(
        (rows, shuffled) in rows().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle()))
    ) {
        let book = |rows| PriceBook::new(rows, Digest::of(b"")).unwrap();
        prop_assert_eq!(book(rows), book(shuffled));
    }

    #[test]
    fn what_is_wrong_is_the_same_in_any_order(
        (rows, shuffled) in (rows(), rows()).prop_flat_map(|(mut rows, again)| {
            rows.extend(again);
            (Just(rows.clone()), Just(rows).prop_shuffle())
        })
    ) {
        let errors = |rows| PriceBook::new(rows, Digest::of(b"")).err();
        prop_assert_eq!(errors(rows), errors(shuffled));
    }

    #[test]
    fn no_two_rows_of_a_book_answer_at_once(rows in rows(), more in rows()) {
        let all: Vec<Row> = rows.into_iter().chain(more).collect();
        let clash = |a: &Row, b: &Row| {
            let ends = |row: &Row| row.valid_until.unwrap_or(Timestamp::MAX);
            let begins = |row: &Row| row.valid_from.unwrap_or(Timestamp::MIN);
            a.key == b.key && a.tier_from == b.tier_from && begins(a) < ends(b) && begins(b) < ends(a)
        };
        let clashes = all.iter().enumerate().any(|(at, a)| all[at + 1..].iter().any(|b| clash(a, b)));
        let book = PriceBook::new(all, Digest::of(b""));
        prop_assert_eq!(book.is_err(), clashes);
    }

    #[test]
    fn a_row_that_is_written_is_read_again(rows in rows(), source in "[a-z\", #]{0,12}") {
        let day = |time: Option<Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
        let text = |part: &Option<Arc<str>>| part.as_deref().unwrap_or_default().to_owned();
        let source = source.trim();
        let mut csv = "source,valid_until,valid_from,tier_from,price,unit,purchase,instance_type,zone,region,provider,class,resource,currency\r\n".to_owned();
        for row in &rows {
            let fields = [
                format!("\"{}\"", source.replace('"', "\"\"")),
                day(row.valid_until),
                day(row.valid_from),
                row.tier_from.to_string(),
                row.price.to_exact_text(),
                row.unit.to_string(),
                row.key.purchase.word().to_owned(),
                text(&row.key.instance_type),
                text(&row.key.zone),
                text(&row.key.region),
                text(&row.key.provider),
                text(&row.key.class),
                row.key.resource.to_string(),
                row.price.currency().to_string(),
            ];
            csv += &(fields.join(", ") + "\r\n");
        }
        let read = read_csv(&"p".into(), csv.as_bytes()).unwrap();
        let expected: Vec<Row> = rows.into_iter().map(|row| Row { source: source.into(), ..row }).collect();
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn more_never_costs_less(rows in rows(), few in 0_u64..40, more in 0_u64..40) {
        let book = PriceBook::new(rows, Digest::of(b"")).unwrap();
        for row in book.rows() {
            let time = row.valid_from.unwrap_or(at(0));
            if let Some(price) = book.find(&Asked { key: &row.key, at: time }) {
                let amount = |units: u64| price.amount(Ratio::from(units), Rounding::Up).unwrap().units();
                prop_assert!(amount(few) <= amount(few + more));
            }
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let file: Arc<str> = "p".into();
        prop_assert!(read_csv(&file, &bytes).is_err());
        let _ = read_toml(&file, &bytes);
    }

    #[test]
    fn no_text_makes_a_reader_panic(csv in csv_like(), toml in toml_like()) {
        let file: Arc<str> = "p".into();
        for rows in [read_csv(&file, csv.as_bytes()), read_toml(&file, toml.as_bytes())].into_iter().flatten() {
            for row in &rows {
                prop_assert!(!row.price.is_negative());
                prop_assert!(!row.key.resource.is_empty());
                prop_assert!(Unit::of_key(&row.key).contains(&row.unit));
            }
            let _ = PriceBook::new(rows, Digest::of(b""));
        }
    }
}

/// Headers that are nearly right, and lines of what such files have.
fn csv_like() -> impl Strategy<Value = String> {
    let header = prop_oneof![
        Just("resource,unit,price,currency,tier_from,valid_from"),
        Just("currency,price,unit,resource,class,valid_until"),
        Just(
            "EndTimestamp,InstanceID,Region,AssetClass,InstanceIDField,InstanceType,MarketPriceHourly,Version"
        ),
        Just("resource,unit"),
    ];
    let word = prop_oneof![
        Just("cpu"),
        Just("core-hour"),
        Just("memory"),
        Just("GiB-hour"),
        Just("1e2"),
        Just("-1"),
        Just("0.1"),
        Just("USD"),
        Just("EUR"),
        Just("2026-01-01"),
        Just("2026-01-01T00:00:00Z"),
        Just("node"),
        Just("pv"),
        Just("gpu"),
        Just("metadata.name"),
        Just("\""),
        Just("\"\""),
        Just("\"a,b\""),
        Just(" "),
        Just(""),
        Just("#"),
        Just("\u{feff}"),
        Just("é"),
        Just("\0"),
        Just("\r"),
        Just("999999999999999999999999999999999999"),
    ];
    let line = prop::collection::vec(word, 0..9).prop_map(|words| words.join(","));
    (header, prop::collection::vec(line, 0..6), prop_oneof![Just("\n"), Just("\r\n"), Just("\r")])
        .prop_map(|(header, lines, end)| format!("{header}{end}{}", lines.join(end)))
}

fn toml_like() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("[[price]]"),
        Just("[price]"),
        Just("[base]"),
        Just("[node.a]"),
        Just("[[node.a]]"),
        Just("[node.a.b]"),
        Just("resource = \"cpu\""),
        Just("unit = \"core-hour\""),
        Just("price = 0.1"),
        Just("price = 1_000"),
        Just("price = 1e-30"),
        Just("price = -0.0"),
        Just("currency = \"USD\""),
        Just("cpu = 4"),
        Just("cpu = 1e30"),
        Just("memory = 0.000000000000000001"),
        Just("memory = 16"),
        Just("gpu = 340282366920938463463374607431768211455"),
        Just("valid_from = 2026-01-01"),
        Just("valid_until = 07:32:00"),
        Just("source = '''\na'''"),
        Just("x = {a = 1}"),
        Just("gpu_resource = \"a/b\""),
        Just("tier_from = 9223372036854775807"),
    ];
    prop::collection::vec(line, 0..14).prop_map(|lines| lines.join("\n"))
}
