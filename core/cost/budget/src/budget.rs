//! A budget as it is written in the estate.

mod read;

use std::sync::Arc;

use jiff::tz::TimeZone;
use tollgate_vocabulary::{Currency, Money, MoneyError, PolicyPlace, Ratio, Rounding};

use crate::Thresholds;
use crate::period::{Period, PeriodError};
use crate::scope::Scope;

/// `kind: Budget` of `tollgate.dev/v1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// its name, unique in an estate
    pub name: Arc<str>,
    /// who answers for it
    pub owner: Arc<str>,
    /// how much in a calendar month
    pub amount: Money,
    /// the zone in which a month begins, by its name in the tz database
    pub time_zone: Arc<str>,
    /// how much in any hour, at most
    pub peak_per_hour: Option<Money>,
    /// how many GPUs, at most
    pub gpus: Option<Ratio>,
    /// how many times its amount the worst may come to
    pub exposure: Ratio,
    /// what happens to what has no bound and no declared cap
    pub unbounded: Unbounded,
    /// what happens from which part of its amount on
    pub thresholds: Thresholds,
    /// where its amount is written
    pub place: PolicyPlace,
    pub(crate) scope: Scope,
    zone: TimeZone,
}

/// What happens to what has no bound and no declared cap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unbounded {
    /// it is refused
    #[default]
    Deny,
    /// it passes with a warning
    Warn,
    /// it passes
    Allow,
}

impl Budget {
    /// Its currency.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.amount.currency()
    }

    /// What its worst may come to: the exposure times the amount, rounded down.
    ///
    /// # Errors
    /// An overflow.
    pub fn exposed(&self) -> Result<Money, MoneyError> {
        self.amount.times(self.exposure, Rounding::Down)
    }

    /// The month in its zone that `at` (in seconds since 1970) lies in.
    ///
    /// # Errors
    /// A time outside of the calendar.
    pub fn period(&self, at: i64) -> Result<Period, PeriodError> {
        Period::month(&self.zone, at)
    }
}
