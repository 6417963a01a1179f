//! Recomputes what is kept, and tells what budgets cannot go.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tollgate_price::Charge;
use tollgate_vocabulary::MoneyError;

use super::Account;
use crate::{Budgets, HoldKey};

/// Something kept that is not what it is computed to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Discrepancy {
    /// a balance holds something else than its holds take
    Held {
        /// the budget
        budget: Arc<str>,
        /// what its balance says; nothing where there is none
        kept: Option<Box<Tally>>,
        /// what the holds come to, or why they cannot be added up
        computed: Result<Box<Tally>, MoneyError>,
    },
    /// the index by expiry does not say when a hold's first claim expires
    Expiry {
        /// the hold
        key: HoldKey,
    },
}

/// Holds on one budget, and their sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// how many
    pub holds: u64,
    /// what they take together
    pub held: Charge,
}

/// A budget that is not in force any more, or is in another currency, while something is held of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orphan {
    /// the budget
    pub budget: Arc<str>,
    /// how many holds it has
    pub holds: u64,
    /// what they take
    pub held: Charge,
}

impl Account {
    /// Recomputes everything that is kept beside the holds. Nothing comes back unless there is a fault in the program, or
    /// somebody wrote to the store.
    #[must_use]
    pub fn check(&self) -> Vec<Discrepancy> {
        let mut computed: BTreeMap<&Arc<str>, Result<Tally, MoneyError>> = BTreeMap::new();
        for hold in self.holds.values() {
            for name in hold.budgets() {
                let Some(charge) = hold.charge_on(name).transpose() else { continue };
                let tally = match computed.remove(name) {
                    None => charge.map(|held| Tally { holds: 1, held }),
                    Some(tally) => tally.and_then(|tally| tally.with(charge?)),
                };
                computed.insert(name, tally);
            }
        }
        let names: BTreeSet<&Arc<str>> = self.balances.keys().chain(computed.keys().copied()).collect();
        let mut found = Vec::new();
        for name in names {
            let kept =
                self.balances.get(name).map(|balance| Tally { holds: balance.holds, held: balance.held });
            let none = kept.as_ref().map(|kept| Tally { holds: 0, held: Charge::zero(kept.held.currency()) });
            let Some(computed) = computed.remove(name).or(none.map(Ok)) else { continue };
            if computed.as_ref().ok() != kept.as_ref() {
                let (kept, computed) = (kept.map(Box::new), computed.map(Box::new));
                found.push(Discrepancy::Held { budget: Arc::clone(name), kept, computed });
            }
        }
        let indexed: BTreeSet<(i64, &HoldKey)> = self.expiries.iter().map(|(at, key)| (*at, key)).collect();
        let wanted: BTreeSet<(i64, &HoldKey)> =
            self.holds.iter().filter_map(|(key, hold)| Some((hold.expires()?, key))).collect();
        let wrong =
            indexed.symmetric_difference(&wanted).map(|(_, key)| Discrepancy::Expiry { key: (*key).clone() });
        found.extend(wrong);
        found
    }

    /// Budgets with holds that `budgets` does not have, or has in another currency: rules that would leave these behind
    /// are refused.
    #[must_use]
    pub fn orphaned(&self, budgets: &Budgets) -> Vec<Orphan> {
        let orphans = self.balances.iter().filter(|(name, balance)| {
            let kept = budgets.find(name).is_some_and(|budget| budget.currency() == balance.held.currency());
            balance.holds > 0 && !kept
        });
        orphans
            .map(|(budget, balance)| Orphan {
                budget: Arc::clone(budget),
                holds: balance.holds,
                held: balance.held,
            })
            .collect()
    }
}

impl Tally {
    fn with(self, charge: Charge) -> Result<Self, MoneyError> {
        Ok(Self { holds: self.holds.saturating_add(1), held: self.held.plus(charge)? })
    }
}
