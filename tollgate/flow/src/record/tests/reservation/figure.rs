//! Money as plain integers.

use tollgate_price::Charge;
use tollgate_vocabulary::{Money, Rounding};

use super::model::Parts;

/// A charge in whole micro-dollars, a second where it is one by the hour.
pub(super) fn parts(charge: &Charge) -> Parts {
    let a_second = |money| {
        let an_hour = micro(money);
        assert_eq!(an_hour % 3600, 0);
        an_hour / 3600
    };
    let Charge { expected, worst, peak, gpus } = charge;
    let gpus = i128::try_from(gpus.to_whole(Rounding::Up).unwrap()).unwrap();
    [
        a_second(expected.per_hour),
        micro(expected.once),
        a_second(worst.per_hour),
        micro(worst.once),
        a_second(*peak),
        gpus,
    ]
}

/// Whole micro-dollars.
pub(super) fn micro(money: Money) -> i128 {
    let units = 1_000_000_000_000;
    assert_eq!(money.units() % units, 0, "{money}");
    money.units() / units
}
