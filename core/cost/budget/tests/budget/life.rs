//! The life of holds: claimed, seen, changed, gone, or never seen.

use tollgate_budget::{Claim, Observed, Seen, Uid};
use tollgate_price::Charge;

use crate::estate::{World, at, budget, claim, hourly, key, observed, run};

fn world() -> World {
    World::new(vec![budget("a", "100000", ""), budget("b", "100000", "")], "2026-11-22T12:00:00Z")
}

fn update(uid: &str, charge: Charge) -> Claim {
    Claim { uid: Some(Uid::new(uid)), ..claim("x", charge, &["a"]) }
}

fn seen(uid: &str, charge: Charge, version: u64) -> Observed {
    Observed { version: Some(version), ..observed(uid, charge, &["a"]) }
}

impl World {
    fn verified(&mut self, seen: &Seen) {
        let movements = self.account.verified(&key("x"), seen, self.now).unwrap();
        self.apply(movements);
    }

    fn finished(&mut self, observed: &Observed) -> usize {
        let movements = self.account.finished(&key("x"), observed, self.now).unwrap();
        self.apply(movements).len()
    }

    /// Hourly charges of the claims on their way.
    fn pending(&self) -> Vec<String> {
        let claims = self.account.hold(&key("x")).map(|hold| hold.claims().to_vec()).unwrap_or_default();
        claims.iter().map(|claim| claim.charge().expected.per_hour.to_exact_text()).collect()
    }

    fn held_once(&self) -> String {
        self.account.balance("a").unwrap().held.expected.once.to_exact_text()
    }

    fn held(&self) -> String {
        self.standing("a").1
    }
}

#[test]
fn a_claim_becomes_what_was_seen() {
    let mut world = world();
    world.claim(&claim("x", hourly("2"), &["a"])).unwrap();
    world.hours(1).observe("x", &observed("u", hourly("2"), &["a"]));
    assert_eq!((world.pending().len(), world.held()), (0, "2".into()));
    let hold = world.account.hold(&key("x")).unwrap();
    // It counts from when it was asked for.
    assert_eq!(hold.observed().unwrap().since(), world.now.as_second() - 3600);
    assert_eq!(world.standing("a").0, "2");
    assert_eq!(world.observe("x", &observed("u", hourly("2"), &["a"])), []);
    world.hours(1).gone("x", Some("u"));
    assert_eq!(world.standing("a"), ("4".into(), "0".into()));
    assert_eq!(world.account.holds().len(), 0);
}

#[test]
fn what_changes_nothing_moves_nothing() {
    let mut world = world();
    world.observe("x", &seen("u", hourly("2"), 5));
    world.hours(5);
    assert_eq!(world.observe("x", &seen("u", hourly("2"), 9)), []);
    assert_eq!(world.observe("y", &observed("v", hourly("0"), &["a"])), []);
    assert_eq!(world.claim(&update("u", hourly("2"))).unwrap().movements, []);
    assert_eq!(world.gone("x", Some("other")), []);
    assert_eq!(world.gone("y", None), []);
}

#[test]
fn the_oldest_claim_that_fits_has_arrived_and_older_ones_are_overtaken() {
    let mut world = world();
    world.observe("x", &observed("u", hourly("1"), &["a"]));
    for charge in ["5", "8", "5", "3"] {
        world.claim(&update("u", hourly(charge))).unwrap();
    }
    world.observe("x", &observed("u", hourly("8"), &["a"]));
    assert_eq!((world.pending(), world.held()), (vec!["5".to_owned(), "3".into()], "8".into()));
    world.observe("x", &observed("u", hourly("3"), &["a"]));
    assert_eq!((world.pending().len(), world.held()), (0, "3".into()));
}

#[test]
fn a_change_of_status_is_the_outcome_of_nothing() {
    let mut world = world();
    world.observe("x", &seen("u", hourly("5"), 1));
    world.claim(&update("u", hourly("8"))).unwrap();
    world.claim(&update("u", hourly("5"))).unwrap();
    // As before: whether 8 is still on its way, this does not say.
    assert_eq!(world.observe("x", &seen("u", hourly("5"), 2)), []);
    let relabelled = Observed { budgets: crate::estate::names(&["b"]), ..seen("u", hourly("5"), 2) };
    world.observe("x", &relabelled);
    assert_eq!(world.pending(), ["8", "5"]);
    assert_eq!((world.held(), world.standing("b").1), ("8".into(), "5".into()));
}

