//! What is wrong in a price file is said with its file, its line and its column, all at once.

use std::sync::Arc;

use tollgate_price::{BookError, PriceBook, Row, read_csv, read_toml};
use tollgate_vocabulary::Digest;

const HEAD: &str = "resource,class,unit,price,currency,tier_from,valid_from,valid_until,source,purchase\n";

fn said(errors: &[BookError]) -> Vec<String> {
    errors.iter().map(ToString::to_string).collect()
}

fn book(read: Result<Vec<Row>, Vec<BookError>>) -> Vec<String> {
    match read.and_then(|rows| PriceBook::new(rows, Digest::of(b""))) {
        Ok(book) => panic!("{:?}", book.rows()),
        Err(errors) => said(&errors),
    }
}

fn csv(text: &[u8]) -> Vec<String> {
    book(read_csv(&Arc::from("p.csv"), text))
}

fn toml(text: &str) -> Vec<String> {
    book(read_toml(&Arc::from("p.toml"), text.as_bytes()))
}

#[test]
fn each_bad_csv_row_is_named_with_its_line_and_column() {
    let date = "is not a date such as `2026-01-01` or a time such as `2026-01-01T00:00:00Z`";
    for (row, message) in [
        ("cpu,,core-hour,1,USD,,,,", "9 fields, but the header names 10"),
        (",,core-hour,1,USD,,,,,", "resource: is missing"),
        ("cpu,,,1,USD,,,,,", "unit: is missing"),
        ("cpu,,core-hour,,USD,,,,,", "price: is missing"),
        ("cpu,,core-hour,1,,,,,,", "currency: is missing"),
        (
            "cpu,,cores,1,USD,,,,,",
            "unit: `cores` is not one of core-hour, GiB-hour, gpu-hour, hour, month, GiB-month, GiB, each",
        ),
        ("cpu,,GiB-hour,1,USD,,,,,", "unit: `cpu` is not priced by GiB-hour, but by core-hour"),
        (
            "memory,,core-hour,1,USD,,,,,",
            "unit: `memory` is not priced by core-hour, but by GiB-hour, GiB-month",
        ),
        ("storage,,month,1,USD,,,,,", "unit: `storage` is not priced by month, but by GiB-hour, GiB-month"),
        ("instance,,gpu-hour,1,USD,,,,,", "unit: `instance` is not priced by gpu-hour, but by hour, month"),
        (
            "nvidia.com/gpu,,GiB,1,USD,,,,,",
            "unit: `nvidia.com/gpu` is not priced by GiB, but by gpu-hour, hour, month",
        ),
        ("cpu,,core-hour,one,USD,,,,,", "price: `one` is no amount: a decimal number such as `0.031611`"),
        ("cpu,,core-hour,NaN,USD,,,,,", "price: `NaN` is no amount: a decimal number such as `0.031611`"),
        ("cpu,,core-hour,-1,USD,,,,,", "price: `-1` is negative"),
        ("cpu,,core-hour,1e400,USD,,,,,", "price: the amount is too large: more than 1.7 * 10^20"),
        ("cpu,,core-hour,1e-19,USD,,,,,", "price: `1e-19` has more than 18 digits behind the point"),
        (
            "cpu,,core-hour,1,usd,,,,,",
            "currency: `usd` is no currency: three capital letters such as `USD` (ISO 4217)",
        ),
        ("cpu,,core-hour,1,USD,-5,,,,", "tier_from: `-5` is negative"),
        ("cpu,,core-hour,1,USD,x,,,,", "tier_from: `x` is no amount: a decimal number such as `0.031611`"),
        ("cpu,,core-hour,1,USD,,2026-1-1,,,", &format!("valid_from: `2026-1-1` {date}")),
        ("cpu,,core-hour,1,USD,,2026-02-30,,,", &format!("valid_from: `2026-02-30` {date}")),
        (
            "cpu,,core-hour,1,USD,,2026-01-01T00:00:00,,,",
            &format!("valid_from: `2026-01-01T00:00:00` {date}"),
        ),
        ("cpu,,core-hour,1,USD,,,2026-01-01 00:00Z,,", &format!("valid_until: `2026-01-01 00:00Z` {date}")),
        (
            "cpu,,core-hour,1,USD,,2026-01-01,2026-01-01,,",
            "valid_until: holds until 2026-01-01T00:00:00Z, which is not after 2026-01-01T00:00:00Z, from when it holds",
        ),
        ("cpu,,core-hour,1,USD,,,,,cheap", "purchase: `cheap` is not one of on-demand, spot, reserved"),
        ("cpu,\"a\nb\",core-hour,1,USD,,,,,", "class: has a control character"),
        ("cpu,a\0b,core-hour,1,USD,,,,,", "class: has a control character"),
        (
            "cpu,\"a\"b,core-hour,1,USD,,,,,",
            "a quote stands inside a field: quote the whole field, and write each quote in it twice",
        ),
        (
            "cpu,a\"b\",core-hour,1,USD,,,,,",
            "a quote stands inside a field: quote the whole field, and write each quote in it twice",
        ),
        ("cpu,\"ab,core-hour,1,USD,,,,,", "a quoted field is not closed"),
    ] {
        assert_eq!(csv(format!("{HEAD}\n{row}\n").as_bytes()), [format!("p.csv:3: {message}")], "{row}");
    }
}

