//! One reason to hold: what was seen to exist, or what was asked for and is on its way.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use tollgate_price::{Charge, Cost};
use tollgate_vocabulary::{Currency, Money, MoneyError, Ratio, Rounding};

use crate::period::hours_between;
use crate::{Balance, Uid};

/// What one incarnation of an object takes, of which budgets. Kept small: there is at least one for each object, and
/// a [`Charge`] would name its currency five times.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// expected per hour, expected once, worst per hour, worst once, peak
    units: [i128; 5],
    gpus: Ratio,
    uid: Option<Uid>,
    budgets: Box<[Arc<str>]>,
    since: i64,
    /// when it was first seen, or else when it expires
    time: i64,
    seen: bool,
    /// of what was seen; none is 0, as Kubernetes has it
    version: u64,
    currency: Currency,
}

impl Entry {
    /// What was asked for at `since` and is expected to show until `expires`; both in seconds since 1970.
    #[must_use]
    pub fn claimed(
        uid: Option<Uid>,
        charge: &Charge,
        budgets: &[Arc<str>],
        since: i64,
        expires: i64,
    ) -> Self {
        let Charge { expected, worst, peak, gpus } = charge;
        let units = [expected.per_hour, expected.once, worst.per_hour, worst.once, *peak].map(Money::units);
        let mut budgets = budgets.to_vec();
        budgets.sort();
        budgets.dedup();
        let (budgets, currency) = (budgets.into(), charge.currency());
        Self { units, gpus: *gpus, uid, budgets, since, time: expires, seen: false, version: 0, currency }
    }

    /// What exists since `since` and was first seen at `seen` (both in seconds since 1970), and in which version last.
    #[must_use]
    pub fn observed(
        uid: Uid,
        charge: &Charge,
        budgets: &[Arc<str>],
        since: i64,
        seen: i64,
        version: Option<u64>,
    ) -> Self {
        let version = version.unwrap_or(0);
        Self { seen: true, version, ..Self::claimed(Some(uid), charge, budgets, since, seen) }
    }

    /// What it takes.
    #[must_use]
    pub fn charge(&self) -> Charge {
        let [expected, expected_once, worst, worst_once, peak] =
            self.units.map(|units| Money::of_units(units, self.currency));
        Charge {
            expected: Cost { per_hour: expected, once: expected_once },
            worst: Cost { per_hour: worst, once: worst_once },
            peak,
            gpus: self.gpus,
        }
    }

    /// Which incarnation it is of, where that is known.
    #[must_use]
    pub const fn uid(&self) -> Option<&Uid> {
        self.uid.as_ref()
    }

    /// The budgets that it takes from, in order, each once.
    #[must_use]
    pub fn budgets(&self) -> &[Arc<str>] {
        &self.budgets
    }

    /// Whether it takes from that budget.
    #[must_use]
    pub fn names(&self, budget: &str) -> bool {
        self.budgets.iter().any(|name| **name == *budget)
    }

    /// Since when, in seconds since 1970: when it was asked for, or first seen if nobody asked.
    #[must_use]
    pub const fn since(&self) -> i64 {
        self.since
    }

    /// Until when it is expected to show, where it is a claim.
    #[must_use]
    pub const fn expires(&self) -> Option<i64> {
        if self.seen { None } else { Some(self.time) }
    }

    /// When this incarnation was first seen, where it was.
    #[must_use]
    pub const fn seen(&self) -> Option<i64> {
        if self.seen { Some(self.time) } else { None }
    }

    /// The version that was seen, where it was observed and has one.
    #[must_use]
    pub const fn version(&self) -> Option<u64> {
        if self.version == 0 { None } else { Some(self.version) }
    }

    /// Whether it takes the same of the same.
    pub(crate) fn equals(&self, charge: &Charge, budgets: &[Arc<str>]) -> bool {
        self.charge() == *charge
            && budgets.iter().all(|name| self.names(name))
            && self.budgets.iter().all(|name| budgets.contains(name))
    }

    /// Whether a claim may have become the incarnation `uid`.
    pub(crate) fn may_be(&self, uid: &Uid) -> bool {
        self.uid.as_ref().is_none_or(|own| own == uid)
    }

    pub(crate) fn stopped(&self) -> Self {
        Self { units: [0; 5], gpus: Ratio::ZERO, ..self.clone() }
    }

    /// The same, in a version that is not below this one, where it has any.
    pub(crate) fn at_least(&self, version: Option<u64>) -> Self {
        Self { version: self.version.max(version.unwrap_or(0)), ..self.clone() }
    }

    pub(crate) fn extended(&self, expires: i64) -> Self {
        Self { time: self.time.max(expires), ..self.clone() }
    }

    /// What a run can have come to by `at`, of at most `once`: its dearest hour for as long as it lasted.
    pub(crate) fn spent(&self, once: Money, at: i64) -> Result<Money, MoneyError> {
        self.charge().peak.times(hours_between(self.since, at), Rounding::Up)?.or_less(once)
    }

    /// Shares the texts of budgets' names with the balances, which outlive all entries.
    pub(crate) fn share(&mut self, balances: &BTreeMap<Arc<str>, Balance>) {
        for name in &mut self.budgets {
            if let Some((shared, _)) = balances.get_key_value(name) {
                *name = Arc::clone(shared);
            }
        }
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("uid", &self.uid)
            .field("charge", &self.charge())
            .field("budgets", &self.budgets)
            .field("since", &self.since)
            .field("expires", &self.expires())
            .field("seen", &self.seen())
            .field("version", &self.version())
            .finish()
    }
}
