//! One row: a key, a unit, a price, and when it holds.

use std::fmt;
use std::sync::Arc;

use tollgate_vocabulary::{Money, Ratio, Timestamp};

use crate::Unit;

/// One price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// what it is the price of
    pub key: Key,
    /// of how much of it
    pub unit: Unit,
    /// the price of one unit
    pub price: Money,
    /// from how many units a month on this price holds; graduated: only what lies above is priced by it
    pub tier_from: Ratio,
    /// from when it holds; for ever where nothing is said
    pub valid_from: Option<Timestamp>,
    /// until when, exclusive
    pub valid_until: Option<Timestamp>,
    /// who says so: `list`, `contract 2026-114`, an address
    pub source: Arc<str>,
    /// where it is written
    pub place: RowPlace,
}

/// What a price is of. What is not set holds for whatever has no row of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// `cpu`, `memory`, `nvidia.com/gpu`, `storage`, `load-balancer`, `instance`, or any extended resource
    pub resource: Arc<str>,
    /// storage class, load balancer class, GPU profile; always matched exactly, nothing only by nothing
    pub class: Option<Arc<str>>,
    /// `aws`, `azure`, `gcp`, `on-prem`
    pub provider: Option<Arc<str>>,
    /// region
    pub region: Option<Arc<str>>,
    /// zone
    pub zone: Option<Arc<str>>,
    /// instance type, such as `m7i.xlarge`
    pub instance_type: Option<Arc<str>>,
    /// how it is bought
    pub purchase: Purchase,
}

/// How capacity is bought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purchase {
    /// by the hour, for as long as wanted
    #[default]
    OnDemand,
    /// cheaper, and taken away at will
    Spot,
    /// committed to for a term
    Reserved,
}

/// Where a row is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowPlace {
    /// relative to the estate's root, or as named on the command line
    pub file: Arc<str>,
    /// from 1
    pub line: usize,
}

impl Row {
    /// Whether it holds at `at`: from its beginning on, and before its end.
    #[must_use]
    pub fn holds(&self, at: Timestamp) -> bool {
        self.valid_from.is_none_or(|from| from <= at) && self.valid_until.is_none_or(|until| at < until)
    }
}

impl Purchase {
    /// All, in their order.
    pub const ALL: [Self; 3] = [Self::OnDemand, Self::Spot, Self::Reserved];

    /// The word that price files use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::OnDemand => "on-demand",
            Self::Spot => "spot",
            Self::Reserved => "reserved",
        }
    }

    /// The purchase of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purchase| purchase.word() == word)
    }
}

/// `cpu core-hour 0.031611 USD (list)`: what an explanation calls it, beside its place.
impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.key, self.unit, self.price)?;
        if !self.tier_from.is_zero() {
            write!(f, " above {}", self.tier_from)?;
        }
        if self.source.is_empty() { Ok(()) } else { write!(f, " ({})", self.source) }
    }
}

/// `storage/fast aws eu-west-1 spot`: what is set, the purchase where it is not on demand.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.resource)?;
        if let Some(class) = &self.class {
            write!(f, "/{class}")?;
        }
        for part in [&self.provider, &self.region, &self.zone, &self.instance_type].into_iter().flatten() {
            write!(f, " {part}")?;
        }
        if self.purchase == Purchase::OnDemand { Ok(()) } else { write!(f, " {}", self.purchase.word()) }
    }
}

/// `prices.csv:3`.
impl fmt::Display for RowPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}
