//! Limits on one value.

use super::*;

fn number(text: &str) -> Constant {
    Constant::Number(text.into())
}

fn text(text: &str) -> Constant {
    Constant::String(text.into())
}

#[test]
fn a_value_is_not_two_constants() {
    let one = |constant| Limit::of(Sign::Equal, constant);
    assert!(!one(text("a")).allows(&one(text("b"))));
    assert!(!one(text("1")).allows(&one(number("1"))));
    assert!(one(number("1")).allows(&one(number("1.0"))), "one number written twice");
    assert!(!one(number("1.5")).allows(&one(number("2"))));
    assert!(Limit::OneOf(vec![text("a"), text("b")]).allows(&one(text("b"))));
    assert!(!Limit::OneOf(vec![text("a"), text("b")]).allows(&Limit::OneOf(vec![text("c")])));
    assert!(!one(text("a")).allows(&Limit::of(Sign::NotEqual, text("a"))));
}

#[test]
fn bounds_must_leave_something_between_them() {
    let is = |sign, text| Limit::of(sign, number(text));
    assert!(!is(Sign::Greater, "3").allows(&is(Sign::Less, "2")));
    assert!(!is(Sign::Greater, "3").allows(&is(Sign::Less, "3")));
    assert!(!is(Sign::GreaterOrEqual, "3").allows(&is(Sign::Less, "3")));
    assert!(is(Sign::GreaterOrEqual, "3").allows(&is(Sign::LessOrEqual, "3")));
    assert!(is(Sign::Greater, "3").allows(&is(Sign::Less, "4")));
    assert!(is(Sign::Greater, "3").allows(&is(Sign::Greater, "9")));
    assert!(!is(Sign::Equal, "5").allows(&is(Sign::Less, "5")));
    assert!(is(Sign::Greater, "3").allows(&Limit::of(Sign::Less, text("a"))), "any text is above any number");
    assert!(!is(Sign::Less, "3").allows(&Limit::of(Sign::Greater, text("a"))));
}

#[test]
fn numbers_beyond_what_can_be_told_apart_are_left_alone() {
    let long = "1".repeat(400);
    let longer = format!("{long}1");
    assert_eq!(number(&long).order(&number(&longer)), None);
    assert_eq!(number("0.1").order(&number("0.10000000000000000000001")), None);
    assert_eq!(number("9223372036854775807").order(&number("9223372036854775806")), Some(Ordering::Greater));
}
