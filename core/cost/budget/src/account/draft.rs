//! Changes of an account that are being computed: what comes later sees what came before, and nothing is done until
//! all of it is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::spent::Spent;
use super::{Account, AccountError};
use crate::{Balance, Budget, Growth, Hold, HoldKey, Movement, PeriodError};

pub(super) struct Draft<'a> {
    account: &'a Account,
    /// the time of all of it, in seconds since 1970
    pub(super) at: i64,
    holds: BTreeMap<HoldKey, Change<'a>>,
    balances: BTreeMap<Arc<str>, Balance>,
    growth: BTreeMap<Arc<str>, Growth>,
}

/// A hold that was looked up, which is what takes the longest among many.
struct Change<'a> {
    before: Option<&'a Hold>,
    after: Option<Hold>,
    changed: bool,
}

impl<'a> Draft<'a> {
    pub(super) fn new(account: &'a Account, at: i64) -> Self {
        Self { account, at, holds: BTreeMap::new(), balances: BTreeMap::new(), growth: BTreeMap::new() }
    }

    /// Looks a hold up, for [`Draft::hold`] to find.
    pub(super) fn look_up(&mut self, key: &HoldKey) {
        if !self.holds.contains_key(key) {
            let before = self.account.holds.get(key);
            self.holds.insert(key.clone(), Change { before, after: None, changed: false });
        }
    }

    pub(super) fn hold(&self, key: &HoldKey) -> Option<&Hold> {
        match self.holds.get(key) {
            Some(change) if change.changed => change.after.as_ref(),
            Some(change) => change.before,
            None => self.account.holds.get(key),
        }
    }

    pub(super) fn balance(&self, budget: &str) -> Option<&Balance> {
        self.balances.get(budget).or_else(|| self.account.balances.get(budget))
    }

    pub(super) fn growth(&self, principal: &str) -> Option<&Growth> {
        self.growth.get(principal).or_else(|| self.account.growth.get(principal))
    }

    pub(super) fn set_growth(&mut self, principal: Arc<str>, window: Growth) {
        self.growth.insert(principal, window);
    }

    /// The balance of a budget in the period of this time: opened or rolled if need be.
    pub(super) fn open(&self, budget: &Budget) -> Result<Balance, AccountError> {
        Ok(opened(self.balance(&budget.name), budget, self.at)?)
    }

    /// Puts a hold in place of the one under `key`, and moves the balances of all budgets that it concerns.
    pub(super) fn replace(
        &mut self,
        key: &HoldKey,
        hold: Option<Hold>,
        spent: &Spent,
    ) -> Result<(), AccountError> {
        let old = self.hold(key);
        let both = || old.into_iter().chain(hold.as_ref());
        // A run that was never seen is paid by budgets that no hold of it ever named.
        let names: BTreeSet<Arc<str>> =
            both().flat_map(Hold::budgets).chain(spent.budgets()).map(Arc::clone).collect();
        let mut moved = Vec::new();
        for name in names {
            let on = |hold: Option<&Hold>| hold.map_or(Ok(None), |hold| hold.charge_on(&name));
            let (before, after) = (on(old)?, on(hold.as_ref())?);
            let paid = spent.of(&name);
            if before == after && paid.is_none() {
                continue;
            }
            let balance = self.balance(&name);
            let balance = balance.ok_or_else(|| AccountError::NoBudget(Arc::clone(&name)))?;
            moved.push((name, balance.at(self.at)?.changed(before, after, paid)?));
        }
        self.put(key, hold, moved);
        Ok(())
    }

    /// Puts a hold in place of the one under `key`, and these balances, which have been moved by it.
    pub(super) fn put(&mut self, key: &HoldKey, hold: Option<Hold>, moved: Vec<(Arc<str>, Balance)>) {
        self.look_up(key);
        self.balances.extend(moved);
        if let Some(change) = self.holds.get_mut(key) {
            (change.after, change.changed) = (hold, true);
        }
    }

    /// What is different now, balances before the holds that name their budgets.
    pub(super) fn into_movements(self) -> Vec<Movement> {
        let account = self.account;
        let balances = self.balances.into_iter().map(|(budget, balance)| {
            let changed = account.balances.get(&budget) != Some(&balance);
            changed.then_some(Movement::Balance { budget, balance: Some(Box::new(balance)) })
        });
        let holds = self.holds.into_iter().map(|(key, change)| {
            let changed = change.changed && change.before != change.after.as_ref();
            changed.then_some(Movement::Hold { key, hold: change.after })
        });
        let growth = self.growth.into_iter().map(|(principal, window)| {
            let changed = account.growth.get(&principal) != Some(&window);
            changed.then_some(Movement::Growth { principal, window: Some(window) })
        });
        balances.chain(holds).chain(growth).flatten().collect()
    }
}

/// The balance of a budget at `at`: an empty one where there is none, that of a new period where the last has ended.
/// One in a currency of the past begins anew once nothing is held in it.
pub(crate) fn opened(balance: Option<&Balance>, budget: &Budget, at: i64) -> Result<Balance, PeriodError> {
    match balance {
        Some(balance) if balance.accrued.currency() != budget.currency() && balance.holds == 0 => {
            Ok(Balance::empty(budget.period(at)?, at, budget.currency()))
        }
        Some(balance) if at >= balance.period.end => Ok(balance.rolled(budget.period(at)?)),
        Some(balance) => Ok(*balance),
        None => Ok(Balance::empty(budget.period(at)?, at, budget.currency())),
    }
}