#[test]
fn a_claim_to_create_another_can_still_arrive() {
    let mut world = world();
    let create = |uid: &str, charge| Claim { uid: Some(Uid::new(uid)), ..claim("x", charge, &["a"]) };
    world.claim(&create("slow", hourly("7"))).unwrap();
    world.claim(&create("fast", hourly("5"))).unwrap();
    world.observe("x", &observed("fast", hourly("5"), &["a"]));
    world.gone("x", Some("fast"));
    assert_eq!(world.held(), "7");
    world.observe("x", &observed("slow", hourly("7"), &["a"]));
    assert_eq!((world.pending().len(), world.held()), (0, "7".into()));
}

#[test]
fn asking_again_for_the_same_object_is_one_claim_that_lasts_longer() {
    let mut world = world();
    world.claim(&update("u", hourly("2"))).unwrap();
    world.seconds(30).claim(&update("u", hourly("2"))).unwrap();
    assert_eq!(world.pending().len(), 1);
    assert_eq!(world.account.next_expiry(), Some(world.now.as_second() + 90));
    // Without a UID it may be another one of that name, once the first is gone.
    world.claim(&claim("x", hourly("2"), &["a"])).unwrap();
    world.claim(&claim("x", hourly("2"), &["a"])).unwrap();
    assert_eq!((world.pending().len(), world.held()), (3, "2".into()));
}

#[test]
fn a_run_that_may_come_after_the_one_that_is_there_comes_on_top() {
    let mut world = World::new(vec![budget("a", "80", "")], "2026-11-22T12:00:00Z");
    let next = |uid: &str| Claim { uid: Some(Uid::new(uid)), ..claim("x", run("50", "10"), &["a"]) };
    world.claim(&next("one")).unwrap();
    // Asked for at the same time: only one of them will be, or the first for no time at all.
    world.claim(&next("two")).unwrap();
    world.observe("x", &observed("one", run("50", "10"), &["a"]));
    assert_eq!(world.held_once(), "50");
    world.hours(2);
    assert!(world.claim(&next("three")).is_err());
    world.gone("x", Some("one"));
    assert_eq!(world.standing("a").0, "20");
    assert!(world.claim(&next("three")).is_ok());
    assert_eq!(world.held_once(), "50");
    // What is paid by the hour is there once in any case.
    world.observe("y", &observed("one", hourly("0.01"), &["a"]));
    let again = Claim { uid: Some(Uid::new("two")), ..claim("y", hourly("0.01"), &["a"]) };
    world.hours(1).claim(&again).unwrap();
    assert_eq!(world.standing("a").1, "0.01");
}

#[test]
fn what_is_older_than_the_last_is_passed_over() {
    let mut world = world();
    world.observe("x", &seen("u", hourly("5"), 10));
    assert_eq!(world.observe("x", &seen("u", hourly("2"), 9)), []);
    assert_eq!(world.observe("x", &seen("before", hourly("2"), 9)), []);
    world.observe("x", &seen("u", hourly("2"), 11));
    assert_eq!(world.held(), "2");
}

#[test]
fn time_alone_releases_nothing() {
    let mut world = world();
    world.claim(&claim("x", hourly("2"), &["a"])).unwrap();
    world.seconds(89);
    assert_eq!(world.account.expired(world.now), []);
    world.seconds(1);
    assert_eq!(world.account.expired(world.now), [key("x")]);
    assert_eq!(world.held(), "2");
    world.verified(&Seen::Absent);
    assert_eq!((world.held(), world.account.holds().len()), ("0".into(), 0));
    assert_eq!(world.account.next_expiry(), None);
    // It was held for 90 seconds.
    assert_eq!(world.standing("a").0, "0.05");
}

