//! What a claim is held against, and the sentence that says so.

use tollgate_budget::{Account, AccountError, Claim, ClaimError, Limit, Refusal, Shortfall};
use tollgate_price::{Charge, Cost};
use tollgate_vocabulary::{Currency, Effect, Money, Ratio};

use crate::estate::{World, budget, claim, hourly, money, names, observed, run};

/// 22 December: 212.5 hours before the end of the month.
const NOW: &str = "2026-12-23T03:30:00Z";

fn refused(result: Result<tollgate_budget::Claimed, ClaimError>) -> Refusal {
    match result {
        Err(ClaimError::Refused(refusal)) => *refusal,
        other => panic!("{other:?}"),
    }
}

fn sentences(shortfalls: &[Shortfall]) -> Vec<String> {
    shortfalls.iter().map(ToString::to_string).collect()
}

/// Money by the hour as expected and at worst, once both, in the dearest hour, and GPUs.
fn charge(expected: &str, worst: &str, peak: &str, gpus: u128) -> Charge {
    let cost = |per_hour| Cost { per_hour: money(per_hour), once: money("0") };
    Charge { expected: cost(expected), worst: cost(worst), peak: money(peak), gpus: Ratio::whole(gpus) }
}

#[test]
fn the_sum_is_told_as_it_was_computed() {
    let mut world = World::new(vec![budget("a", "500", "")], "2026-12-01T00:00:00Z");
    world.claim(&claim("old", run("120", "120"), &["a"])).unwrap();
    world.observe("old", &observed("u", run("120", "120"), &["a"]));
    world.hours(1).gone("old", Some("u"));
    world.now = crate::estate::time(NOW);
    world.claim(&claim("held", run("300", "1"), &["a"])).unwrap();
    let refusal = refused(world.claim(&claim("new", run("100", "1"), &["a"])));
    assert_eq!(
        sentences(&refusal.shortfalls),
        ["accrued 120 + held 300 + added 100 over 212.5 h = 520 USD > 500 USD (84 % -> 104 %)"]
    );
    let shortfall = &refusal.shortfalls[0];
    assert_eq!((&*shortfall.budget, shortfall.effect), ("a", Effect::Deny));
    assert_eq!(shortfall.limit, Limit::Expected { percent: Ratio::whole(100) });
    assert_eq!(shortfall.key, crate::estate::key("new"));
}

#[test]
fn every_limit_that_is_passed_is_told() {
    let budget = budget("a", "100", ", exposure: \"1.5\", peakPerHour: 2, gpus: 4");
    let mut world = World::new(vec![budget], NOW);
    world.claim(&claim("held", charge("0.1", "0.1", "1", 3), &["a"])).unwrap();
    let refusal = refused(world.claim(&claim("new", charge("0.5", "1", "1.5", 2), &["a"])));
    assert_eq!(
        sentences(&refusal.shortfalls),
        [
            "accrued 0 + held 21.25 + added 106.25 over 212.5 h = 127.5 USD > 100 USD (21.3 % -> 127.5 %)",
            "accrued 0 + held 21.25 + added 212.5 over 212.5 h = 233.75 USD > 150 USD at worst (14.2 % -> 155.9 %)",
            "held 1 + added 1.5 = 2.5 USD/h > 2 USD/h (50 % -> 125 %)",
            "held 3 + added 2 = 5 GPUs > 4 GPUs (75 % -> 125 %)",
        ]
    );
}

