//! What is paid when a run ends that had a price of its own: at most that, and at most its dearest hour for as long as
//! it lasted.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_vocabulary::{Money, MoneyError};

use super::life::Observed;
use crate::Entry;

/// What is paid of each budget.
#[derive(Default)]
pub(super) struct Spent(BTreeMap<Arc<str>, Money>);

impl Spent {
    pub(super) fn of(&self, budget: &str) -> Option<Money> {
        self.0.get(budget).copied().filter(|paid| !paid.is_zero())
    }

    pub(super) fn budgets(&self) -> impl Iterator<Item = &Arc<str>> {
        self.0.keys()
    }

    /// Pays for entries that ended at `at`. They are states of one object, so it is the most of them for each budget.
    pub(super) fn end<'a>(
        &mut self,
        ended: impl IntoIterator<Item = &'a Entry>,
        at: i64,
    ) -> Result<(), MoneyError> {
        let mut most = BTreeMap::<Arc<str>, Money>::new();
        for entry in ended {
            let paid = entry.spent(entry.charge().expected.once, at)?;
            for name in entry.budgets() {
                let more = most.get(name).map_or(Ok(paid), |before| before.or_more(paid))?;
                most.insert(Arc::clone(name), more);
            }
        }
        self.plus(Self(most))
    }

    /// Pays for what `now` no longer takes once of what `old`, the same incarnation, took. Whether there was anything.
    pub(super) fn lessen(&mut self, old: &Entry, now: &Observed, at: i64) -> Result<bool, MoneyError> {
        let (before, after) = (old.charge().expected.once, now.charge.expected.once);
        let mut any = false;
        for name in old.budgets() {
            let less = if now.budgets.contains(name) { before.minus(after)? } else { before };
            if !less.is_negative() && !less.is_zero() {
                any = true;
                self.add(name, old.spent(less, at)?)?;
            }
        }
        Ok(any)
    }

    pub(super) fn plus(&mut self, other: Self) -> Result<(), MoneyError> {
        other.0.into_iter().try_for_each(|(name, paid)| self.add(&name, paid))
    }

    fn add(&mut self, name: &Arc<str>, paid: Money) -> Result<(), MoneyError> {
        let sum = self.of(name).map_or(Ok(paid), |before| before.plus(paid))?;
        self.0.insert(Arc::clone(name), sum);
        Ok(())
    }
}