#[test]
fn a_read_that_finds_it_says_what_it_is() {
    let mut world = world();
    world.claim(&claim("x", hourly("2"), &["a"])).unwrap();
    world.claim(&claim("x", hourly("3"), &["a"])).unwrap();
    world.seconds(60).claim(&claim("x", hourly("4"), &["a"])).unwrap();
    world.seconds(30).verified(&Seen::Exists(observed("u", hourly("2"), &["a"])));
    // The youngest had not expired when the read began.
    assert_eq!((world.pending(), world.held()), (vec!["4".to_owned()], "4".into()));
    world.seconds(60).verified(&Seen::Exists(observed("u", hourly("2"), &["a"])));
    assert_eq!((world.pending().len(), world.held()), (0, "2".into()));
}

#[test]
fn a_read_says_nothing_of_what_was_seen_after_it_began() {
    let mut world = world();
    world.claim(&claim("x", hourly("2"), &["a"])).unwrap();
    world.seconds(80).claim(&claim("x", hourly("3"), &["a"])).unwrap();
    let read_began = world.seconds(20).now;
    world.seconds(1).observe("x", &seen("u", hourly("3"), 7));
    for seen in [Seen::Absent, Seen::Exists(observed("before", hourly("2"), &["a"]))] {
        let mut account = world.account.clone();
        for movement in account.verified(&key("x"), &seen, read_began).unwrap() {
            account.apply(&movement);
        }
        let hold = account.hold(&key("x")).unwrap();
        assert_eq!(hold.observed().unwrap().uid(), Some(&Uid::new("u")), "{seen:?}");
        assert_eq!(hold.claims().len(), 0, "{seen:?}");
    }
}

#[test]
fn what_is_gone_ends_with_all_claims_on_it_and_no_others() {
    let mut world = world();
    world.observe("x", &observed("u", hourly("5"), &["a"]));
    world.claim(&update("u", hourly("9"))).unwrap();
    world.claim(&claim("x", hourly("3"), &["a"])).unwrap();
    world.gone("x", None);
    assert_eq!((world.pending(), world.held()), (vec!["3".to_owned()], "3".into()));
}

#[test]
fn another_incarnation_takes_the_place_of_the_one_before() {
    let mut world = world();
    world.observe("x", &observed("one", run("50", "10"), &["a"]));
    world.hours(2).observe("x", &observed("two", run("50", "10"), &["a"]));
    assert_eq!(world.standing("a").0, "20");
    let hold = world.account.hold(&key("x")).unwrap();
    assert_eq!(hold.observed().unwrap().since(), world.now.as_second());
    assert_eq!(world.gone("x", Some("one")), []);
}

#[test]
fn a_run_that_ends_is_paid_by_its_dearest_hour_and_at_most_its_price() {
    for (hours, paid) in [(2, "20"), (5, "50"), (9, "50")] {
        let mut world = world();
        world.claim(&claim("x", run("50", "10"), &["a"])).unwrap();
        world.observe("x", &observed("u", run("50", "10"), &["a"]));
        world.hours(hours);
        assert_eq!(world.standing("a").0, "0");
        assert_eq!(world.account.balance("a").unwrap().held.expected.once.to_exact_text(), "50");
        world.gone("x", Some("u"));
        assert_eq!(world.standing("a").0, paid);
        assert!(world.account.balance("a").unwrap().held.is_zero());
    }
}

#[test]
fn a_job_that_finished_takes_nothing_however_often_that_is_told() {
    let mut world = world();
    world.claim(&claim("x", run("50", "10"), &["a"])).unwrap();
    world.hours(3);
    let job = observed("u", run("50", "10"), &["a"]);
    assert_eq!(world.finished(&job), 2);
    assert_eq!(world.standing("a").0, "30");
    assert!(world.account.balance("a").unwrap().held.is_zero());
    for _ in 0..3 {
        assert_eq!(world.hours(1).finished(&job), 0);
    }
    assert_eq!(world.account.holds().len(), 1);
    world.gone("x", Some("u"));
    assert_eq!(world.account.holds().len(), 0);
    assert_eq!(world.standing("a").0, "30");
}

#[test]
fn a_job_that_nobody_saw_run_is_paid_by_its_claim() {
    let mut world = world();
    world.claim(&claim("x", run("50", "10"), &["a"])).unwrap();
    world.hours(2).verified(&Seen::Finished(observed("u", run("50", "10"), &["a"])));
    assert_eq!((world.standing("a").0, world.held_once()), ("20".into(), "0".into()));
    world.gone("x", Some("u"));
    world.claim(&claim("x", run("50", "10"), &["a"])).unwrap();
    world.hours(1).verified(&Seen::Absent);
    assert_eq!((world.standing("a").0, world.account.holds().len()), ("30".into(), 0));
}

