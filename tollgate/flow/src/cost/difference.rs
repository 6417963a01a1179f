//! What became dearer and what cheaper between two sets of manifests.
//!
//! INVARIANT: what changed adds up to the change of the totals. What cannot be estimated on one of the sides is in neither
//! total: a mistake is no saving.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tollgate_estimate::Estimate;
use tollgate_manifest::Identity;
use tollgate_price::Charge;
use tollgate_vocabulary::{Currency, Money, MoneyError, ObjectName, Path};

use super::{CostLine, Costs, Sum, sum};

/// What differs between two sets of manifests.
#[derive(Debug)]
pub struct CostDifference<'c> {
    /// what costs something else: what got dearest first, what got cheapest last
    pub changed: Vec<Changed<'c>>,
    /// all that is estimated on both sides, before
    pub before: Sum,
    /// the same, after
    pub after: Sum,
    /// what cannot be estimated on one side or the other
    pub failed: Vec<Identity>,
}

/// An object that costs something else than before.
#[derive(Debug)]
pub struct Changed<'c> {
    /// before; nothing where it is new
    pub before: Option<&'c CostLine>,
    /// after; nothing where it is gone
    pub after: Option<&'c CostLine>,
    /// what it adds to a month as written
    pub expected: Money,
    /// what it adds to a month at worst
    pub worst: Money,
}

/// A name, and how many have it before.
type Counted = (ObjectName, usize);

impl Costs {
    /// What differs from `before`.
    ///
    /// # Errors
    /// A figure is larger than an amount can be.
    pub fn since<'c>(&'c self, before: &'c Self) -> Result<CostDifference<'c>, MoneyError> {
        let failed: BTreeMap<ObjectName, &Identity> = before
            .errors
            .iter()
            .chain(&self.errors)
            .map(|error| (named(&error.identity), &error.identity))
            .collect();
        let (was, is) = (before.by_name(&failed), self.by_name(&failed));
        let names: BTreeSet<&Counted> = was.keys().chain(is.keys()).collect();
        let mut changed = Vec::new();
        for name in names {
            let (before, after) = (was.get(name).copied(), is.get(name).copied());
            if before.zip(after).is_none_or(|(before, after)| figures(before) != figures(after)) {
                changed.push(Changed {
                    before,
                    after,
                    expected: grown(self.currency, before, after, Estimate::expected_month)?,
                    worst: grown(self.currency, before, after, Estimate::worst_month)?,
                });
            }
        }
        changed.sort_by_key(|changed| Reverse((changed.expected.units(), changed.worst.units())));
        Ok(CostDifference {
            changed,
            before: sum(self.currency, was.into_values())?,
            after: sum(self.currency, is.into_values())?,
            failed: failed.into_values().cloned().collect(),
        })
    }

    /// Lines by what they are. Nothing keeps files from naming an object twice, or from leaving its name to the cluster: the
    /// first is compared with the first, the second with the second.
    fn by_name(&self, failed: &BTreeMap<ObjectName, &Identity>) -> BTreeMap<Counted, &CostLine> {
        let mut seen: BTreeMap<ObjectName, usize> = BTreeMap::new();
        let mut lines = BTreeMap::new();
        for line in &self.lines {
            let name = named(&line.identity);
            if !failed.contains_key(&name) {
                let count = seen.entry(name.clone()).or_default();
                lines.insert((name, *count), line);
                *count += 1;
            }
        }
        lines
    }
}

fn named(identity: &Identity) -> ObjectName {
    let name = identity.name.clone().or_else(|| identity.generate_name.clone());
    ObjectName {
        group: Arc::clone(&identity.group),
        kind: Arc::clone(&identity.kind),
        namespace: identity.namespace.clone(),
        name: name.unwrap_or_default(),
    }
}

/// What makes a line another line.
fn figures(line: &CostLine) -> (Charge, Option<Money>, &[Path], &[Arc<str>]) {
    let estimate = &line.estimate;
    (estimate.charge, estimate.capped, &estimate.unbounded, &estimate.unpriced)
}

fn grown(
    currency: Currency,
    before: Option<&CostLine>,
    after: Option<&CostLine>,
    figure: impl Fn(&Estimate) -> Money,
) -> Result<Money, MoneyError> {
    let of = |line: Option<&CostLine>| line.map_or(Money::zero(currency), |line| figure(&line.estimate));
    of(after).minus(of(before))
}
