//! What is spent and held of a budget in its present period.
//!
//! ```text
//! held.expected.per_hour x (now - as_of) ──> accrued        before every change of what is held
//! ```
//!
//! INVARIANT: `as_of` never goes back, and with it neither does what has accrued.

use tollgate_price::{Charge, Cost};
use tollgate_vocabulary::{Currency, Money, MoneyError, Ratio, Rounding};

use crate::period::{Period, hours_between};

/// The balance of one budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    /// the period that it is of
    pub period: Period,
    /// until when has accrued what is in `accrued`, in seconds since 1970
    pub as_of: i64,
    /// what has been spent in the period, as far as is known
    pub accrued: Money,
    /// the sum of what all holds take
    pub held: Charge,
    /// how many holds take of it
    pub holds: u64,
}

impl Balance {
    /// Nothing spent and nothing held, from `at` on.
    #[must_use]
    pub const fn empty(period: Period, at: i64, currency: Currency) -> Self {
        Self { period, as_of: at, accrued: Money::zero(currency), held: Charge::zero(currency), holds: 0 }
    }

    /// The time that counts at `at`: not before what has accrued, not after the period.
    pub(crate) fn now(&self, at: i64) -> i64 {
        self.as_of.max(at.min(self.period.end))
    }

    /// Hours from `at` to the end of the period.
    #[must_use]
    pub fn hours_left(&self, at: i64) -> Ratio {
        hours_between(self.now(at), self.period.end)
    }

    /// The balance at `at`: what is held has become a cost until then.
    ///
    /// # Errors
    /// An overflow.
    pub fn at(self, at: i64) -> Result<Self, MoneyError> {
        let now = self.now(at);
        let hours = hours_between(self.as_of, now);
        let since = self.held.expected.per_hour.times(hours, Rounding::Up)?;
        Ok(Self { as_of: now, accrued: self.accrued.plus(since)?, ..self })
    }

    /// The balance of the next period: what is held is carried whole. It accrues from where the last one ended.
    pub(crate) fn rolled(self, period: Period) -> Self {
        let as_of = period.start.max(self.period.end);
        Self { period, as_of, accrued: Money::zero(self.accrued.currency()), ..self }
    }

    /// The balance after one hold takes `new` instead of `old`, and `spent` of it is paid.
    pub(crate) fn changed(
        self,
        old: Option<Charge>,
        new: Option<Charge>,
        spent: Option<Money>,
    ) -> Result<Self, MoneyError> {
        let zero = Charge::zero(self.accrued.currency());
        let count = u64::from(new.is_some());
        Ok(Self {
            accrued: spent.map_or(Ok(self.accrued), |spent| self.accrued.plus(spent))?,
            held: replaced(&self.held, &old.unwrap_or(zero), &new.unwrap_or(zero))?,
            holds: self.holds.saturating_add(count).saturating_sub(u64::from(old.is_some())),
            ..self
        })
    }
}

/// `sum` with `new` in it instead of `old`.
pub(crate) fn replaced(sum: &Charge, old: &Charge, new: &Charge) -> Result<Charge, MoneyError> {
    let cost = |sum: Cost, old: Cost, new: Cost| sum.minus(old)?.plus(new);
    Ok(Charge {
        expected: cost(sum.expected, old.expected, new.expected)?,
        worst: cost(sum.worst, old.worst, new.worst)?,
        peak: sum.peak.minus(old.peak)?.plus(new.peak)?,
        gpus: sum.gpus.plus(new.gpus)?.minus(old.gpus)?,
    })
}