#[test]
fn a_header_is_refused_with_all_that_is_wrong_with_it() {
    assert_eq!(
        csv(b"# prices\nresource,Unit,price,price,per\ncpu,core-hour,1,2,3\n"),
        [
            "p.csv:2: Unit: no column or key is called that; there are resource, class, provider, region, zone, \
             instance_type, purchase, unit, price, currency, tier_from, valid_from, valid_until, source",
            "p.csv:2: price: stands twice in the header",
            "p.csv:2: per: no column or key is called that; there are resource, class, provider, region, zone, \
             instance_type, purchase, unit, price, currency, tier_from, valid_from, valid_until, source",
            "p.csv:2: unit: the column is missing",
            "p.csv:2: currency: the column is missing",
        ]
    );
}

#[test]
fn a_file_without_prices_is_refused() {
    for empty in ["", "\n\n", "# nothing\n", "\u{feff}"] {
        assert_eq!(csv(empty.as_bytes()), ["p.csv:1: there are no prices"], "{empty:?}");
    }
    assert_eq!(csv(HEAD.as_bytes()), ["p.csv:1: there are no prices"]);
    assert_eq!(toml("# nothing\n"), ["p.toml:1: there are no prices"]);
    assert_eq!(toml("[base]\ncpu = 2\n"), ["p.toml:1: there are no prices"]);
    assert_eq!(said(&PriceBook::new(Vec::new(), Digest::of(b"")).unwrap_err()), ["there are no prices"]);
}

#[test]
fn bytes_that_are_no_text_are_refused_at_their_line() {
    assert_eq!(csv(b"resource\ncpu\n\xff\xfe"), ["p.csv:3: the file is not UTF-8"]);
}

#[test]
fn all_errors_of_a_file_come_at_once() {
    let text =
        format!("{HEAD}cpu,,GiB,x,usd,,,,,\nmemory,,GiB-hour,1,USD,,,,,\nmemory,,GiB-hour,-1,USD,,,soon,,\n");
    assert_eq!(
        csv(text.as_bytes()),
        [
            "p.csv:2: currency: `usd` is no currency: three capital letters such as `USD` (ISO 4217)",
            "p.csv:2: price: `x` is no amount: a decimal number such as `0.031611`",
            "p.csv:2: unit: `cpu` is not priced by GiB, but by core-hour",
            "p.csv:4: price: `-1` is negative",
            "p.csv:4: valid_until: `soon` is not a date such as `2026-01-01` or a time such as `2026-01-01T00:00:00Z`",
        ]
    );
}

