//! Any object is estimated or refused with a place; equal objects cost the same, and an explanation comes to the figures
//! that it explains.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tollgate_estimate::{Estimator, GpuFractions, NodePools, World};
use tollgate_manifest::{Limits, Mask, read};
use tollgate_price::PriceBook;
use tollgate_vocabulary::Timestamp;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { nodes: 20_000, ..Limits::default() };
    let Ok(reading) = read(bytes, &Mask::new([7; 32]), &limits) else { return };
    let values: Vec<_> = reading.objects.iter().map(|written| &*written.object.value).collect();
    let pools = values.iter().find_map(|value| NodePools::read(value).ok()).unwrap_or_default();
    let (book, fractions) = (PriceBook::embedded(), GpuFractions::default());
    let estimator = Estimator::new(&book, &pools, &fractions, Timestamp::UNIX_EPOCH);
    let world = World::of(values.iter().copied());
    for value in values {
        let around = world.around(value);
        let (plain, explained) = (estimator.estimate(value, &around), estimator.explain(value, &around));
        match (plain, explained) {
            (Ok(Some(plain)), Ok(Some(explained))) => {
                assert_eq!(plain.charge, explained.charge);
                assert!(!plain.charge.peak.is_negative() && !plain.expected_month().is_negative());
                assert!(plain.expected_month().units() <= plain.worst_month().units());
            }
            (plain, explained) => assert_eq!(plain.is_ok(), explained.is_ok()),
        }
    }
});