#[test]
fn what_is_just_as_much_as_the_limit_fits() {
    let budget = budget("a", "212.5", ", exposure: 1, peakPerHour: 1, gpus: 4");
    let mut world = World::new(vec![budget], NOW);
    let claimed = world.claim(&claim("a", charge("1", "1", "1", 4), &["a"])).unwrap();
    let note = "accrued 0 + held 0 + added 212.5 over 212.5 h = 212.5 USD > 80 % of 212.5 USD (0 % -> 100 %)";
    assert_eq!(sentences(&claimed.notes), [note]);
    let more = charge("1.000000000000000001", "1", "1", 4);
    let refusal = refused(world.claim(&claim("a", more, &["a"])));
    // Rounded up, so that it never looks like the limit.
    let sentence =
        "accrued 0 + held 212.5 + added 0 over 212.5 h = 212.5001 USD > 212.5 USD (100 % -> 100.1 %)";
    assert_eq!(sentences(&refusal.shortfalls), [sentence]);
}

#[test]
fn thresholds_decide_by_the_hardest_that_is_passed() {
    let thresholds =
        "[{percent: 50, effect: info}, {percent: 70, effect: warn}, {percent: 120, effect: deny}]";
    let mut world = World::new(vec![budget("a", "100", &format!(", thresholds: {thresholds}"))], NOW);
    let mut note = |name: &str, once: &str| {
        let claimed = world.claim(&claim(name, run(once, "0"), &["a"])).unwrap();
        claimed.notes.first().map(|note| (note.effect, note.most.to_string()))
    };
    assert_eq!(note("a", "50"), None);
    assert_eq!(note("b", "1"), Some((Effect::Info, "50 USD".to_owned())));
    assert_eq!(note("c", "20"), Some((Effect::Warn, "70 USD".to_owned())));
    assert_eq!(note("d", "49"), Some((Effect::Warn, "70 USD".to_owned())));
    let refusal = refused(world.claim(&claim("e", run("1", "0"), &["a"])));
    let sentence =
        "accrued 0 + held 120 + added 1 over 212.5 h = 121 USD > 120 % of 100 USD (120 % -> 121 %)";
    assert_eq!(sentences(&refusal.shortfalls), [sentence]);
}

#[test]
fn of_equally_hard_thresholds_the_highest_is_told() {
    let thresholds =
        "[{percent: 90, effect: warn}, {percent: 50, effect: warn}, {percent: 100, effect: deny}]";
    let mut world = World::new(vec![budget("a", "100", &format!(", thresholds: {thresholds}"))], NOW);
    let claimed = world.claim(&claim("x", run("95", "0"), &["a"])).unwrap();
    let sentence = "accrued 0 + held 0 + added 95 over 212.5 h = 95 USD > 90 % of 100 USD (0 % -> 95 %)";
    assert_eq!(sentences(&claimed.notes), [sentence]);
}

#[test]
fn all_budgets_must_fit_or_nothing_moves() {
    let mut world = World::new(vec![budget("a", "1000", ""), budget("b", "10", "")], NOW);
    let before = world.account.clone();
    let refusal = refused(world.claim(&claim("x", hourly("1"), &["a", "b"])));
    assert!(refusal.shortfalls.iter().all(|shortfall| &*shortfall.budget == "b"));
    assert_eq!(world.account, before);
    assert!(world.claim(&claim("x", hourly("1"), &["a"])).is_ok());
}

#[test]
fn what_a_change_takes_for_many_objects_is_one_sum() {
    let world = World::new(vec![budget("a", "100", "")], NOW);
    let three = ["x", "y", "z"].map(|name| claim(name, run("40", "0"), &["a"]));
    let two = world.account.claim_all(&three[..2], &world.budgets, world.now).unwrap();
    assert_eq!(two.movements.len(), 3);
    let refusal = refused(world.account.claim_all(&three, &world.budgets, world.now));
    let sentence = "accrued 0 + held 80 + added 40 over 212.5 h = 120 USD > 100 USD (80 % -> 120 %)";
    assert_eq!(sentences(&refusal.shortfalls), [sentence]);
}

