//! How fast one identity may make things grow.

use tollgate_budget::{Claim, ClaimError, GrowthLimit, Movement};
use tollgate_price::Charge;

use crate::estate::{World, budget, claim, hourly, money, observed};

fn limited(name: &str, charge: Charge, per_hour: Option<&str>, objects: Option<u64>) -> Claim {
    let growth = GrowthLimit { per_hour: per_hour.map(money), objects, window: 600 };
    Claim { growth: Some(growth), ..claim(name, charge, &["a"]) }
}

fn world() -> World {
    World::new(vec![budget("a", "100000", "")], "2026-11-22T12:00:00Z")
}

fn surges(world: &mut World, claim: &Claim) -> Vec<String> {
    match world.claim(claim) {
        Ok(_) => Vec::new(),
        Err(ClaimError::Refused(refusal)) => refusal.surges.iter().map(ToString::to_string).collect(),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn what_is_added_to_the_dearest_hour_is_counted_in_a_window() {
    let mut world = world();
    let ask = |world: &mut World, name: &str, peak: &str| {
        surges(world, &limited(name, hourly(peak), Some("14"), None))
    };
    assert!(ask(&mut world, "a", "6").is_empty());
    let said = "4 USD an hour more after 12 USD within 600 s is over 14 USD";
    assert_eq!(ask(&mut world, "b", "2"), [said]);
    assert!(ask(&mut world, "b", "1").is_empty());
    // Shrinking is never too fast, and what is asked for again adds nothing.
    assert!(ask(&mut world, "a", "1").is_empty());
    assert!(ask(&mut world, "a", "6").is_empty());
    world.seconds(599);
    assert_eq!(ask(&mut world, "c", "1").len(), 1);
    world.seconds(1);
    assert!(ask(&mut world, "c", "1").is_empty());
}

#[test]
fn objects_are_counted_once_each_and_only_if_they_cost_something() {
    let mut world = world();
    let mut ask = |name: &str, charge| surges(&mut world, &limited(name, charge, None, Some(2)));
    assert!(ask("a", hourly("1")).is_empty());
    assert!(ask("a", hourly("2")).is_empty());
    assert!(ask("free", hourly("0")).is_empty());
    assert!(ask("b", hourly("1")).is_empty());
    assert_eq!(ask("c", hourly("1")), ["one object more after 2 within 600 s is over 2"]);
}

#[test]
fn what_exists_already_is_no_growth() {
    let mut world = world();
    world.observe("a", &observed("u", hourly("5"), &["a"]));
    assert!(surges(&mut world, &limited("a", hourly("6"), Some("2"), Some(0))).is_empty());
    assert_eq!(surges(&mut world, &limited("a", hourly("7"), Some("2"), Some(0))).len(), 1);
}

#[test]
fn a_clock_that_goes_back_opens_no_window_twice() {
    let mut world = world();
    assert!(surges(&mut world, &limited("a", hourly("5"), Some("10"), None)).is_empty());
    world.seconds(-700);
    assert_eq!(surges(&mut world, &limited("b", hourly("1"), Some("10"), None)).len(), 1);
}

#[test]
fn principals_are_counted_apart_and_without_a_limit_not_at_all() {
    let mut world = world();
    assert!(surges(&mut world, &limited("a", hourly("5"), Some("10"), None)).is_empty());
    let other = Claim { principal: "token-2".into(), ..limited("b", hourly("5"), Some("10"), None) };
    assert!(surges(&mut world, &other).is_empty());
    let claimed = world.claim(&claim("c", hourly("100"), &["a"])).unwrap();
    assert!(!claimed.movements.iter().any(|movement| matches!(movement, Movement::Growth { .. })));
    assert_eq!(world.account.growth().len(), 2);
}

#[test]
fn old_windows_go_when_a_month_is_over() {
    let mut world = world();
    assert!(surges(&mut world, &limited("a", hourly("1"), Some("10"), None)).is_empty());
    world.now = crate::estate::time("2026-12-01T00:00:00Z");
    world.roll();
    assert_eq!(world.account.growth().len(), 0);
}
