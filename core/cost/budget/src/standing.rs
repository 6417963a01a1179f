//! How budgets stand: what `budget ls`, metrics and the status page show.

use std::sync::Arc;

use jiff::Timestamp;
use tollgate_vocabulary::{Money, Ratio};

use crate::account::AccountError;
use crate::amount::Amount;
use crate::{Account, Budgets, Limit, Period};

/// How one budget stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// the budget
    pub budget: Arc<str>,
    /// who answers for it
    pub owner: Arc<str>,
    /// the present period
    pub period: Period,
    /// hours until it ends
    pub hours_left: Ratio,
    /// what has been spent in it, as far as is known
    pub accrued: Money,
    /// what holds are expected to take until it ends
    pub held: Money,
    /// both, against the amount
    pub expected: Use,
    /// what has been spent and what holds take at worst, against the exposure times the amount
    pub worst: Use,
    /// the dearest hour
    pub peak: Use,
    /// GPUs
    pub gpus: Use,
    /// how many holds there are
    pub holds: u64,
}

/// How much of a limit is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// how much
    pub used: Amount,
    /// the limit, where there is one
    pub limit: Option<Amount>,
    /// how many percent of it, where that can be told
    pub percent: Option<Ratio>,
}

impl Budgets {
    /// How each budget stands at `at`, by name.
    ///
    /// # Errors
    /// Amounts that do not fit, or a time outside of the calendar.
    pub fn standing(&self, account: &Account, at: Timestamp) -> Result<Vec<Standing>, AccountError> {
        let at = at.as_second();
        let of = |budget: &crate::Budget| {
            let balance = crate::account::opened(account.balance(&budget.name), budget, at)?.at(at)?;
            let hours = balance.hours_left(at);
            let by_the_end = |cost: tollgate_price::Cost| cost.over(hours);
            let held = by_the_end(balance.held.expected)?;
            let limited = |limit: Limit, used: Amount| {
                let limit = limit.whole(budget);
                Use { used, limit, percent: limit.and_then(|limit| used.percent_of(limit)) }
            };
            let expected = Amount::Money(balance.accrued.plus(held)?);
            let worst = Amount::Money(balance.accrued.plus(by_the_end(balance.held.worst)?)?);
            Ok(Standing {
                budget: Arc::clone(&budget.name),
                owner: Arc::clone(&budget.owner),
                period: balance.period,
                hours_left: hours,
                accrued: balance.accrued,
                held,
                expected: limited(Limit::Expected { percent: Ratio::whole(100) }, expected),
                worst: limited(Limit::Worst, worst),
                peak: limited(Limit::Peak, Amount::Money(balance.held.peak)),
                gpus: limited(Limit::Gpus, Amount::Gpus(balance.held.gpus)),
                holds: balance.holds,
            })
        };
        self.iter().map(of).collect()
    }
}