#[test]
fn shrinking_passes_also_over_the_limit_and_releases_nothing() {
    let mut world = World::new(vec![budget("a", "10", "")], NOW);
    world.observe("x", &observed("u", hourly("5"), &["a"]));
    let shrink = Claim { uid: Some("u".into()), ..claim("x", hourly("4"), &["a"]) };
    let claimed = world.claim(&shrink).unwrap();
    assert_eq!(claimed.notes, []);
    assert_eq!(world.standing("a").1, "5");
    assert!(matches!(world.claim(&claim("y", hourly("0.01"), &["a"])), Err(ClaimError::Refused(_))));
    world.observe("x", &observed("u", hourly("4"), &["a"]));
    assert_eq!(world.standing("a").1, "4");
}

#[test]
fn only_what_grows_is_held_against_its_limit() {
    // Over its amount, and yet there is room for a GPU that costs nothing more.
    let mut world = World::new(vec![budget("a", "10", ", gpus: 2")], NOW);
    world.observe("x", &observed("u", charge("5", "5", "5", 0), &["a"]));
    let more = |gpus| Claim { uid: Some("u".into()), ..claim("x", charge("5", "5", "5", gpus), &["a"]) };
    assert!(world.claim(&more(2)).is_ok());
    let refusal = refused(world.claim(&more(3)));
    assert_eq!(sentences(&refusal.shortfalls), ["held 2 + added 1 = 3 GPUs > 2 GPUs (100 % -> 150 %)"]);
}

#[test]
fn a_change_is_charged_by_the_larger_of_before_and_after() {
    let mut world = World::new(vec![budget("a", "1000", "")], NOW);
    world.claim(&claim("x", hourly("2"), &["a"])).unwrap();
    world.claim(&claim("x", hourly("3"), &["a"])).unwrap();
    world.claim(&claim("x", hourly("1"), &["a"])).unwrap();
    assert_eq!(world.standing("a").1, "3");
    assert_eq!(world.account.balance("a").unwrap().holds, 1);
}

#[test]
fn what_costs_nothing_makes_no_hold() {
    let mut world = World::new(vec![budget("a", "0", "")], NOW);
    assert_eq!(world.claim(&claim("x", hourly("0"), &["a"])).unwrap().movements, []);
    assert_eq!(world.observe("x", &observed("u", hourly("0"), &["a"])), []);
    let refusal = refused(world.claim(&claim("x", hourly("0.0001"), &["a"])));
    // Nothing has no percentages.
    assert!(refusal.shortfalls[0].to_string().ends_with("> 0 USD"), "{}", refusal.shortfalls[0]);
}

#[test]
fn the_end_of_the_month_makes_room() {
    let mut world = World::new(vec![budget("a", "100", "")], "2026-12-31T00:00:00Z");
    // A whole month of it would be 744 USD, the last day is 24.
    assert!(world.claim(&claim("x", hourly("1"), &["a"])).is_ok());
    world.now = crate::estate::time("2027-01-01T00:00:00Z");
    world.roll();
    assert!(matches!(world.claim(&claim("y", hourly("0.1"), &["a"])), Err(ClaimError::Refused(_))));
}

#[test]
fn an_empty_account_can_be_asked_without_a_roll_over() {
    let budgets = crate::estate::budgets(vec![budget("a", "100", "")]);
    let account = Account::default();
    let now = crate::estate::time(NOW);
    let claimed = account.claim(&claim("x", hourly("0.1"), &["a"]), &budgets, now).unwrap();
    assert_eq!(claimed.movements.len(), 2);
    assert!(account.claim(&claim("x", hourly("1"), &["a"]), &budgets, now).is_err());
}

#[test]
fn a_plan_counts_a_whole_month_of_which_nothing_is_spent_whatever_the_day() {
    let mut world = World::new(vec![budget("a", "100", "")], "2026-12-01T00:00:00Z");
    world.observe("held", &observed("u", hourly("0.05"), &["a"]));
    let mut said = Vec::new();
    for day in ["2026-12-02T00:00:00Z", "2026-12-30T12:00:00Z"] {
        world.now = crate::estate::time(day);
        let claims = [claim("x", hourly("0.1"), &["a"])];
        let planned = world.account.plan_all(&claims, &world.budgets, world.now);
        said.push(refused(planned).shortfalls[0].to_string());
    }
    let sentence = "accrued 0 + held 37.2 + added 74.4 over 744 h = 111.6 USD > 100 USD (37.2 % -> 111.6 %)";
    assert_eq!(said, [sentence, sentence]);
    assert!(world.claim(&claim("x", hourly("0.1"), &["a"])).is_ok());
}

