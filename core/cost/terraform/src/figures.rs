//! The three figures that everything comes to.

use tollgate_price::MONTH_HOURS;
use tollgate_vocabulary::{Currency, Money, MoneyError, Ratio, Rounding};

/// What something costs, or how much more or less than before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// a month of 730 hours, as it is written
    pub expected_month: Money,
    /// a month as far as it may grow by what is written: an autoscaler's maximum, a disk's limit
    pub worst_month: Money,
    /// the dearest hour
    pub peak_hour: Money,
}

impl Figures {
    /// Nothing.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self { expected_month: zero, worst_month: zero, peak_hour: zero }
    }

    /// Of two months; the dearest hour is one of the worst month.
    pub(crate) fn of_months(expected_month: Money, worst_month: Money) -> Result<Self, MoneyError> {
        let hour = Ratio::new(1, u128::from(MONTH_HOURS)).ok_or(MoneyError::Overflow)?;
        Ok(Self { expected_month, worst_month, peak_hour: worst_month.times(hour, Rounding::Up)? })
    }

    /// The sum.
    ///
    /// # Errors
    /// Another currency, or an overflow.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.with(other, Money::plus)
    }

    /// The difference.
    ///
    /// # Errors
    /// Another currency, or an overflow.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.with(other, Money::minus)
    }

    /// The larger of the two, figure by figure.
    ///
    /// # Errors
    /// Another currency.
    pub fn or_more(self, other: Self) -> Result<Self, MoneyError> {
        self.with(other, Money::or_more)
    }

    fn with(
        self,
        other: Self,
        join: impl Fn(Money, Money) -> Result<Money, MoneyError>,
    ) -> Result<Self, MoneyError> {
        Ok(Self {
            expected_month: join(self.expected_month, other.expected_month)?,
            worst_month: join(self.worst_month, other.worst_month)?,
            peak_hour: join(self.peak_hour, other.peak_hour)?,
        })
    }
}
