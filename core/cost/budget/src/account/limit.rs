//! The limits of one budget, and the sums that a claim comes to on them.
//!
//! ```text
//! expected:  accrued + held.expected x hours left   against thresholds, in percent of the amount
//! worst:     accrued + held.worst    x hours left   against exposure x amount
//! peak:      held.peak                              against peakPerHour
//! gpus:      held.gpus                              against gpus
//! ```

use std::sync::Arc;

use tollgate_price::{Charge, Cost};
use tollgate_vocabulary::{Effect, Money, MoneyError, Ratio};

use crate::balance::replaced;
use crate::{Amount, Balance, Budget, HoldKey, Limit, Shortfall};

/// One budget, and what one hold takes of it before and after a claim.
pub(super) struct Step<'a> {
    pub(super) budget: &'a Budget,
    /// at the time of the claim
    pub(super) balance: Balance,
    pub(super) before: Option<Charge>,
    pub(super) after: Option<Charge>,
}

impl Step<'_> {
    /// Adds what a claim passes of the limits whose sums it makes larger.
    pub(super) fn check(
        &self,
        key: &HoldKey,
        at: i64,
        passed: &mut Vec<Shortfall>,
    ) -> Result<(), MoneyError> {
        let (budget, hours) = (self.budget, self.balance.hours_left(at));
        let mut pass = |limit: Limit, effect: Effect, most: Amount, [held, added, total]: [Amount; 3]| {
            passed.push(Shortfall {
                key: key.clone(),
                budget: Arc::clone(&budget.name),
                effect,
                limit,
                most,
                whole: limit.whole(budget).unwrap_or(most),
                accrued: self.balance.accrued,
                held,
                added,
                hours,
                total,
            });
        };
        let zero = Charge::zero(budget.currency());
        let (before, after) = (self.before.unwrap_or(zero), self.after.unwrap_or(zero));
        let (held, then) = (&self.balance.held, replaced(&self.balance.held, &before, &after)?);
        if then.expected != held.expected {
            let sum @ [_, _, total] = self.by_the_end(held.expected, then.expected, hours)?;
            if let Some((threshold, most)) = budget.thresholds.passed(total, budget.amount)? {
                let limit = Limit::Expected { percent: threshold.percent };
                pass(limit, threshold.effect, Amount::Money(most), sum.map(Amount::Money));
            }
        }
        if then.worst != held.worst {
            let sum @ [_, _, total] = self.by_the_end(held.worst, then.worst, hours)?;
            let most = budget.exposed()?;
            if total.compare(most)?.is_gt() {
                pass(Limit::Worst, Effect::Deny, Amount::Money(most), sum.map(Amount::Money));
            }
        }
        if let Some(most) = budget.peak_per_hour
            && then.peak != held.peak
            && then.peak.compare(most)?.is_gt()
        {
            let sum = [held.peak, then.peak.minus(held.peak)?, then.peak];
            pass(Limit::Peak, Effect::Deny, Amount::Money(most), sum.map(Amount::Money));
        }
        if let Some(most) = budget.gpus.filter(|most| then.gpus != held.gpus && then.gpus > *most) {
            let sum = [held.gpus, then.gpus.minus(held.gpus)?, then.gpus];
            pass(Limit::Gpus, Effect::Deny, Amount::Gpus(most), sum.map(Amount::Gpus));
        }
        Ok(())
    }

    /// What is held until the end of the period, what the claim adds to it, and the sum with what has accrued.
    fn by_the_end(&self, held: Cost, then: Cost, hours: Ratio) -> Result<[Money; 3], MoneyError> {
        let (held, then) = (held.over(hours)?, then.over(hours)?);
        Ok([held, then.minus(held)?, self.balance.accrued.plus(then)?])
    }
}
