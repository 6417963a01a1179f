//! All that is contended about money: holds, balances, growth.
//!
//! ```text
//! Account + claim, observation, time ──> Movements ──Account::apply──> Account of the next
//! ```
//!
//! INVARIANTS: nothing here changes an account but [`Account::apply`]; of each budget, what its balance holds is the sum
//! over all holds of what they take of it; every hold with claims stands in the index by expiry.

mod check;
mod claim;
mod draft;
mod life;
mod limit;
mod roll;
mod seen;
mod spent;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use tollgate_vocabulary::MoneyError;

use crate::period::PeriodError;
use crate::{Balance, Growth, Hold, HoldKey, Movement};

pub use check::{Discrepancy, Orphan, Tally};
pub use claim::{Claim, ClaimError, Claimed, PENDING_CLAIMS, Refusal};
pub(crate) use draft::opened;
pub use life::{Observed, Seen};

/// Holds by the objects that hold, balances by budget, growth by principal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    holds: BTreeMap<HoldKey, Hold>,
    balances: BTreeMap<Arc<str>, Balance>,
    growth: BTreeMap<Arc<str>, Growth>,
    /// the first expiry of each hold that has claims
    expiries: BTreeSet<(i64, HoldKey)>,
}

/// What cannot be counted. Nothing moved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// amounts that do not fit, or are in two currencies
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// a time outside of the calendar
    #[error(transparent)]
    Period(#[from] PeriodError),
    /// a budget that is not in force, or not opened yet
    #[error("there is no budget `{0}`")]
    NoBudget(Arc<str>),
    /// a cost below zero
    #[error("`{0}` would cost less than nothing")]
    Negative(HoldKey),
}

impl Account {
    /// Does what a movement says. Folding all movements from an empty account gives the account again.
    pub fn apply(&mut self, movement: &Movement) {
        match movement {
            Movement::Hold { key, hold } => self.set_hold(key, hold.clone()),
            Movement::Balance { budget, balance: Some(balance) } => match self.balances.get_mut(budget) {
                Some(place) => *place = **balance,
                None => drop(self.balances.insert(Arc::clone(budget), **balance)),
            },
            Movement::Balance { budget, balance: None } => drop(self.balances.remove(budget)),
            Movement::Growth { principal, window: Some(window) } => match self.growth.get_mut(principal) {
                Some(place) => *place = *window,
                None => drop(self.growth.insert(Arc::clone(principal), *window)),
            },
            Movement::Growth { principal, window: None } => drop(self.growth.remove(principal)),
        }
    }

    fn set_hold(&mut self, key: &HoldKey, hold: Option<Hold>) {
        let expires = |hold: Option<&Hold>| hold.and_then(Hold::expires);
        let (before, after) = (expires(self.holds.get(key)), expires(hold.as_ref()));
        if before != after {
            before.map(|at| self.expiries.remove(&(at, key.clone())));
        }
        match hold {
            None => drop(self.holds.remove(key)),
            Some(mut hold) => {
                hold.share(&self.balances);
                match self.holds.get_mut(key) {
                    Some(place) => *place = hold,
                    None => drop(self.holds.insert(key.clone(), hold)),
                }
            }
        }
        if let Some(at) = after.filter(|_| before != after) {
            // One text for both: the key that the holds have.
            let own = self.holds.get_key_value(key).map_or(key, |(own, _)| own);
            self.expiries.insert((at, own.clone()));
        }
    }

    /// All holds, by key.
    pub fn holds(&self) -> impl ExactSizeIterator<Item = (&HoldKey, &Hold)> {
        self.holds.iter()
    }

    /// The hold of that key.
    #[must_use]
    pub fn hold(&self, key: &HoldKey) -> Option<&Hold> {
        self.holds.get(key)
    }

    /// All balances, by budget.
    pub fn balances(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &Balance)> {
        self.balances.iter()
    }

    /// The balance of that budget.
    #[must_use]
    pub fn balance(&self, budget: &str) -> Option<&Balance> {
        self.balances.get(budget)
    }

    /// All windows of growth, by principal.
    pub fn growth(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &Growth)> {
        self.growth.iter()
    }

    /// Holds with a claim that should have shown by `at`, the longest overdue first. Whether it did is for a consistent
    /// read to say, and for [`Account::verified`] to note: that time has passed releases nothing.
    #[must_use]
    pub fn expired(&self, at: Timestamp) -> Vec<HoldKey> {
        let overdue = self.expiries.iter().take_while(|(expires, _)| *expires <= at.as_second());
        overdue.map(|(_, key)| key.clone()).collect()
    }

    /// When the next claim expires, in seconds since 1970.
    #[must_use]
    pub fn next_expiry(&self) -> Option<i64> {
        self.expiries.first().map(|(expires, _)| *expires)
    }
}
