//! What a plan costs: each resource before and after, and all together.
//!
//! ```text
//! Change ──Sheet of each side──> items, unknown, unbounded ──Prices──> lines ──sum──> before, after, delta
//! ```
//!
//! INVARIANTS: an estimate's `after` is the sum of its lines of that side (and, while or where an old resource stands
//! beside it, of those before); no saving is claimed where something becomes unknown or unpriced by the change; totals
//! are sums over the resources.

mod side;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use tollgate_price::PriceBook;
use tollgate_vocabulary::{MoneyError, Path, Timestamp};

use crate::link::Links;
use crate::plan::Change;
use crate::price::Prices;
use crate::{Action, Figures, Line, Outcome, Plan, Side, Why, free, kind};
use side::Sided;

/// What a plan costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanEstimate {
    /// in the order of the plan, without what costs nothing
    pub resources: Vec<ResourceEstimate>,
    /// what all of them cost before
    pub before: Figures,
    /// what all of them cost after
    pub after: Figures,
    /// the sum of their deltas
    pub delta: Figures,
    /// how many resources cost nothing, whatever is written
    pub free: usize,
    /// whether the plan holds all that the configuration asks for
    pub complete: bool,
    /// addresses of what Terraform put off, which no figure holds
    pub deferred: Vec<Arc<str>>,
}

/// What one resource costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceEstimate {
    /// its address, with modules and indexes
    pub address: Arc<str>,
    /// its type, such as `aws_instance`
    pub resource_type: Arc<str>,
    /// `aws`, `azure`, `gcp`; of an unsupported type, the provider's name
    pub provider: Arc<str>,
    /// what happens to it
    pub action: Action,
    /// whether anything is known about the price of its type
    pub coverage: Coverage,
    /// what it costs before
    pub before: Figures,
    /// what it costs after; the dearest hour has both where the old one goes only after the new one came
    pub after: Figures,
    /// how much more it costs, or less; never less where something becomes unknown or unpriced
    pub delta: Figures,
    /// fields after the change that bear on its price and are not known; the root for all of it. Such a part is in no
    /// figure, or in it by a guess that the explanation names
    pub unknown: Vec<Path>,
    /// keys that no row answers, which are in no figure
    pub unpriced: Vec<String>,
    /// uses without a bound, such as traffic, which are in no figure
    pub unbounded: Vec<Path>,
    /// how the figures come about, and what is missing from them and why
    pub explanation: Vec<Line>,
}

/// Whether anything is known about a type's price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Coverage {
    /// it is priced
    Supported,
    /// nothing is known about it: all of it is unknown
    Unsupported,
}

/// What `plan` costs by the prices of `book` that hold at `at`.
#[must_use]
pub fn estimate(plan: &Plan, book: &PriceBook, at: Timestamp) -> PlanEstimate {
    let links = Links::of(plan);
    let prices = Prices { book, at };
    let zero = Figures::zero(book.currency());
    let mut all = PlanEstimate {
        resources: Vec::new(),
        before: zero,
        after: zero,
        delta: zero,
        free: 0,
        complete: plan.complete,
        deferred: plan.deferred.clone(),
    };
    for change in plan.changes.iter().filter(|change| change.action != Action::Read) {
        match kind::of(&change.kind) {
            Some(kind) if kind.is_free() => all.free += 1,
            None if free::is_free(&change.kind) => all.free += 1,
            _ => all.add(resource(change, &links, &prices), zero),
        }
    }
    all
}

fn resource(change: &Change, links: &Links<'_>, prices: &Prices<'_>) -> ResourceEstimate {
    let side = |side| Sided::of(change, side, links, prices);
    let (before, after) = (side(Side::Before), side(Side::After));
    let supported = kind::of(&change.kind);
    let mut estimate = ResourceEstimate {
        address: change.address.clone(),
        resource_type: change.kind.clone(),
        provider: supported.map_or_else(|| change.provider.clone(), |kind| kind.cloud.into()),
        action: change.action,
        coverage: if supported.is_some() { Coverage::Supported } else { Coverage::Unsupported },
        before: before.figures,
        after: after.figures,
        delta: Figures::zero(prices.book.currency()),
        unknown: after.unknown(),
        unpriced: after.unpriced(),
        unbounded: after.unbounded(),
        explanation: Vec::new(),
    };
    let zero = estimate.delta;
    let compared = estimate.compare(after.lacks_more_than(&before));
    estimate.explanation.extend(before.lines);
    estimate.explanation.extend(after.lines);
    if compared.is_err() {
        estimate.give_up(zero);
    }
    estimate
}

impl ResourceEstimate {
    /// Whether every part of it after the change is in the figures.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.unknown.is_empty() && self.unpriced.is_empty() && self.unbounded.is_empty()
    }

    /// Sets what follows from before and after together.
    fn compare(&mut self, lacks_more: bool) -> Result<(), MoneyError> {
        match self.action {
            Action::CreateThenDelete => {
                self.after.peak_hour = self.after.peak_hour.plus(self.before.peak_hour)?
            }
            Action::CreateThenForget => self.after = self.after.plus(self.before)?,
            _ => {}
        }
        let delta = self.after.minus(self.before)?;
        self.delta = if lacks_more { delta.or_more(self.delta)? } else { delta };
        Ok(())
    }

    /// What does not fit is unknown.
    fn give_up(&mut self, zero: Figures) {
        (self.before, self.after, self.delta) = (zero, zero, zero);
        let outcome = Outcome::Unknown(Why::TooLarge);
        self.explanation.push(Line { side: Side::After, fields: vec![Path::root()], key: None, outcome });
        self.unknown.push(Path::root());
    }
}

impl PlanEstimate {
    /// Adds a resource, or says that it does not fit.
    fn add(&mut self, mut resource: ResourceEstimate, zero: Figures) {
        let sums = (
            self.before.plus(resource.before),
            self.after.plus(resource.after),
            self.delta.plus(resource.delta),
        );
        match sums {
            (Ok(before), Ok(after), Ok(delta)) => {
                (self.before, self.after, self.delta) = (before, after, delta)
            }
            _ => resource.give_up(zero),
        }
        self.resources.push(resource);
    }

    /// Types of which nothing is known, each once, in order.
    #[must_use]
    pub fn unsupported_types(&self) -> Vec<Arc<str>> {
        let unsupported = self.resources.iter().filter(|resource| resource.coverage == Coverage::Unsupported);
        let mut types: Vec<Arc<str>> = unsupported.map(|resource| resource.resource_type.clone()).collect();
        types.sort_unstable();
        types.dedup();
        types
    }
}
