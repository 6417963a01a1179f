//! Files of a stranger: huge, broken, or in other encodings.

use std::sync::Arc;

use tollgate_price::{Asked, Key, PriceBook, read_csv, read_toml};
use tollgate_vocabulary::Digest;

fn errors(text: &str) -> Vec<String> {
    let errors = read_csv(&"p".into(), text.as_bytes()).unwrap_err();
    errors.iter().map(ToString::to_string).collect()
}

const HEAD: &str = "resource,class,unit,price,currency\n";

#[test]
fn line_ends_byte_order_mark_and_spaces_do_not_matter() {
    let plain = format!("{HEAD}cpu,,core-hour,1,USD\nmemory,,GiB-hour,2,USD\n");
    let read = |text: &str| read_csv(&"p".into(), text.as_bytes()).unwrap();
    let rows = read(&plain);
    for text in [
        plain.replace('\n', "\r\n"),
        format!("\u{feff}{plain}"),
        plain.replace(',', " , "),
        plain.trim_end().to_owned(),
        plain.replace("cpu", "\"cpu\"").replace("USD\n", "\"USD\"\r\n"),
    ] {
        assert_eq!(read(&text), rows, "{text:?}");
    }
    let places: Vec<_> = read(&plain.replace("memory", "\n# a comment, \"with\" quotes\n\nmemory"))
        .into_iter()
        .map(|row| row.place.line)
        .collect();
    assert_eq!(places, [2, 6]);
}

#[test]
fn what_is_too_large_is_refused_in_short_words() {
    let huge = "x".repeat(10_000_000);
    assert_eq!(
        errors(&format!("{HEAD}cpu,{huge},core-hour,1,USD\n")),
        ["p:2: class: longer than 1024 bytes"]
    );
    assert_eq!(
        errors(&format!("{HEAD}cpu,,core-hour,{},USD\n", "9".repeat(2000))),
        ["p:2: price: longer than 1024 bytes"]
    );
    let many = ",".repeat(10_000_000);
    assert_eq!(errors(&format!("{HEAD}cpu{many}\ncpu,,core-hour,1,USD\n")), ["p:2: more than 256 fields"]);
    assert_eq!(errors(&many), ["p:1: more than 256 fields"]);
    let quotes = "\"".repeat(9_999_999);
    assert_eq!(errors(&format!("{HEAD}cpu,{quotes}")), ["p:2: a quoted field is not closed"]);
    for error in errors(&huge) {
        assert!(error.len() < 400, "{error}");
    }
}

#[test]
fn control_characters_reach_no_message() {
    for error in errors("resource,\u{1b}[31mred\u{7}\ncpu,1\n") {
        assert!(!error.chars().any(char::is_control), "{error:?}");
    }
    let toml = "[\"\\u001b[31m\"]\n[[price]]\n\"\\u0007\" = 1\nunit = \"\\u0000\"\n";
    let errors = read_toml(&"p".into(), toml.as_bytes()).unwrap_err();
    assert!(errors.iter().all(|error| !error.to_string().chars().any(char::is_control)), "{errors:?}");
}

#[test]
fn other_encodings_are_refused() {
    for bytes in [&b"\xff\xfer\0e\0"[..], b"resource\xe9,unit", b"\xed\xa0\x80"] {
        let errors = read_csv(&"p".into(), bytes).unwrap_err();
        assert_eq!(errors[0].to_string(), "p:1: the file is not UTF-8");
        assert_eq!(read_toml(&"p".into(), bytes).unwrap_err(), errors);
    }
}

#[test]
fn very_many_errors_are_a_thousand() {
    let text = HEAD.to_owned() + &"cpu,,core-hour,-1,USD\n".repeat(100_000);
    let errors = errors(&text);
    assert_eq!(errors.len(), 1000);
    assert_eq!(errors.last().unwrap(), "p:1001: too many errors: the rest is not told");
}

#[test]
fn nested_toml_is_refused_not_followed() {
    let deep = format!("price = {}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(read_toml(&"p".into(), deep.as_bytes()).is_err());
}

#[test]
fn very_many_rows_are_read_and_found() {
    use std::fmt::Write as _;
    let mut text = "resource,instance_type,region,unit,price,currency,source\n".to_owned();
    for row in 0..100_000 {
        writeln!(text, "instance,type-{},region-{},hour,0.{row:07},USD,list", row / 40, row % 40).unwrap();
    }
    let rows = read_csv(&Arc::from("p.csv"), text.as_bytes()).unwrap();
    let book = PriceBook::new(rows, Digest::of(text.as_bytes())).unwrap();
    let key = Key {
        resource: "instance".into(),
        instance_type: Some("type-2499".into()),
        region: Some("region-39".into()),
        ..Key::default()
    };
    let price = book.find(&Asked { key: &key, at: "2026-01-01T00:00:00Z".parse().unwrap() }).unwrap();
    assert_eq!(price.row().place.line, 100_001);
}

#[test]
fn very_many_rows_of_one_key_are_not_compared_all_with_all() {
    let text = HEAD.to_owned() + &"cpu,,core-hour,1,USD\n".repeat(100_000);
    let rows = read_csv(&Arc::from("p.csv"), text.as_bytes()).unwrap();
    let errors = PriceBook::new(rows, Digest::of(b"")).unwrap_err();
    assert_eq!(errors[0].to_string(), "p.csv:3: cpu: stands twice, first at p.csv:2");
    assert_eq!(errors.last().unwrap().to_string(), "p.csv:1002: too many errors: the rest is not told");
    assert_eq!(errors.len(), 1000);
}
