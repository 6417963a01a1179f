//! Amounts that are not rounded yet: fractions of 10^-18 of a currency's unit.
//!
//! ```text
//! price x quantity ──plus──> a pod's hour ──times replicas, hours──> a figure ──money(Rounding)──> Money
//!                            exact: 256 bits over 128                  the one rounding
//! ```
//!
//! INVARIANTS: nothing is rounded before [`Exact::money`]; what does not fit is an error, never a wrong number.

mod wide;

use std::cmp::Ordering;

use tollgate_vocabulary::{Currency, Money, MoneyError, Ratio, Rounding};

pub(crate) use wide::Wide;

/// An exact amount, not negative.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exact {
    numerator: Wide,
    denominator: u128,
}

impl Exact {
    pub(crate) const ZERO: Self = Self { numerator: Wide::ZERO, denominator: 1 };

    /// So many times a price of so many 10^-18.
    pub(crate) fn of(units: u128, factor: Ratio) -> Self {
        Self { numerator: Wide::product(units, factor.numerator()), denominator: factor.denominator() }
    }

    pub(crate) const fn is_zero(&self) -> bool {
        self.numerator.is_zero()
    }

    pub(crate) fn plus(self, other: Self) -> Result<Self, MoneyError> {
        if self.is_zero() {
            return Ok(other);
        }
        if other.is_zero() {
            return Ok(self);
        }
        let sum = |(a, b): (Wide, Wide), denominator| Some(Self { numerator: a.plus(b)?, denominator });
        let (numerators, denominator) = self.alike(other)?;
        sum(numerators, denominator).ok_or(MoneyError::Overflow)
    }

    pub(crate) fn times(self, factor: Ratio) -> Result<Self, MoneyError> {
        // Reduced crosswise where that is cheap, so that months of 730 hours come and go.
        let reduced = Ratio::new(factor.numerator(), self.denominator).unwrap_or(Ratio::ZERO);
        let numerator = self.numerator.times(reduced.numerator());
        let denominator = reduced.denominator().checked_mul(factor.denominator());
        match (numerator, denominator) {
            (Some(numerator), Some(denominator)) => Ok(Self { numerator, denominator }),
            _ => Err(MoneyError::Overflow),
        }
    }

    pub(crate) fn times_whole(self, factor: u64) -> Result<Self, MoneyError> {
        self.times(Ratio::from(factor))
    }

    /// Which is more.
    pub(crate) fn compare(self, other: Self) -> Result<Ordering, MoneyError> {
        self.alike(other).map(|((a, b), _)| a.cmp(&b))
    }

    /// The amount, rounded to 10^-18.
    pub(crate) fn money(self, currency: Currency, rounding: Rounding) -> Result<Money, MoneyError> {
        let (quotient, rest) = self.numerator.divide(self.denominator).ok_or(MoneyError::Overflow)?;
        let up = match rounding {
            Rounding::Down => false,
            Rounding::Up => rest != 0,
            Rounding::HalfUp => rest != 0 && rest >= self.denominator - rest,
        };
        let units = quotient.checked_add(u128::from(up)).and_then(|units| i128::try_from(units).ok());
        units.map(|units| Money::of_units(units, currency)).ok_or(MoneyError::Overflow)
    }

    /// Both numerators over one denominator.
    fn alike(self, other: Self) -> Result<((Wide, Wide), u128), MoneyError> {
        if self.denominator == other.denominator {
            return Ok(((self.numerator, other.numerator), self.denominator));
        }
        // a/b + c/d: with d/b in lowest terms, the one denominator is b times its numerator.
        let ratio = Ratio::new(other.denominator, self.denominator).ok_or(MoneyError::Overflow)?;
        let (ours, theirs) = (ratio.numerator(), ratio.denominator());
        let alike = || {
            let numerators = (self.numerator.times(ours)?, other.numerator.times(theirs)?);
            Some((numerators, self.denominator.checked_mul(ours)?))
        };
        alike().ok_or(MoneyError::Overflow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn third() -> Exact {
        Exact::of(1_000_000_000_000_000_000, Ratio::new(1, 3).unwrap())
    }

    #[test]
    fn three_thirds_are_one() {
        let sum = third().plus(third()).and_then(|sum| sum.plus(third())).unwrap();
        assert_eq!(sum.money(Currency::USD, Rounding::Down).unwrap().to_exact_text(), "1");
        let product = third().times_whole(3).unwrap();
        assert_eq!(product.money(Currency::USD, Rounding::Down).unwrap().to_exact_text(), "1");
    }

    #[test]
    fn a_month_over_its_hours_and_back_is_the_month() {
        let month = Exact::of(7, Ratio::ONE);
        let hour = month.times(Ratio::new(1, 730).unwrap()).unwrap();
        assert_eq!(hour.times_whole(730).unwrap().compare(month), Ok(Ordering::Equal));
        assert_eq!(hour.money(Currency::USD, Rounding::Up).unwrap().units(), 1);
        assert_eq!(hour.money(Currency::USD, Rounding::HalfUp).unwrap().units(), 0);
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let huge = Exact::of(u128::MAX, Ratio::whole(u128::MAX));
        assert_eq!(huge.times_whole(2).map(|_| ()), Err(MoneyError::Overflow));
        assert_eq!(huge.plus(huge).map(|_| ()), Err(MoneyError::Overflow));
        assert_eq!(huge.money(Currency::USD, Rounding::Down), Err(MoneyError::Overflow));
    }
}