#[test]
fn what_cannot_be_counted_is_an_error_and_moves_nothing() {
    let mut world = World::new(vec![budget("a", "100", "")], NOW);
    let error = |result: Result<_, ClaimError>| match result {
        Err(ClaimError::Account(error)) => error.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(error(world.claim(&claim("x", hourly("1"), &["b"]))), "there is no budget `b`");
    let negative = Charge { peak: money("-1"), ..hourly("1") };
    let said = "`/apps/deployments/shop/x` would cost less than nothing";
    assert_eq!(error(world.claim(&claim("x", negative, &["a"]))), said);
    let euro = Currency::parse("EUR").unwrap();
    let euros = Charge { peak: Money::of_units(5, euro), ..Charge::zero(euro) };
    assert!(error(world.claim(&claim("x", euros, &["a"]))).contains("cannot be added"));
    let huge = hourly("80000000000000000000");
    assert!(error(world.claim(&claim("x", huge, &["a"]))).contains("too large"));
    let key = crate::estate::key("x");
    let of_another = observed("u", hourly("1"), &["b"]);
    assert_eq!(world.account.observe(&key, &of_another, world.now), Err(AccountError::NoBudget("b".into())));
    assert_eq!(world.account.holds().len(), 0);
}

#[test]
fn only_so_many_claims_of_one_object_are_on_their_way() {
    let mut world = World::new(vec![budget("a", "1000000", "")], NOW);
    for step in 1..=tollgate_budget::PENDING_CLAIMS {
        world.claim(&claim("x", hourly(&step.to_string()), &["a"])).unwrap();
    }
    let refusal = refused(world.claim(&claim("x", hourly("40"), &["a"])));
    assert_eq!((refusal.crowded, refusal.shortfalls), (vec![crate::estate::key("x")], Vec::new()));
    // What is held is enough for one that does not grow.
    assert_eq!(world.claim(&claim("x", hourly("1"), &["a"])).unwrap().movements, []);
    world.observe("x", &observed("u", hourly("5"), &["a"]));
    assert!(world.claim(&claim("x", hourly("40"), &["a"])).is_ok());
}

#[test]
fn a_standing_tells_how_much_of_each_limit_is_used() {
    let mut world = World::new(vec![budget("a", "400", ", peakPerHour: 4"), budget("b", "0", "")], NOW);
    world.claim(&claim("x", hourly("1"), &["a"])).unwrap();
    world.hours(100);
    let standing = world.budgets.standing(&world.account, world.now).unwrap();
    let [a, b] = standing.as_slice() else { panic!("{standing:?}") };
    assert_eq!((&*a.budget, &*a.owner, a.holds), ("a", "a@b.c", 1));
    assert_eq!(
        (a.accrued, a.held, a.hours_left.to_string()),
        (money("100"), money("112.5"), "112.5".to_owned())
    );
    assert_eq!(a.expected.used.to_string(), "212.5 USD");
    assert_eq!(a.expected.percent.unwrap().to_string(), "53.125");
    assert_eq!(
        (a.worst.used.to_string(), a.worst.limit.unwrap().to_string()),
        ("325 USD".into(), "800 USD".into())
    );
    assert_eq!(a.peak.percent.unwrap().to_string(), "50");
    assert_eq!((a.gpus.limit, a.gpus.percent), (None, None));
    assert_eq!((b.holds, b.expected.percent), (0, None));
    assert_eq!(names(&["b"])[0], b.budget);
}
