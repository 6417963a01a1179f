//! What manifests cost, as written: no verdict, no budget.
//!
//! ```text
//! objects ─┐
//! beside ──┴─World──> what stands around each object ──Estimator──> a line for each that costs ──> sums
//! base, head ──since──> what got dearer, what cheaper
//! ```
//! INVARIANT: what stands beside is in no figure of its own.

mod difference;

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_estimate::{Estimate, EstimateError, Estimator, World};
use tollgate_manifest::Identity;
use tollgate_vocabulary::{Currency, Money, MoneyError, Path, Value};

pub use difference::{Changed, CostDifference};

use crate::decide::in_parallel;
use crate::load::InFile;

/// What an object costs.
#[derive(Debug)]
pub struct CostLine {
    /// its place among the objects
    pub object: usize,
    /// what it is
    pub identity: Identity,
    /// the cost centre that it, its pods or its namespace name
    pub cost_centre: Option<Arc<str>>,
    /// the figures
    pub estimate: Estimate,
}

/// An object that cannot be estimated.
#[derive(Debug)]
pub struct CostError {
    /// its place among the objects
    pub object: usize,
    /// what it is
    pub identity: Identity,
    /// why
    pub error: EstimateError,
}

/// What some objects cost.
#[derive(Debug)]
pub struct Costs {
    /// the currency of all figures
    pub currency: Currency,
    /// objects that cost, in the order in which they are written
    pub lines: Vec<CostLine>,
    /// objects that cannot be estimated
    pub errors: Vec<CostError>,
}

/// Three figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    /// as written, in a month of 730 hours
    pub expected: Money,
    /// as far as it may grow, in a month of 730 hours
    pub worst: Money,
    /// the dearest hour
    pub peak: Money,
}

/// Estimates all objects. What stands `beside` them bears on their cost and is not estimated itself; `cost_centre` is the
/// label that names cost centres.
#[must_use]
pub fn cost(
    objects: &[InFile],
    beside: &[InFile],
    estimator: &Estimator<'_>,
    cost_centre: Option<&str>,
) -> Costs {
    let all = || beside.iter().chain(objects);
    let world = World::of(all().map(|object| &*object.written.object.value));
    let indexes: Vec<usize> = (0..objects.len()).collect();
    let estimates = in_parallel(&indexes, |at: &usize| {
        let value = &objects.get(*at)?.written.object.value;
        Some(estimator.estimate(value, &world.around(value)))
    });
    let namespaces = cost_centre.map(|label| by_namespace(all(), label)).unwrap_or_default();
    let mut costs = Costs { currency: estimator.currency(), lines: Vec::new(), errors: Vec::new() };
    for (at, (object, estimate)) in objects.iter().zip(estimates).enumerate() {
        match estimate {
            None | Some(Ok(None)) => {}
            Some(Err(error)) => {
                costs.errors.push(CostError { object: at, identity: named_as_written(object), error });
            }
            Some(Ok(Some(estimate))) => {
                let identity = named_as_written(object);
                let own = cost_centre.and_then(|label| centre_of(&object.written.object.value, label));
                let of_namespace = || namespaces.get(identity.namespace.as_ref()?).cloned();
                let cost_centre = own.or_else(of_namespace);
                costs.lines.push(CostLine { object: at, identity, cost_centre, estimate });
            }
        }
    }
    costs
}

impl Costs {
    /// The sum of all lines.
    ///
    /// # Errors
    /// It is larger than an amount can be.
    pub fn total(&self) -> Result<Sum, MoneyError> {
        sum(self.currency, self.lines.iter())
    }

    /// Sums by something that lines have, in its order.
    ///
    /// # Errors
    /// One is larger than an amount can be.
    pub fn by<K: Ord>(&self, key: impl Fn(&CostLine) -> K) -> Result<Vec<(K, Sum)>, MoneyError> {
        let mut groups: BTreeMap<K, Vec<&CostLine>> = BTreeMap::new();
        for line in &self.lines {
            groups.entry(key(line)).or_default().push(line);
        }
        groups.into_iter().map(|(key, lines)| Ok((key, sum(self.currency, lines.into_iter())?))).collect()
    }
}

/// What an object is. A name that is no text to Kubernetes (`n` is false in YAML 1.1) is shown as it is written: it is
/// refused elsewhere, and has to be found to be mended.
fn named_as_written(object: &InFile) -> Identity {
    let identity = object.written.object.identity.clone();
    if identity.name.is_some() {
        return identity;
    }
    let path = Path::of_keys(&["metadata", "name"]);
    let refused = object.written.refusals.iter().find(|refusal| refusal.path == path);
    let written = refused.and_then(|refusal| refusal.found.as_deref()).map(Arc::from);
    Identity { name: written, ..identity }
}

fn sum<'l>(currency: Currency, lines: impl Iterator<Item = &'l CostLine>) -> Result<Sum, MoneyError> {
    let zero = Money::zero(currency);
    let start = Sum { expected: zero, worst: zero, peak: zero };
    lines.map(|line| &line.estimate).try_fold(start, |sum, estimate| {
        Ok(Sum {
            expected: sum.expected.plus(estimate.expected_month())?,
            worst: sum.worst.plus(estimate.worst_month())?,
            peak: sum.peak.plus(estimate.peak_hour())?,
        })
    })
}

/// The cost centres that Namespace objects name.
fn by_namespace<'a>(objects: impl Iterator<Item = &'a InFile>, label: &str) -> BTreeMap<Arc<str>, Arc<str>> {
    let of = |object: &InFile| {
        let object = &object.written.object;
        let is_namespace = object.identity.group.is_empty() && &*object.identity.kind == "Namespace";
        let centre = label_of(&object.value, label).filter(|_| is_namespace)?;
        Some((object.identity.name.clone()?, centre))
    };
    objects.filter_map(of).collect()
}

/// The cost centre that an object names, or else its pods: as budgets look for it.
fn centre_of(value: &Value, label: &str) -> Option<Arc<str>> {
    const TEMPLATES: [&[&str]; 3] =
        [&[], &["spec", "template"], &["spec", "jobTemplate", "spec", "template"]];
    let at = |path: &[&str]| path.iter().try_fold(value, |value, key| value.get(key));
    TEMPLATES.into_iter().filter_map(at).find_map(|value| label_of(value, label))
}

fn label_of(value: &Value, label: &str) -> Option<Arc<str>> {
    let text = value.get("metadata")?.get("labels")?.get(label)?.as_str()?;
    Some(Arc::from(text))
}
