//! What something costs, in the figures that everything else computes with.

use std::cmp::Ordering;

use tollgate_vocabulary::{Currency, Money, MoneyError, Ratio, Rounding};

/// Hours of a month in a projection. Budgets count the real hours of the calendar.
pub const MONTH_HOURS: u64 = 730;

/// Money by the hour, for as long as it lasts, and money once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// what each hour costs
    pub per_hour: Money,
    /// what is paid once, such as a whole run of a Job
    pub once: Money,
}

/// What something may take: as expected, at worst, in its dearest hour, and how many GPUs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charge {
    /// as it is written
    pub expected: Cost,
    /// as far as it may grow by what is written
    pub worst: Cost,
    /// the dearest hour
    pub peak: Money,
    /// GPUs at worst, slices by their fraction
    pub gpus: Ratio,
}

impl Cost {
    /// Nothing.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self { per_hour: Money::zero(currency), once: Money::zero(currency) }
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(&self) -> bool {
        self.per_hour.is_zero() && self.once.is_zero()
    }

    /// The sum.
    ///
    /// # Errors
    /// Another currency, or an overflow.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self { per_hour: self.per_hour.plus(other.per_hour)?, once: self.once.plus(other.once)? })
    }

    /// The difference.
    ///
    /// # Errors
    /// Another currency, or an overflow.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self { per_hour: self.per_hour.minus(other.per_hour)?, once: self.once.minus(other.once)? })
    }

    /// The larger of the two, part by part.
    ///
    /// # Errors
    /// Another currency.
    pub fn or_more(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self { per_hour: self.per_hour.or_more(other.per_hour)?, once: self.once.or_more(other.once)? })
    }

    /// What it comes to over so many hours, rounded up to 10^-18.
    ///
    /// # Errors
    /// An overflow.
    pub fn over(self, hours: Ratio) -> Result<Money, MoneyError> {
        self.per_hour.times(hours, Rounding::Up)?.plus(self.once)
    }

    /// What it comes to in a month of [`MONTH_HOURS`].
    ///
    /// # Errors
    /// An overflow.
    pub fn month(self) -> Result<Money, MoneyError> {
        self.over(Ratio::from(MONTH_HOURS))
    }
}

impl Charge {
    /// Nothing.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        let cost = Cost::zero(currency);
        Self { expected: cost, worst: cost, peak: Money::zero(currency), gpus: Ratio::ZERO }
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(&self) -> bool {
        self.expected.is_zero() && self.worst.is_zero() && self.peak.is_zero() && self.gpus.is_zero()
    }

    /// The sum.
    ///
    /// # Errors
    /// Another currency, or an overflow.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self {
            expected: self.expected.plus(other.expected)?,
            worst: self.worst.plus(other.worst)?,
            peak: self.peak.plus(other.peak)?,
            gpus: self.gpus.plus(other.gpus)?,
        })
    }

    /// The larger of the two, part by part.
    ///
    /// # Errors
    /// Another currency.
    pub fn or_more(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self {
            expected: self.expected.or_more(other.expected)?,
            worst: self.worst.or_more(other.worst)?,
            peak: self.peak.or_more(other.peak)?,
            gpus: self.gpus.max(other.gpus),
        })
    }

    /// Whether no part of it is more than the same part of `other`.
    ///
    /// # Errors
    /// Another currency.
    pub fn within(&self, other: &Self) -> Result<bool, MoneyError> {
        let no_more = |a: Money, b: Money| a.compare(b).map(|order| order != Ordering::Greater);
        Ok(no_more(self.expected.per_hour, other.expected.per_hour)?
            && no_more(self.expected.once, other.expected.once)?
            && no_more(self.worst.per_hour, other.worst.per_hour)?
            && no_more(self.worst.once, other.worst.once)?
            && no_more(self.peak, other.peak)?
            && self.gpus <= other.gpus)
    }

    /// The currency.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.peak.currency()
    }
}
