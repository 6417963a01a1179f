//! A second implementation of the formulas, on fractions of numbers without a size, compared digit by digit on random
//! objects. It follows the field's formulas as they are written down, and shares no code with what it tests.

mod fraction;
mod model;
mod object;

use proptest::prelude::*;
use tollgate_estimate::{Estimator, GpuFractions, NodePools, World};
use tollgate_vocabulary::Value;

use crate::data;
use fraction::Fraction;
use model::{Figures, Prices, any_prices};
use object::{Workload, any_workload};

fn pools() -> NodePools {
    let text = b"pools:\n- {name: a, nodes: 3, maxNodes: 11}\n- {name: b, nodes: 0, maxNodes: 2}\n";
    NodePools::read(&data::values("pools", text)[0]).unwrap()
}

fn check(workload: &Workload, prices: &Prices) -> Result<(), TestCaseError> {
    let text = workload.to_yaml();
    let objects = data::objects("second.yaml", text.as_bytes());
    let book = data::book("second.csv", prices.to_csv().as_bytes());
    let (pools, fractions) = (pools(), GpuFractions::default());
    let world = World::of(objects.iter());
    let estimator = Estimator::new(&book, &pools, &fractions, "2026-11-01T00:00:00Z".parse().unwrap());
    let object: &Value = &objects[0];
    let around = world.around(object);
    let estimate = estimator.estimate(object, &around).unwrap().expect("an estimate");
    let Figures { expected, worst, peak, gpus, unbounded } = workload.figures(prices);
    let units = |money: tollgate_vocabulary::Money| money.units().unsigned_abs();
    for (what, ours, theirs) in [
        ("expected", estimate.expected_month(), &expected),
        ("worst", estimate.worst_month(), &worst),
        ("peak", estimate.peak_hour(), &peak),
    ] {
        prop_assert_eq!(units(ours), theirs.units_down(), "{} of\n{}\nby\n{}", what, text, prices.to_csv());
    }
    prop_assert_eq!(units(estimate.charge.peak), peak.units_up());
    let hours = Fraction::whole(730);
    let charge = estimate.charge;
    for (cost, month) in [(charge.expected, &expected), (charge.worst, &worst)] {
        let (hour, once) =
            if workload.is_once() { (0, month.units_up()) } else { (month.over(&hours).units_up(), 0) };
        prop_assert_eq!((units(cost.per_hour), units(cost.once)), (hour, once), "charge of\n{}", text);
    }
    prop_assert_eq!(charge.gpus.to_string(), gpus.to_string());
    let open: Vec<String> = estimate.unbounded.iter().map(ToString::to_string).collect();
    prop_assert_eq!(open, unbounded, "unbounded of\n{}", text);
    let explained = estimator.explain(object, &around).unwrap().unwrap();
    prop_assert_eq!(explained.charge, charge);
    prop_assert!(!explained.tree.to_text(|_| None).is_empty());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn both_implementations_agree_to_the_last_digit(workload in any_workload(), prices in any_prices()) {
        check(&workload, &prices)?;
    }
}
