//! Roll-over: what happens when a month ends, and when budgets come and go.
//!
//! Called by the writer before it settles anything, so that whatever comes after finds every budget in its present period.

use std::sync::Arc;

use jiff::Timestamp;

use super::draft::opened;
use super::{Account, AccountError};
use crate::{Budgets, Movement};

/// How long a window of growth is kept behind a roll-over, in seconds: longer than any window is worth having.
const GROWTH_KEPT: i64 = 86_400;

impl Account {
    /// Closes periods that have ended by `at` and begins those that `at` lies in, opens budgets that are new, and takes
    /// away what belongs to no budget any more and holds nothing. A closed period is told by its last balance, before the
    /// first of the next: what has accrued is gone with it, what is held is carried whole.
    ///
    /// # Errors
    /// Amounts that do not fit, or a time outside of the calendar.
    pub fn roll(&self, budgets: &Budgets, at: Timestamp) -> Result<Vec<Movement>, AccountError> {
        let at = at.as_second();
        let mut movements = Vec::new();
        let mut rolled = false;
        for budget in budgets.iter() {
            let before = self.balances.get(&budget.name);
            let after = opened(before, budget, at)?;
            if before == Some(&after) {
                continue;
            }
            let put = |balance| Movement::Balance {
                budget: Arc::clone(&budget.name),
                balance: Some(Box::new(balance)),
            };
            if let Some(before) = before.filter(|before| at >= before.period.end) {
                rolled = true;
                movements.push(put(before.at(before.period.end)?));
            }
            movements.push(put(after));
        }
        for (name, balance) in &self.balances {
            if balance.holds == 0 && budgets.find(name).is_none() {
                movements.push(Movement::Balance { budget: Arc::clone(name), balance: None });
            }
        }
        if rolled {
            let over = self.growth.iter().filter(|(_, growth)| growth.start.saturating_add(GROWTH_KEPT) < at);
            movements.extend(
                over.map(|(principal, _)| Movement::Growth {
                    principal: Arc::clone(principal),
                    window: None,
                }),
            );
        }
        Ok(movements)
    }
}
