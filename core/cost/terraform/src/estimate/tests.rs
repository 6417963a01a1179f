use tollgate_price::{Key, Row, RowPlace, Unit};
use tollgate_vocabulary::{Currency, Digest, Money, Ratio};

use super::*;

fn row(resource: &str, class: Option<&str>, unit: Unit, price: &str) -> Row {
    Row {
        key: Key { resource: resource.into(), class: class.map(Into::into), ..Key::default() },
        unit,
        price: Money::parse(price, Currency::USD).unwrap(),
        tier_from: Ratio::ZERO,
        valid_from: None,
        valid_until: Some("2027-01-01T00:00:00Z".parse().unwrap()),
        source: "test".into(),
        place: RowPlace { file: "prices.csv".into(), line: 2 },
    }
}

fn estimated(changes: &str, rows: Vec<Row>, at: &str) -> PlanEstimate {
    let text = format!(r#"{{"format_version": "1.2", "resource_changes": [{changes}]}}"#);
    let plan = Plan::read(text.as_bytes()).unwrap();
    estimate(&plan, &PriceBook::new(rows, Digest::of(b"")).unwrap(), at.parse().unwrap())
}

fn volume(name: &str, size: &str) -> String {
    format!(
        r#"{{"address": "aws_ebs_volume.{name}", "type": "aws_ebs_volume", "name": "{name}", "change":
        {{"actions": ["create"], "before": null, "after": {{"type": "gp2", "size": {size}}}}}}}"#
    )
}

const NOW: &str = "2026-06-01T00:00:00Z";

#[test]
fn a_line_names_fields_key_row_and_amount() {
    let found = estimated(&volume("a", "10"), vec![row("storage", Some("gp2"), Unit::GibMonth, "0.1")], NOW);
    let lines: Vec<_> = found.resources[0].explanation.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        ["after: type, size: storage/gp2 aws: 10 x 0.1 USD per GiB-month (prices.csv:2) = 1 USD a month"]
    );
    assert_eq!(found.resources[0].provider, "aws".into());
    assert!(found.resources[0].is_whole());
}

#[test]
fn a_price_that_no_longer_holds_is_none() {
    let rows = vec![row("storage", Some("gp2"), Unit::GibMonth, "0.1")];
    let found = estimated(&volume("a", "10"), rows, "2027-01-01T00:00:00Z");
    assert_eq!(found.resources[0].unpriced, ["storage/gp2 aws"]);
    assert_eq!(found.after, Figures::zero(Currency::USD));
}

#[test]
fn a_price_of_another_unit_is_none_and_says_which() {
    let found = estimated(
        r#"{"address": "aws_eip.a", "type": "aws_eip", "name": "a", "change": {"actions": ["create"], "after": {}}}"#,
        vec![row("public-ip", None, Unit::Gib, "0.1")],
        NOW,
    );
    let eip = &found.resources[0];
    assert_eq!(eip.unpriced, ["public-ip aws"]);
    assert_eq!(
        eip.explanation[0].to_string(),
        "after: public-ip aws: its price is per GiB, which it is not counted in (prices.csv:2)"
    );
}

#[test]
fn what_does_not_fit_is_unknown() {
    let rows = || vec![row("storage", Some("gp2"), Unit::GibMonth, "100000000")];
    let found = estimated(&volume("a", "1000000000001"), rows(), NOW);
    assert_eq!(found.resources[0].unknown, ["size".parse().unwrap()]);
    // Each fits, and their sum does not.
    let many: Vec<_> = (0..3).map(|at| volume(&format!("v{at}"), "1e12")).collect();
    let found = estimated(&many.join(","), rows(), NOW);
    let known = found.resources.iter().filter(|resource| resource.unknown.is_empty()).count();
    assert_eq!((known, found.resources.len()), (1, 3));
    assert_eq!(found.after.expected_month, Money::parse("1e20", Currency::USD).unwrap());
    assert_eq!(found.resources[2].unknown, [Path::root()]);
}

#[test]
fn a_size_that_is_no_number_is_unknown() {
    for size in ["-1", "\"many\"", "[8]", "{}", "true", "1e400"] {
        let found =
            estimated(&volume("a", size), vec![row("storage", Some("gp2"), Unit::GibMonth, "0.1")], NOW);
        assert_eq!(found.resources[0].unknown, ["size".parse().unwrap()], "{size}");
        assert!(!found.resources[0].is_whole());
    }
    let found =
        estimated(&volume("a", "\"8\""), vec![row("storage", Some("gp2"), Unit::GibMonth, "0.1")], NOW);
    assert_eq!(found.after.expected_month, Money::parse("0.8", Currency::USD).unwrap());
}

#[test]
fn types_of_which_nothing_is_known_are_named_once() {
    let of = |name: &str| {
        format!(
            r#"{{"address": "aws_macie2_account.{name}", "type": "aws_macie2_account", "name": "{name}",
            "provider_name": "registry.opentofu.org/hashicorp/aws", "change": {{"actions": ["no-op"], "before": {{}},
            "after": {{}}}}}}"#
        )
    };
    let found = estimated(&[of("a"), of("b")].join(","), vec![row("cpu", None, Unit::CoreHour, "1")], NOW);
    assert_eq!(found.unsupported_types(), ["aws_macie2_account".into()]);
    assert_eq!(found.resources[0].unknown, [Path::root()]);
    assert_eq!(found.resources[0].explanation[1].to_string(), "after: not supported");
}
