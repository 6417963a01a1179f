//! The sum that a claim comes to on one limit of one budget, and what that limit says.

use std::fmt;
use std::sync::Arc;

use tollgate_vocabulary::{Effect, Money, Ratio, Rounding};

use crate::amount::{Amount, money_text, ratio_text};
use crate::{Budget, HoldKey};

/// A limit of a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// what is expected by the end of the period, against so many percent of the amount
    Expected {
        /// the threshold
        percent: Ratio,
    },
    /// the worst by the end of the period, against the exposure times the amount
    Worst,
    /// the dearest hour
    Peak,
    /// GPUs
    Gpus,
}

/// What a claim would pass, with all that is needed to compute it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortfall {
    /// the object that was asked for
    pub key: HoldKey,
    /// the budget
    pub budget: Arc<str>,
    /// what happens: deny, warn or info
    pub effect: Effect,
    /// the limit
    pub limit: Limit,
    /// what the limit is at
    pub most: Amount,
    /// what the percentages are of: the amount, or else the same as `most`
    pub whole: Amount,
    /// spent in the period before; nothing where the limit is not one of a period
    pub accrued: Money,
    /// what was held before, until the end of the period where the limit is one of it
    pub held: Amount,
    /// what the claim adds to that
    pub added: Amount,
    /// hours until the end of the period
    pub hours: Ratio,
    /// the sum of all
    pub total: Amount,
}

impl Limit {
    /// What the percentages of this limit are of.
    pub(crate) fn whole(self, budget: &Budget) -> Option<Amount> {
        match self {
            Self::Expected { .. } => Some(Amount::Money(budget.amount)),
            Self::Worst => budget.exposed().ok().map(Amount::Money),
            Self::Peak => budget.peak_per_hour.map(Amount::Money),
            Self::Gpus => budget.gpus.map(Amount::Gpus),
        }
    }

    /// The word that entries and reports use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Expected { .. } => "expected",
            Self::Worst => "worst",
            Self::Peak => "peak",
            Self::Gpus => "gpus",
        }
    }
}

impl Shortfall {
    /// How many percent were taken before the claim; nothing where the whole is nothing.
    #[must_use]
    pub fn percent_before(&self) -> Option<Ratio> {
        let before = match (self.held, self.limit) {
            (Amount::Money(held), Limit::Expected { .. } | Limit::Worst) => {
                Amount::Money(self.accrued.plus(held).ok()?)
            }
            (held, _) => held,
        };
        before.percent_of(self.whole)
    }

    /// How many percent would be taken after it; nothing where the whole is nothing.
    #[must_use]
    pub fn percent_after(&self) -> Option<Ratio> {
        self.total.percent_of(self.whole)
    }
}

/// `accrued 120 + held 300 + added 100 over 212.5 h = 520 USD > 500 USD (84 % -> 104 %)`. Numbers are rounded for the
/// eye; the total is rounded up, so that it never looks like the limit that it passes.
impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |amount: Amount| amount.number(Rounding::HalfUp);
        let (held, added) = (number(self.held), number(self.added));
        let total = format!("{} {}", self.total.number(Rounding::Up), self.total.unit());
        let (most, whole) = (self.most, self.whole);
        let in_period = |f: &mut fmt::Formatter<'_>| {
            let accrued = money_text(self.accrued, Rounding::HalfUp);
            let hours = ratio_text(self.hours, 2, Rounding::HalfUp);
            write!(f, "accrued {accrued} + held {held} + added {added} over {hours} h = {total}")
        };
        match self.limit {
            Limit::Expected { percent } if percent == Ratio::whole(100) => {
                in_period(f)?;
                write!(f, " > {most}")?;
            }
            Limit::Expected { percent } => {
                in_period(f)?;
                write!(f, " > {percent} % of {whole}")?;
            }
            Limit::Worst => {
                in_period(f)?;
                write!(f, " > {most} at worst")?;
            }
            Limit::Peak => write!(f, "held {held} + added {added} = {total}/h > {most}/h")?,
            Limit::Gpus => write!(f, "held {held} + added {added} = {total} > {most}")?,
        }
        match (self.percent_before(), self.percent_after()) {
            (Some(before), Some(after)) => {
                let (before, after) =
                    (ratio_text(before, 1, Rounding::HalfUp), ratio_text(after, 1, Rounding::Up));
                write!(f, " ({before} % -> {after} %)")
            }
            _ => Ok(()),
        }
    }
}
