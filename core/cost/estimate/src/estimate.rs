//! What an object costs.

use std::sync::Arc;

use tollgate_price::{Charge, Cost, MONTH_HOURS};
use tollgate_vocabulary::{Currency, Money, MoneyError, Path, Ratio, Rounding};

use crate::Explanation;
use crate::exact::Exact;

/// What an object costs, and what of it nobody can say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// what budgets count; each part rounded up to 10^-18
    pub charge: Charge,
    /// what has no bound, by its place in the object; the figures hold the rest
    pub unbounded: Vec<Path>,
    /// what has no price: `amd.com/gpu`, `storage/gold`; the figures hold the rest
    pub unpriced: Vec<Arc<str>>,
    /// how many pods, where the object has a number of them
    pub replicas: Option<Replicas>,
    /// what the object itself says that its unbounded part costs at most in a month; held by the worst figures
    pub capped: Option<Money>,
    /// why nobody can say what it costs: a custom resource whose pods only its controller knows
    pub unknown: Option<String>,
    /// why the figures are what they are; empty unless it was asked for
    pub tree: Explanation,
    expected_month: Money,
    worst_month: Money,
    peak_hour: Money,
}

/// A number of pods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replicas {
    /// as it is written
    pub expected: u64,
    /// as many as there may be
    pub worst: u64,
}

impl Estimate {
    /// What is expected in a month of 730 hours. Cut off at 10^-18, so that rounding it half up to fewer digits is
    /// rounding the exact figure.
    #[must_use]
    pub const fn expected_month(&self) -> Money {
        self.expected_month
    }

    /// What a month of 730 hours costs at worst, cut off at 10^-18.
    #[must_use]
    pub const fn worst_month(&self) -> Money {
        self.worst_month
    }

    /// What its dearest hour costs, cut off at 10^-18.
    #[must_use]
    pub const fn peak_hour(&self) -> Money {
        self.peak_hour
    }
}

/// An estimate in the making: exact figures.
#[derive(Default)]
pub(crate) struct Draft {
    pub(crate) expected: Span,
    pub(crate) worst: Span,
    pub(crate) peak: Exact,
    pub(crate) gpus: Option<Ratio>,
    pub(crate) unbounded: Vec<Path>,
    pub(crate) unpriced: Vec<Arc<str>>,
    pub(crate) replicas: Option<Replicas>,
    pub(crate) capped: Option<Money>,
    pub(crate) unknown: Option<String>,
    pub(crate) tree: Vec<Explanation>,
}

/// For each hour, and once.
#[derive(Clone, Copy, Default)]
pub(crate) struct Span {
    pub(crate) per_hour: Exact,
    pub(crate) once: Exact,
}

impl Span {
    fn cost(&self, currency: Currency) -> Result<Cost, MoneyError> {
        let up = |amount: Exact| amount.money(currency, Rounding::Up);
        Ok(Cost { per_hour: up(self.per_hour)?, once: up(self.once)? })
    }

    fn month(&self, currency: Currency) -> Result<Money, MoneyError> {
        self.per_hour.times_whole(MONTH_HOURS)?.plus(self.once)?.money(currency, Rounding::Down)
    }
}

impl Draft {
    pub(crate) fn finish(mut self, currency: Currency) -> Result<Estimate, MoneyError> {
        self.unbounded.sort_unstable();
        self.unbounded.dedup();
        self.unpriced.sort_unstable();
        self.unpriced.dedup();
        Ok(Estimate {
            charge: Charge {
                expected: self.expected.cost(currency)?,
                worst: self.worst.cost(currency)?,
                peak: self.peak.money(currency, Rounding::Up)?,
                gpus: self.gpus.unwrap_or(Ratio::ZERO),
            },
            expected_month: self.expected.month(currency)?,
            worst_month: self.worst.month(currency)?,
            peak_hour: self.peak.money(currency, Rounding::Down)?,
            unbounded: self.unbounded,
            unpriced: self.unpriced,
            replicas: self.replicas,
            capped: self.capped,
            unknown: self.unknown,
            tree: Explanation { below: self.tree, ..Explanation::default() },
        })
    }
}
