//! What may happen to an account, drawn at random from few of each, so that it meets often.

use proptest::collection::{SizeRange, vec};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use tollgate_budget::{Budgets, Claim, GrowthLimit, HoldKey, Observed, Seen, Uid};
use tollgate_price::{Charge, Cost};
use tollgate_vocabulary::Ratio;

use crate::estate::{budget, budgets, key, money, names};

#[derive(Clone, Debug)]
pub(super) enum Action {
    Wait(i64),
    Roll,
    Claim(Vec<Claim>),
    Observe(HoldKey, Observed),
    Gone(HoldKey, Option<Uid>),
    Finished(HoldKey, Observed),
    Verified(HoldKey, Seen),
}

pub(super) fn rules() -> Budgets {
    let odd = "[{percent: 33.3, effect: info}, {percent: 70, effect: warn}, {percent: 110, effect: deny}]";
    budgets(vec![
        budget("a", "100", ""),
        budget("b", "60", ", timeZone: Europe/Berlin, peakPerHour: 4, gpus: 3"),
        budget("c", "250", &format!(", timeZone: Pacific/Apia, exposure: \"1.3\", thresholds: {odd}")),
    ])
}

pub(super) fn keys() -> Vec<HoldKey> {
    ["x", "y", "z"].map(key).to_vec()
}

pub(super) fn any_actions(count: impl Into<SizeRange>) -> impl Strategy<Value = Vec<Action>> {
    vec(any_action(), count)
}

fn any_action() -> impl Strategy<Value = Action> {
    let key = || select(keys());
    let wait = prop_oneof![
        4 => 0..200_i64,
        2 => -400..0_i64,
        2 => 0..90_000_i64,
        1 => -90_000..0_i64,
        1 => 0..5_000_000_i64,
    ];
    let seen = prop_oneof![
        any_observed().prop_map(Seen::Exists),
        any_observed().prop_map(Seen::Finished),
        Just(Seen::Absent)
    ];
    prop_oneof![
        6 => wait.prop_map(Action::Wait),
        1 => Just(Action::Roll),
        8 => vec(any_claim(), 1..4).prop_map(Action::Claim),
        6 => (key(), any_observed()).prop_map(|(key, observed)| Action::Observe(key, observed)),
        2 => (key(), proptest::option::of(any_uid())).prop_map(|(key, uid)| Action::Gone(key, uid)),
        1 => (key(), any_observed()).prop_map(|(key, observed)| Action::Finished(key, observed)),
        3 => (key(), seen).prop_map(|(key, seen)| Action::Verified(key, seen)),
    ]
}

fn any_claim() -> impl Strategy<Value = Claim> {
    let growth = (proptest::option::of(select(vec!["3", "5"])), proptest::option::of(0..4_u64));
    let growth = proptest::option::of(growth);
    let uid = proptest::option::of(any_uid());
    (select(keys()), uid, any_charge(), any_budgets(), select(vec!["p", "q"]), growth).prop_map(
        |(key, uid, charge, budgets, principal, growth)| Claim {
            key,
            uid,
            charge,
            budgets: names(&budgets),
            principal: principal.into(),
            expires_after: 90,
            growth: growth.map(|(per_hour, objects)| GrowthLimit {
                per_hour: per_hour.map(money),
                objects,
                window: 600,
            }),
        },
    )
}

fn any_observed() -> impl Strategy<Value = Observed> {
    (any_uid(), any_charge(), any_budgets(), proptest::option::of(1..9_u64)).prop_map(
        |(uid, charge, budgets, version)| Observed { uid, charge, budgets: names(&budgets), version },
    )
}

fn any_uid() -> impl Strategy<Value = Uid> {
    select(vec!["0190d3f2-7a3b-7c4d-8e5f-a0b1c2d3e4f5", "two"]).prop_map(Uid::new)
}

fn any_budgets() -> impl Strategy<Value = Vec<&'static str>> {
    prop_oneof![3 => Just(vec!["a", "b", "c"]), 2 => subsequence(vec!["a", "b", "c"], 0..=3)]
}

/// One of few charges, so that what is seen is often what was asked for.
fn any_charge() -> impl Strategy<Value = Charge> {
    let charge =
        |expected: &str, once: &str, worst: &str, worst_once: &str, peak: &str, gpus: (u128, u128)| {
            let cost = |per_hour, once| Cost { per_hour: money(per_hour), once: money(once) };
            let gpus = Ratio::new(gpus.0, gpus.1).unwrap();
            Charge { expected: cost(expected, once), worst: cost(worst, worst_once), peak: money(peak), gpus }
        };
    select(vec![
        charge("0", "0", "0", "0", "0", (0, 1)),
        charge("0.01", "0", "0.02", "0", "0.02", (0, 1)),
        charge("0.030000000000000001", "0", "0.090000000000000007", "0", "0.3", (1, 3)),
        charge("0.05", "0", "0.05", "0", "1", (1, 2)),
        charge("0.1", "0", "0.3", "0", "1.5", (1, 1)),
        charge("0", "10", "0", "30", "2", (0, 1)),
        charge("0", "40.000000000000000003", "0", "45", "0.7", (2, 1)),
        charge("0.02", "5", "0.02", "5", "0.000000000000000001", (0, 1)),
        charge("0.333333333333333333", "0", "0.333333333333333333", "0", "0.333333333333333333", (0, 1)),
    ])
}
