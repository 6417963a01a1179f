//! Rows and values that nobody wrote: each is an error that names what is wrong, never something else than was meant.

use tollgate_budget::{Account, Movement};
use tollgate_manifest::{Limits, canonical, json};

use crate::estate::{World, budget, claim, hourly, observed};

fn world() -> World {
    let mut world = World::new(vec![budget("a", "1000", "")], "2026-11-22T12:00:00Z");
    world.observe("x", &observed("u", hourly("0.5"), &["a"]));
    world.claim(&claim("x", hourly("0.7"), &["a"])).unwrap();
    world
}

#[test]
fn rows_are_frozen() {
    let rows: Vec<(String, String)> =
        world().account.rows().map(|(key, bytes)| (key, String::from_utf8(bytes).unwrap())).collect();
    let charge = |expected: &str, worst: &str| {
        format!(
            r#"{{"currency":"USD","expected":"{expected}","expectedOnce":"0","gpus":"0","peak":"{worst}","worst":"{worst}","worstOnce":"0"}}"#
        )
    };
    let balance = format!(
        r#"{{"accrued":"0","asOf":"1795348800","charge":{},"end":"1796083200","holds":"1","start":"1793491200"}}"#,
        charge("0.7", "1.4")
    );
    let claim = format!(
        r#"{{"budgets":["a"],"charge":{},"expires":"1795348890","since":"1795348800"}}"#,
        charge("0.7", "1.4")
    );
    let seen = format!(
        r#"{{"budgets":["a"],"charge":{},"seen":"1795348800","since":"1795348800","uid":"u"}}"#,
        charge("0.5", "1")
    );
    assert_eq!(
        rows,
        [
            ("balance/a".to_owned(), balance),
            (
                "hold//apps/deployments/shop/x".to_owned(),
                format!(r#"{{"claims":[{claim}],"observed":{seen}}}"#)
            ),
        ]
    );
}

#[test]
fn a_row_of_somebody_else_is_left_alone() {
    let mut account = Account::default();
    for key in ["bundle", "rate/token", "holds/x", ""] {
        assert_eq!(account.read_row(key, b"no row of an account"), Ok(false), "{key}");
    }
    assert_eq!(account, Account::default());
}

#[test]
fn a_row_that_cannot_be_read_says_what_is_wrong_with_it() {
    let rows: Vec<(String, Vec<u8>)> = world().account.rows().collect();
    let row = |name: &str| {
        let (key, bytes) = rows.iter().find(|(key, _)| key.starts_with(name)).unwrap();
        (key.clone(), String::from_utf8(bytes.clone()).unwrap())
    };
    let (balance, hold) = (row("balance/"), row("hold/"));
    for ((key, good), from, to, why) in [
        (&balance, r#""accrued":"0","#, "", "no `accrued`"),
        (&balance, r#""accrued":"0""#, r#""accrued":0"#, "no `accrued`"),
        (&balance, r#""holds":"1""#, r#""holds":"-1""#, "`holds` cannot be `-1`"),
        (&balance, "USD", "usd", "`usd` is no currency"),
        (&hold, r#""expected":"0.5""#, r#""expected":"half""#, "`half` is no amount"),
        (&hold, r#""gpus":"0""#, r#""gpus":"1/0""#, "`1/0` is no fraction"),
        (&hold, r#"["a"]"#, r#""a""#, "`budgets` is no list of names"),
        (&hold, r#""seen":"1795348800","#, "", "no `seen`"),
        (&hold, r#""expires":"1795348890","#, "", "no `expires`"),
        (&hold, r#","uid":"u""#, "", "no `uid`"),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(&bad, good, "{from}");
        let error = Account::default().read_row(key, bad.as_bytes()).unwrap_err();
        assert!(error.why.contains(why), "{from} -> {to} says: {error}");
        assert!(error.to_string().starts_with(&format!("the row `{key}` cannot be read: ")), "{error}");
    }
    for (key, bytes, why) in [
        ("hold/x", "{}", "`x` is no key of a hold"),
        ("hold//apps/deployments/shop/x", "{}", "a hold of nothing"),
        ("hold//apps/deployments/shop/x", r#"{"claims":{}}"#, "`claims` is no list"),
        ("balance/a", "", ""),
        ("growth/a", "[1]", "no `start`"),
    ] {
        let error = Account::default().read_row(key, bytes.as_bytes()).unwrap_err();
        assert!(error.why.contains(why), "{key} {bytes} says: {error}");
    }
}

#[test]
fn a_value_that_is_no_movement_says_so() {
    let value = |text: &str| json::read(text.as_bytes(), &Limits::default()).unwrap();
    for (text, why) in [
        ("{}", "no `change`"),
        (r#"{"change":"rate"}"#, "unknown change `rate`"),
        (r#"{"change":"hold","key":"a"}"#, "`key` cannot be `a`"),
        (r#"{"change":"balance","budget":"a","to":{}}"#, "no `charge`"),
    ] {
        let error = Movement::of_value(&value(text)).unwrap_err().to_string();
        assert_eq!(error, format!("this is no movement of an account: {why}"), "{text}");
    }
}

#[test]
fn what_ends_is_written_without_what_it_was() {
    let mut world = world();
    world.account.gone(&crate::estate::key("x"), None, world.now).unwrap();
    let ends = world.gone("x", None);
    let text = |movement: &Movement| canonical::text(&movement.to_value());
    let hold = ends.iter().find(|movement| matches!(movement, Movement::Hold { .. })).unwrap();
    // A claim without a UID stays.
    assert!(text(hold).contains(r#""to":{"claims""#));
    world.seconds(90);
    let key = crate::estate::key("x");
    let ends = world.account.verified(&key, &tollgate_budget::Seen::Absent, world.now).unwrap();
    let hold = ends.iter().find(|movement| matches!(movement, Movement::Hold { .. })).unwrap();
    assert_eq!(text(hold), r#"{"change":"hold","key":"/apps/deployments/shop/x"}"#);
    assert_eq!(hold.row(), ("hold//apps/deployments/shop/x".to_owned(), None));
}
