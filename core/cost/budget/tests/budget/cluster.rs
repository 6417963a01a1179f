//! An account beside a cluster: requests that are slow, fail, overtake one another and are admitted again, a watch that
//! lags and is lost, reads that are old when they are told. At every moment what exists is held, and so is what may
//! still come to exist; no budget is passed; and once all is gone nothing is held.

mod api;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use tollgate_budget::Amount;
use tollgate_price::{Charge, Cost};
use tollgate_vocabulary::{Money, Ratio};

use crate::estate::{at, budget, budgets, money};
use api::Cluster;

const NAMES: [&str; 2] = ["x", "y"];

#[derive(Clone, Debug)]
enum Step {
    Ask { name: &'static str, create: bool, charge: Box<Charge>, of: Vec<&'static str> },
    Land(Index),
    Fail(Index),
    Delete(&'static str),
    Touch(&'static str),
    Deliver,
    Relist,
    Read,
    Tell(Index),
    Wait(i64),
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// As the API server has it: an object has its UID before it is admitted.
    #[test]
    fn what_exists_is_held_and_nothing_is_held_for_ever(steps in vec(any_step(), 1..120)) {
        run(&steps, true);
    }

    /// Where UIDs are not told, reads must not be told before the watch has come as far.
    #[test]
    fn what_exists_is_held_also_where_claims_have_no_uid(steps in vec(any_step(), 1..120)) {
        run(&steps, false);
    }
}

fn run(steps: &[Step], uids: bool) {
    let rules = vec![
        budget("a", "100", ", exposure: \"1.5\", gpus: 3"),
        budget("b", "60", ", timeZone: Europe/Berlin, peakPerHour: 3"),
    ];
    let mut cluster = Cluster::new(budgets(rules), "2026-10-01T00:00:00Z", uids);
    for step in steps {
        act(&mut cluster, step);
        check(&cluster);
    }
    end(&mut cluster);
}

fn act(cluster: &mut Cluster, step: &Step) {
    match step {
        Step::Ask { name, create, charge, of } => cluster.ask(name, *create, charge, of),
        Step::Land(which) if !cluster.requests.is_empty() => {
            cluster.land(which.index(cluster.requests.len()))
        }
        Step::Fail(which) if !cluster.requests.is_empty() => {
            cluster.requests.remove(which.index(cluster.requests.len()));
        }
        Step::Tell(which) if !cluster.reads.is_empty() => cluster.tell(which.index(cluster.reads.len())),
        Step::Land(_) | Step::Fail(_) | Step::Tell(_) => {}
        Step::Delete(name) => cluster.delete(name),
        Step::Touch(name) => cluster.touch(name),
        Step::Deliver => cluster.deliver(),
        Step::Relist => cluster.relist(),
        Step::Read => cluster.read(),
        Step::Wait(seconds) => cluster.now += seconds,
    }
}

fn check(cluster: &Cluster) {
    assert_eq!(cluster.account.check(), []);
    for (name, charge, of) in cluster.possible() {
        for budget in of {
            let hold = cluster.account.hold(&crate::estate::key(name));
            let held = hold.and_then(|hold| hold.charge_on(&budget).unwrap());
            let held = held.unwrap_or_else(|| Charge::zero(charge.currency()));
            assert!(
                charge.within(&held).unwrap(),
                "{name} takes {charge:?} of {budget}, and {held:?} is held"
            );
        }
    }
    if cluster.late {
        return;
    }
    for standing in cluster.budgets.standing(&cluster.account, at(cluster.now)).unwrap() {
        let amount = cluster.budgets.find(&standing.budget).unwrap().amount;
        // Each change of a balance rounds what has accrued up, by less than 10^-18.
        let slack = cluster.slack.plus(Money::of_units(1000, amount.currency())).unwrap();
        for (used, limit) in [
            (standing.expected.used, Some(Amount::Money(amount))),
            (standing.worst.used, standing.worst.limit),
            (standing.peak.used, standing.peak.limit),
        ] {
            let (Amount::Money(used), Some(Amount::Money(limit))) = (used, limit) else { continue };
            assert!(used.compare(limit.plus(slack).unwrap()).unwrap().is_le(), "{standing:?}");
        }
        if let (Amount::Gpus(used), Some(Amount::Gpus(limit))) = (standing.gpus.used, standing.gpus.limit) {
            assert!(used <= limit, "{standing:?}");
        }
    }
}

fn end(cluster: &mut Cluster) {
    NAMES.iter().for_each(|name| cluster.delete(name));
    cluster.requests.clear();
    while !cluster.events.is_empty() {
        cluster.deliver();
    }
    cluster.reads.clear();
    cluster.now += 200;
    cluster.read();
    while !cluster.reads.is_empty() {
        cluster.tell(0);
    }
    check(cluster);
    assert_eq!(cluster.account.holds().collect::<Vec<_>>(), []);
    assert!(cluster.account.balances().all(|(_, balance)| balance.held.is_zero() && balance.holds == 0));
}

fn any_step() -> impl Strategy<Value = Step> {
    let name = || select(NAMES.to_vec());
    let of = select(vec![vec!["a"], vec!["b"], vec!["a", "b"]]);
    let ask = (name(), any::<bool>(), any_charge(), of);
    prop_oneof![
        8 => ask.prop_map(|(name, create, charge, of)| Step::Ask { name, create, charge: Box::new(charge), of }),
        8 => any::<Index>().prop_map(Step::Land),
        1 => any::<Index>().prop_map(Step::Fail),
        2 => name().prop_map(Step::Delete),
        2 => name().prop_map(Step::Touch),
        8 => Just(Step::Deliver),
        1 => Just(Step::Relist),
        3 => Just(Step::Read),
        3 => any::<Index>().prop_map(Step::Tell),
        4 => (0..50_i64).prop_map(Step::Wait),
        1 => (0..20_000_i64).prop_map(Step::Wait),
    ]
}

fn any_charge() -> impl Strategy<Value = Charge> {
    let charge = |expected: &str, once: &str, more: &str, peak: &str, gpus: u128| {
        let cost = |per_hour, once| Cost { per_hour: money(per_hour), once: money(once) };
        let worst = cost(more, once);
        Charge { expected: cost(expected, once), worst, peak: money(peak), gpus: Ratio::whole(gpus) }
    };
    select(vec![
        charge("0", "0", "0", "0", 0),
        charge("0.01", "0", "0.02", "0.02", 0),
        charge("0.04", "0", "0.05", "1.5", 1),
        charge("0.07", "0", "0.1", "0.3", 2),
        charge("0", "25", "0", "2", 0),
    ])
}
