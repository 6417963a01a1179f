//! Fractions of numbers without a size.

use std::fmt;

use num_bigint::BigUint;

/// A fraction that is not negative, not in lowest terms.
#[derive(Clone, Debug)]
pub(crate) struct Fraction {
    above: BigUint,
    below: BigUint,
}

impl Fraction {
    pub(crate) fn of(above: u64, below: u64) -> Self {
        Self { above: above.into(), below: below.into() }
    }

    pub(crate) fn whole(number: u64) -> Self {
        Self::of(number, 1)
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        Self {
            above: &self.above * &other.below + &other.above * &self.below,
            below: &self.below * &other.below,
        }
    }

    pub(crate) fn times(&self, other: &Self) -> Self {
        Self { above: &self.above * &other.above, below: &self.below * &other.below }
    }

    pub(crate) fn over(&self, other: &Self) -> Self {
        Self { above: &self.above * &other.below, below: &self.below * &other.above }
    }

    pub(crate) fn is_more(&self, other: &Self) -> bool {
        &self.above * &other.below > &other.above * &self.below
    }

    pub(crate) fn max(self, other: Self) -> Self {
        if other.is_more(&self) { other } else { self }
    }

    pub(crate) fn min(self, other: Self) -> Self {
        if other.is_more(&self) { self } else { other }
    }

    /// The least whole number that is not below it.
    pub(crate) fn ceil(&self) -> u64 {
        u64::try_from((&self.above + &self.below - 1_u32) / &self.below).unwrap()
    }

    /// Rounded up to billionths, as Kubernetes keeps quantities.
    pub(crate) fn to_nano(&self) -> Self {
        let nano = BigUint::from(1_000_000_000_u64);
        let above = (&self.above * &nano + &self.below - 1_u32) / &self.below;
        Self { above, below: nano }
    }

    /// In 10^-18, cut off.
    pub(crate) fn units_down(&self) -> u128 {
        u128::try_from(&self.above * BigUint::from(10_u32).pow(18) / &self.below).unwrap()
    }

    /// In 10^-18, rounded up.
    pub(crate) fn units_up(&self) -> u128 {
        let above = &self.above * BigUint::from(10_u32).pow(18);
        u128::try_from((above + &self.below - 1_u32) / &self.below).unwrap()
    }
}

/// A whole number; nothing else is shown here.
impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", &self.above / &self.below)
    }
}