#[test]
fn rows_that_contradict_one_another_name_both_places() {
    for (rows, messages) in [
        // The same row, and the same price from another source.
        (
            "cpu,,core-hour,1,USD,,,,a,\ncpu,,core-hour,1,USD,,,,b,\n",
            vec!["p.csv:3: cpu: stands twice, first at p.csv:2"],
        ),
        (
            "cpu,,core-hour,1,USD,,,,,\ncpu,,core-hour,2,USD,,,,,\n",
            vec!["p.csv:3: cpu: contradicts p.csv:2, which has another price for the same time"],
        ),
        (
            "cpu,,core-hour,1,USD,,2026-01-01,2027-01-01,,\ncpu,,core-hour,2,USD,,2026-12-31,,,\n",
            vec!["p.csv:3: cpu: contradicts p.csv:2, which has another price for the same time"],
        ),
        // One that holds for ever contradicts all behind it, not only its neighbour.
        (
            "cpu,,core-hour,1,USD,,,,,\ncpu,,core-hour,2,USD,,2026-01-01,2026-02-01,,\ncpu,,core-hour,1,USD,,2026-02-01,,,\n",
            vec![
                "p.csv:3: cpu: contradicts p.csv:2, which has another price for the same time",
                "p.csv:4: cpu: stands twice, first at p.csv:2",
            ],
        ),
        (
            "storage,,GiB-hour,1,USD,,,,,\nstorage,,GiB-month,1,USD,10,,,,\n",
            vec!["p.csv:3: storage: is priced by GiB-month, but by GiB-hour at p.csv:2, for the same time"],
        ),
        (
            "storage,fast,GiB-month,1,USD,,,,,\nstorage,fast,GiB-month,0.9,USD,10,2026-01-01,,,\n",
            vec![
                "p.csv:3: storage/fast: the first tier begins at 10, not at 0 (tiers of one price all hold from and until \
                 the same time)",
            ],
        ),
        (
            "storage,,GiB-month,1,USD,0,,,,spot\nstorage,,GiB-month,0.9,USD,10.0,,,,spot\nstorage,,GiB-month,0.8,USD,10,,,,spot\n",
            vec!["p.csv:4: storage spot: contradicts p.csv:3, which has another price for the same time"],
        ),
        (
            "cpu,,core-hour,1,USD,,,,,\nmemory,,GiB-hour,1,EUR,,,,,\nstorage,,GiB-hour,1,EUR,,,,,\n",
            vec!["p.csv:3: is in EUR, but p.csv:2 is in USD: a book has one currency"],
        ),
    ] {
        assert_eq!(csv(format!("{HEAD}{rows}").as_bytes()), messages, "{rows}");
    }
}

#[test]
fn a_key_that_is_out_of_date_is_named_at_its_last_row() {
    let text = format!(
        "{HEAD}cpu,,core-hour,1,USD,,,2026-01-01,,\ncpu,,core-hour,2,USD,,2026-01-01,2026-06-01,,\nmemory,,GiB-hour,1,USD,,,2026-06-01,,\nmemory,,GiB-hour,1,USD,,2027-01-01,,,\n"
    );
    let book = PriceBook::new(read_csv(&"p.csv".into(), text.as_bytes()).unwrap(), Digest::of(b"")).unwrap();
    assert_eq!(said(&book.check_validity("2026-05-31T23:59:59Z".parse().unwrap())), Vec::<String>::new());
    assert_eq!(
        said(&book.check_validity("2026-06-01T00:00:00Z".parse().unwrap())),
        ["p.csv:3: cpu: has no price any more, the last held until 2026-06-01T00:00:00Z"]
    );
}