#[test]
fn a_job_that_nobody_saw_run_is_paid_by_the_budgets_that_it_is_of_in_the_end() {
    let mut world = world();
    world.claim(&claim("x", run("50", "10"), &["b"])).unwrap();
    world.hours(2).verified(&Seen::Finished(observed("u", run("50", "10"), &["a"])));
    assert_eq!((world.standing("a").0, world.standing("b").0), ("20".into(), "0".into()));
    assert!(world.account.balance("b").unwrap().held.is_zero());
}

#[test]
fn the_end_of_one_job_is_not_that_of_the_next() {
    let mut world = world();
    world.observe("x", &seen("two", run("50", "10"), 20));
    assert_eq!(world.finished(&seen("one", run("50", "10"), 10)), 0);
    assert_eq!(world.finished(&observed("one", run("50", "10"), &["a"])), 0);
    assert_eq!(world.held_once(), "50");
    assert!(world.finished(&seen("three", run("50", "10"), 30)) > 0);
    assert_eq!(world.held_once(), "0");
}

#[test]
fn a_job_that_is_suspended_is_paid_so_far() {
    let mut world = world();
    world.observe("x", &observed("u", run("50", "10"), &["a"]));
    world.hours(2).observe("x", &observed("u", run("0", "0"), &["a"]));
    assert_eq!((world.standing("a").0, world.held_once()), ("20".into(), "0".into()));
    world.hours(10).claim(&update("u", run("50", "10"))).unwrap();
    world.observe("x", &observed("u", run("50", "10"), &["a"]));
    world.hours(1).gone("x", Some("u"));
    assert_eq!(world.standing("a").0, "30");
}

#[test]
fn what_takes_nothing_is_kept_until_it_is_gone_so_that_nothing_old_takes_its_place() {
    let mut world = world();
    world.observe("x", &seen("u", hourly("5"), 10));
    world.observe("x", &seen("u", hourly("0"), 12));
    let balance = world.account.balance("a").unwrap();
    assert!(balance.held.is_zero() && balance.holds == 0);
    assert_eq!(world.observe("x", &seen("u", hourly("5"), 11)), []);
    world.verified(&Seen::Exists(seen("u", hourly("5"), 11)));
    assert_eq!(world.held(), "0");
    // What a status says of it settles nothing that is on its way.
    world.claim(&update("u", hourly("8"))).unwrap();
    world.claim(&update("u", hourly("0"))).unwrap();
    assert_eq!(world.observe("x", &seen("u", hourly("0"), 13)), []);
    assert_eq!(world.pending(), ["8", "0"]);
    world.gone("x", Some("u"));
    assert_eq!(world.account.holds().len(), 0);
}

#[test]
fn what_moves_to_another_budget_is_paid_by_the_one_it_left() {
    let mut world = world();
    world.observe("x", &observed("u", hourly("2"), &["a"]));
    world.hours(3).observe("x", &observed("u", hourly("2"), &["b"]));
    world.hours(4);
    assert_eq!(world.standing("a"), ("6".into(), "0".into()));
    assert_eq!(world.standing("b"), ("8".into(), "2".into()));
    let count = |budget| world.account.balance(budget).unwrap().holds;
    assert_eq!((count("a"), count("b")), (0, 1));
}

#[test]
fn a_clock_that_goes_back_gives_nothing_back() {
    let mut world = world();
    world.observe("x", &observed("u", hourly("1"), &["a"]));
    world.hours(10).observe("x", &observed("u", hourly("2"), &["a"]));
    world.hours(-8).observe("x", &observed("u", hourly("3"), &["a"]));
    assert_eq!(world.standing("a"), ("10".into(), "3".into()));
    // Nothing accrues twice, either.
    world.hours(8);
    assert_eq!(world.standing("a").0, "10");
    world.hours(1);
    assert_eq!(world.standing("a").0, "13");
    assert_eq!(world.account.balance("a").unwrap().as_of, at(world.now.as_second() - 3600).as_second());
}
