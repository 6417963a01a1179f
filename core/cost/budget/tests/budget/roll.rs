//! Months that end, budgets that come and go.

use tollgate_budget::Movement;

use crate::estate::{World, budget, budgets, claim, hourly, money, observed, run, time};

fn balances(movements: &[Movement]) -> Vec<(String, Option<(String, String)>)> {
    let told = |movement: &Movement| match movement {
        Movement::Balance { budget, balance } => {
            let told = balance
                .as_ref()
                .map(|it| (crate::estate::at(it.period.start).to_string(), it.accrued.to_exact_text()));
            (budget.to_string(), told)
        }
        other => panic!("{other:?}"),
    };
    movements.iter().map(told).collect()
}

#[test]
fn a_month_is_closed_with_its_last_balance_and_holds_are_carried_whole() {
    let mut world = World::new(vec![budget("a", "1000", "")], "2026-11-30T00:00:00Z");
    world.claim(&claim("x", hourly("1"), &["a"])).unwrap();
    world.claim(&claim("run", run("50", "1"), &["a"])).unwrap();
    world.hours(30);
    let movements = world.roll();
    let of = |start: &str, accrued: &str| ("a".to_owned(), Some((start.to_owned(), accrued.to_owned())));
    assert_eq!(balances(&movements), [of("2026-11-01T00:00:00Z", "24"), of("2026-12-01T00:00:00Z", "0")]);
    // It accrues from where the month began, not from when that was noticed.
    assert_eq!(world.standing("a"), ("6".into(), "1".into()));
    let balance = world.account.balance("a").unwrap();
    assert_eq!((balance.held.expected.once, balance.holds), (money("50"), 2));
    assert_eq!(world.roll(), []);
}

#[test]
fn a_run_that_ended_is_gone_with_its_month() {
    let mut world = World::new(vec![budget("a", "1000", "")], "2026-11-30T20:00:00Z");
    world.observe("run", &observed("u", run("50", "10"), &["a"]));
    world.hours(2).gone("run", Some("u"));
    assert_eq!(world.standing("a"), ("20".into(), "0".into()));
    world.hours(2).roll();
    assert_eq!(world.standing("a"), ("0".into(), "0".into()));
}

#[test]
fn months_that_nobody_saw_are_passed_over() {
    let mut world = World::new(vec![budget("a", "5000", "")], "2026-11-30T23:00:00Z");
    world.claim(&claim("x", hourly("1"), &["a"])).unwrap();
    world.now = time("2027-03-01T05:00:00Z");
    assert_eq!(world.roll().len(), 2);
    assert_eq!(world.standing("a").0, "5");
}

#[test]
fn a_month_accrues_to_its_end_also_where_nobody_rolled_it_over() {
    let mut world = World::new(vec![budget("a", "5000", "")], "2026-11-30T22:00:00Z");
    world.observe("x", &observed("u", hourly("1"), &["a"]));
    world.hours(12).observe("x", &observed("u", hourly("3"), &["a"]));
    let balance = world.account.balance("a").unwrap();
    assert_eq!((balance.accrued, balance.as_of), (money("2"), balance.period.end));
    assert_eq!(balance.hours_left(world.now.as_second()).to_string(), "0");
    world.roll();
    assert_eq!(world.standing("a"), ("30".into(), "3".into()));
}

#[test]
fn a_clock_that_goes_back_over_the_end_of_a_month_opens_no_old_one() {
    let mut world = World::new(vec![budget("a", "5000", "")], "2026-11-30T23:00:00Z");
    world.claim(&claim("x", hourly("1"), &["a"])).unwrap();
    world.hours(3).roll();
    world.hours(-3);
    assert_eq!(world.roll(), []);
    world.claim(&claim("x", hourly("2"), &["a"])).unwrap();
    assert_eq!(world.standing("a"), ("0".into(), "2".into()));
    let balance = world.account.balance("a").unwrap();
    assert_eq!(balance.as_of, time("2026-12-01T00:00:00Z").as_second());
}

#[test]
fn a_zone_that_changes_counts_from_the_next_month_and_nothing_twice() {
    let mut world = World::new(vec![budget("a", "5000", "")], "2026-11-30T23:00:00Z");
    world.claim(&claim("x", hourly("1"), &["a"])).unwrap();
    world.budgets = budgets(vec![budget("a", "5000", ", timeZone: America/New_York")]);
    assert_eq!(world.roll(), []);
    world.hours(2).roll();
    // In New York it is still November: what has been counted of it in UTC is not counted again.
    let balance = *world.account.balance("a").unwrap();
    assert_eq!(balance.period.start, time("2026-11-01T04:00:00Z").as_second());
    assert_eq!(world.standing("a").0, "1");
    world.hours(4).roll();
    assert_eq!(world.account.balance("a").unwrap().period.start, time("2026-12-01T05:00:00Z").as_second());
    assert_eq!(world.standing("a").0, "0");
}

#[test]
fn new_budgets_start_empty_and_those_that_go_leave_nothing() {
    let mut world = World::new(vec![budget("a", "5", "")], "2026-11-22T00:00:00Z");
    world.budgets = budgets(vec![budget("b", "5", "")]);
    let movements = world.roll();
    let told = balances(&movements);
    assert_eq!(told, [("b".into(), Some(("2026-11-01T00:00:00Z".into(), "0".into()))), ("a".into(), None)]);
}

#[test]
fn a_budget_that_holds_something_is_an_orphan_until_it_does_not() {
    let mut world = World::new(vec![budget("a", "500", ""), budget("b", "5", "")], "2026-11-22T00:00:00Z");
    world.observe("x", &observed("u", hourly("2"), &["a"]));
    let without = budgets(vec![budget("b", "5", "")]);
    let orphans = world.account.orphaned(&without);
    assert_eq!(orphans.len(), 1);
    assert_eq!((&*orphans[0].budget, orphans[0].holds, orphans[0].held), ("a", 1, hourly("2")));
    assert_eq!(world.account.orphaned(&world.budgets), []);
    // Its balance stays as long as it holds.
    world.budgets = without;
    assert_eq!(world.roll(), []);
    world.gone("x", Some("u"));
    assert_eq!(world.account.orphaned(&world.budgets), []);
    assert_eq!(balances(&world.roll()), [("a".into(), None)]);
}

#[test]
fn a_currency_changes_only_once_nothing_is_held() {
    let mut world = World::new(vec![budget("a", "500", "")], "2026-11-22T00:00:00Z");
    world.observe("x", &observed("u", hourly("2"), &["a"]));
    let text = "owner: a, scope: {everything: true}, currency: EUR, amount: 5";
    let euros = budgets(vec![crate::estate::spec("a", text).unwrap()]);
    assert_eq!(world.account.orphaned(&euros).len(), 1);
    world.gone("x", Some("u"));
    assert_eq!(world.account.orphaned(&euros), []);
    world.budgets = euros;
    assert_eq!(world.roll().len(), 1);
    assert_eq!(world.account.balance("a").unwrap().accrued.currency().as_str(), "EUR");
}