#[test]
fn each_bad_toml_table_is_named_with_its_line_and_key() {
    let price = "[[price]]\nresource = \"cpu\"\nunit = \"core-hour\"\ncurrency = \"USD\"\n";
    let node = "[node.\"m7i.xlarge\"]\ncpu = 4\nmemory = 16\ncurrency = \"USD\"\n";
    for (text, message) in [
        (price.to_owned(), "1: price: is missing"),
        (
            format!("{price}price = 1\nper = 2\n"),
            "6: per: no column or key is called that; there are resource, class, provider, region, zone, instance_type, purchase, unit, price, currency, tier_from, valid_from, valid_until, source",
        ),
        (format!("{price}price = -1.5\n"), "5: price: `-1.5` is negative"),
        (
            format!("{price}price = inf\n"),
            "5: price: `inf` is no amount: a decimal number such as `0.031611`",
        ),
        (
            format!("{price}price = 0x10\n"),
            "5: price: `0x10` is no amount: a decimal number such as `0.031611`",
        ),
        (format!("{price}price = true\n"), "5: price: `boolean` is not a text, a number or a date"),
        (format!("{price}price = [1]\n"), "5: price: `array` is not a text, a number or a date"),
        (format!("{price}price = 1\nprice = 2\n"), "6: duplicate key"),
        (
            format!("{price}price = 1\nvalid_from = 2026-01-01T00:00:00\n"),
            "6: valid_from: `2026-01-01T00:00:00` is not a date such as `2026-01-01` or a time such as `2026-01-01T00:00:00Z`",
        ),
        ("price = 3\n".to_owned(), "1: price: `integer` is not a table"),
        ("price = [3]\n".to_owned(), "1: price: `integer` is not a table"),
        (
            "[[prices]]\n".to_owned(),
            "1: prices: no column or key is called that; there are price, node, base",
        ),
        ("node = 3\n".to_owned(), "1: node: `integer` is not a table"),
        (node.to_owned(), "1: price: is missing"),
        (format!("{node}price = 0\n"), "5: price: is zero"),
        (format!("{node}price = -1\n"), "5: price: `-1` is negative"),
        (
            format!("{node}price = 1\nunit = \"hour\"\n"),
            "6: unit: no column or key is called that; there are provider, region, zone, purchase, price, currency, valid_from, valid_until, source, cpu, memory, gpu, gpu_resource",
        ),
        (
            format!("{node}price = 1\ngpu = \"two\"\n"),
            "6: gpu: `two` is no amount: a decimal number such as `0.031611`",
        ),
        (
            format!("{node}price = 1\ngpu_resource = \"gpu\"\n"),
            "6: gpu_resource: `gpu` is not an extended resource such as `nvidia.com/gpu`",
        ),
        (node.replace("cpu = 4\n", "price = 1\n"), "1: cpu: is missing"),
        (
            node.replace("4\n", "0\nprice = 1\n").replace("16", "0"),
            "1: the node has neither cpu, memory nor gpu",
        ),
        (node.replace("m7i.xlarge", "") + "price = 1\n", "1: instance_type: is missing"),
        (
            node.replace("\"m7i.xlarge\"", "m7i.xlarge") + "price = 1\n",
            "1: xlarge: is a table, but a value belongs here: quote a name with a dot, as in `[node.\"m7i.xlarge\"]`",
        ),
        (format!("{node}price = 1\n[base]\nmemory = 0\n"), "7: memory: is zero"),
        (
            format!("{node}price = 1\n[base]\nram = 1\n"),
            "7: ram: no column or key is called that; there are cpu, memory, gpu",
        ),
        (format!("base = 1\n{node}price = 1\n"), "1: base: `integer` is not a table"),
        (node.replace("16", "1e38") + "price = 1\n", "1: the amount is too large: more than 1.7 * 10^20"),
        ("[[price]]\nresource = \n".to_owned(), "2: string values must be quoted, expected literal string"),
    ] {
        assert_eq!(toml(&text), [format!("p.toml:{message}")], "{text}");
    }
}

#[test]
fn each_bad_line_of_opencost_is_named_with_its_line_and_column() {
    let head =
        "EndTimestamp,InstanceID,Region,AssetClass,InstanceIDField,InstanceType,MarketPriceHourly,Version\n";
    for (row, message) in [
        (",a,,node,metadata.name,,1", "7 fields, but the header names 8"),
        (",a,,disk,metadata.name,,1,", "AssetClass: `disk` is not one of node, pv, gpu"),
        (",a,,node,metadata.name,,,", "MarketPriceHourly: is missing"),
        (",a,,node,metadata.name,,-1,", "MarketPriceHourly: `-1` is negative"),
        (",,,node,metadata.name,,1,", "InstanceID: is missing"),
        (",,,gpu,model,t,1,", "InstanceID: is missing"),
        (
            "yesterday,a,,node,metadata.name,,1,",
            "EndTimestamp: `yesterday` is not a date such as `2026-01-01` or a time such as `2026-01-01T00:00:00Z`",
        ),
        (",a\tb,,node,metadata.name,,1,", "InstanceID: has a control character"),
        (",w,,node,metadata.name,,1,", "instance/metadata.name=w: stands twice, first at p.csv:2"),
        (
            ",w,,node,metadata.name,,2,",
            "instance/metadata.name=w: contradicts p.csv:2, which has another price for the same time",
        ),
        (
            ",,eu,node,,m1,2,",
            "instance eu m1: contradicts p.csv:3, which has another price for the same time",
        ),
    ] {
        let text = format!("{head},w,,node,metadata.name,,1,\n,,eu,node,,m1,1,\n{row}\n");
        assert_eq!(csv(text.as_bytes()), [format!("p.csv:4: {message}")], "{row}");
    }
    assert_eq!(
        csv(format!("\n# currency: Euro\n{head},a,,node,metadata.name,,1,\n").as_bytes()),
        ["p.csv:2: currency: `Euro` is no currency: three capital letters such as `USD` (ISO 4217)"]
    );
}
