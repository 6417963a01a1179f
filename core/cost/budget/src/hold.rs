//! What is held for one object: what was seen of it, and the claims that are on their way.
//!
//! INVARIANT: what a hold takes is the part-wise maximum of its entries, never their sum: they are states of one object,
//! of which only one will be. But a run stays paid when another takes its place: what is paid once by an incarnation that
//! was asked for while one was there comes on top of what that one is paid.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tollgate_price::Charge;
use tollgate_vocabulary::{Money, MoneyError};

use crate::{Balance, Entry};

/// A hold. It has at least one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    observed: Option<Box<Entry>>,
    claims: Box<[Entry]>,
}

impl Hold {
    /// A hold of these entries, claims in the order in which they came; nothing without any.
    #[must_use]
    pub fn of(observed: Option<Entry>, claims: Vec<Entry>) -> Option<Self> {
        let some = observed.is_some() || !claims.is_empty();
        some.then(|| Self { observed: observed.map(Box::new), claims: claims.into() })
    }

    /// What was seen to exist.
    #[must_use]
    pub fn observed(&self) -> Option<&Entry> {
        self.observed.as_deref()
    }

    /// What was asked for and did not show yet, oldest first.
    #[must_use]
    pub fn claims(&self) -> &[Entry] {
        &self.claims
    }

    /// All entries.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.observed.as_deref().into_iter().chain(&self.claims)
    }

    /// What it takes of a budget, where that is anything.
    ///
    /// # Errors
    /// Entries in two currencies, or an overflow.
    pub fn charge_on(&self, budget: &str) -> Result<Option<Charge>, MoneyError> {
        let (mut here, mut next) = (None, None);
        for entry in self.entries().filter(|entry| entry.names(budget)) {
            let most = if self.comes_after(entry) { &mut next } else { &mut here };
            let charge = entry.charge();
            *most = Some(most.map_or(Ok(charge), |most: Charge| most.or_more(charge))?);
        }
        let (Some(here), Some(next)) = (here, next) else {
            return Ok(here.or(next).filter(|most| !most.is_zero()));
        };
        let mut most = here.or_more(next)?;
        most.expected.once = here.expected.once.plus(next.expected.once)?;
        most.worst.once = here.worst.once.plus(next.worst.once)?;
        Ok(Some(most).filter(|most| !most.is_zero()))
    }

    /// Whether an entry is a claim on another incarnation than that which was there already when it was made.
    fn comes_after(&self, entry: &Entry) -> bool {
        let there = self.observed.as_deref();
        there.is_some_and(|there| entry.uid() != there.uid() && Some(entry.since()) > there.seen())
    }

    /// The cost of the dearest hour of any entry, of whatever budget.
    ///
    /// # Errors
    /// Entries in two currencies.
    pub fn peak(&self) -> Result<Option<Money>, MoneyError> {
        let mut peaks = self.entries().map(|entry| entry.charge().peak);
        let first = peaks.next();
        peaks.try_fold(first, |most, peak| most.map_or(Ok(peak), |most| most.or_more(peak)).map(Some))
    }

    /// All budgets that its entries name.
    #[must_use]
    pub fn budgets(&self) -> BTreeSet<&Arc<str>> {
        self.entries().flat_map(Entry::budgets).collect()
    }

    /// When the first of its claims expires.
    #[must_use]
    pub fn expires(&self) -> Option<i64> {
        self.claims.iter().filter_map(Entry::expires).min()
    }

    pub(crate) fn share(&mut self, balances: &BTreeMap<Arc<str>, Balance>) {
        self.observed.iter_mut().for_each(|entry| entry.share(balances));
        self.claims.iter_mut().for_each(|entry| entry.share(balances));
    }
}
