//! Fractions of any length, the slow and simple way.

use num_bigint::BigInt;
use tollgate_vocabulary::{Money, Ratio};

/// A fraction; its denominator is positive.
#[derive(Clone, Debug)]
pub(super) struct Q {
    above: BigInt,
    below: BigInt,
}

impl Q {
    pub(super) fn new(above: impl Into<BigInt>, below: impl Into<BigInt>) -> Self {
        Self { above: above.into(), below: below.into() }
    }

    pub(super) fn zero() -> Self {
        Self::new(0, 1)
    }

    /// Whole units of 10^-18.
    pub(super) fn of_money(money: Money) -> Self {
        Self::new(money.units(), 1)
    }

    pub(super) fn of_ratio(ratio: Ratio) -> Self {
        Self::new(ratio.numerator(), ratio.denominator())
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        Self::new(&self.above * &other.below + &other.above * &self.below, &self.below * &other.below)
    }

    pub(super) fn minus(&self, other: &Self) -> Self {
        self.plus(&Self::new(-other.above.clone(), other.below.clone()))
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        Self::new(&self.above * &other.above, &self.below * &other.below)
    }

    /// The next whole number that is not below it.
    pub(super) fn up(&self) -> Self {
        let quotient = &self.above / &self.below;
        let more = &quotient * &self.below < self.above;
        Self::new(if more { quotient + 1 } else { quotient }, 1)
    }
}

impl PartialEq for Q {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Q {}

impl PartialOrd for Q {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Q {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (&self.above * &other.below).cmp(&(&other.above * &self.below))
    }
}
