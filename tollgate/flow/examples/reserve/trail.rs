//! What the ledger says afterwards: every entry folded, and all sums compared with their limits after each.
//!
//! The sums are added up here a second time, from the holds alone.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use tollgate_budget::{Balance, Hold, HoldKey, Movement};
use tollgate_flow::Kept;
use tollgate_gate::{Bundle, Effects, State, StateChange};
use tollgate_ledger::Kind;
use tollgate_store::Store;
use tollgate_vocabulary::Money;

use crate::Done;

/// Entries that are read at once.
const READ: u64 = 10_000;

/// What the entries came to.
#[derive(Default)]
pub(crate) struct Trail {
    entries: u64,
    /// decisions that took money
    took: u64,
    /// by budget
    most: BTreeMap<Arc<str>, Most>,
}

/// The most that was reached of one budget, and its limits.
struct Most {
    expected: Money,
    amount: Money,
    peak: Money,
    peak_per_hour: Option<Money>,
}

impl Trail {
    /// Folds the ledger of a gate that has stopped.
    pub(crate) fn of(dir: &Path, bundle: &Bundle) -> Done<Self> {
        let budgets = &bundle.cost().ok_or("no budgets")?.budgets;
        let reader = Store::open_read_only(dir)?;
        let size = reader.view().size()?;
        let (mut trail, mut state) = (Self { entries: size, ..Self::default() }, State::default());
        for budget in budgets.iter() {
            let zero = Money::zero(budget.currency());
            let most = Most {
                expected: zero,
                amount: budget.amount,
                peak: zero,
                peak_per_hour: budget.peak_per_hour,
            };
            trail.most.insert(Arc::clone(&budget.name), most);
        }
        let mut sums = Sums::default();
        for from in (0..size).step_by(READ as usize) {
            for entry in reader.view().entries(from..(from + READ).min(size))? {
                let effects = Effects::from_bytes(&entry.effects.bytes)?;
                trail.took += u64::from(entry.kind() == Kind::Decision && !effects.changes().is_empty());
                state.apply(&effects);
                for change in effects.changes() {
                    if let StateChange::Money(Movement::Hold { key, hold }) = change {
                        sums.replace(key, hold.clone())?;
                    }
                }
                for (budget, balance) in state.account.balances() {
                    trail.reached(budget, balance, &sums)?;
                }
            }
        }
        if Kept::read(dir)?.state != state {
            return Err("the entries do not come to the state that is kept".into());
        }
        Ok(trail)
    }

    fn reached(&mut self, budget: &Arc<str>, balance: &Balance, sums: &Sums) -> Done {
        let most = self.most.get_mut(budget).ok_or("a balance of no budget")?;
        if let Some(held) = sums.expected.filter(|held| *held != balance.held.expected.per_hour) {
            let of_balance = balance.held.expected.per_hour;
            return Err(format!("`{budget}` holds {held} an hour, and says {of_balance}").into());
        }
        let expected = balance.held.expected.over(balance.hours_left(balance.as_of))?;
        most.expected = most.expected.or_more(balance.accrued.plus(expected)?)?;
        most.peak = most.peak.or_more(balance.held.peak)?;
        Ok(())
    }

    /// Prints what was reached; an error where any of it is over a limit.
    pub(crate) fn told(&self, allowed: u64) -> Done {
        println!("{} entries, {} of them decisions that took money", self.entries, self.took);
        let mut over = Vec::new();
        for (name, most) in &self.most {
            let Most { expected, amount, peak, peak_per_hour } = most;
            println!("  `{name}`: limit {amount}, maximum reached {expected}");
            if expected.units() > amount.units() {
                over.push(format!("`{name}` came to {expected} of {amount}"));
            }
            if let Some(limit) = peak_per_hour {
                println!("  `{name}`: limit {limit} in the dearest hour, maximum reached {peak}");
                if peak.units() > limit.units() {
                    over.push(format!("`{name}` came to {peak} an hour of {limit}"));
                }
            }
        }
        if self.took != allowed {
            over.push(format!("{allowed} were allowed, and {} took money", self.took));
        }
        if over.is_empty() {
            println!("  never over");
            Ok(())
        } else {
            Err(over.join("; ").into())
        }
    }
}

/// The sum over all holds, each the most of its entries.
#[derive(Default)]
struct Sums {
    holds: BTreeMap<HoldKey, Money>,
    expected: Option<Money>,
}

impl Sums {
    fn replace(&mut self, key: &HoldKey, hold: Option<Hold>) -> Done {
        let per_hour = |hold: &Hold| {
            let all = hold.entries().map(|entry| entry.charge().expected.per_hour);
            all.max_by_key(|money| money.units())
        };
        let (old, new) = (self.holds.remove(key), hold.as_ref().and_then(per_hour));
        if let Some(money) = new {
            self.holds.insert(key.clone(), money);
            self.expected = Some(self.expected.unwrap_or(Money::zero(money.currency())).plus(money)?);
        }
        if let (Some(sum), Some(old)) = (self.expected, old) {
            self.expected = Some(sum.minus(old)?);
        }
        Ok(())
    }
}
