//! Prices by the hour: from a resource and the way it is bought to a row, and to an exact amount.
//!
//! ```text
//! resource, class, Offer ──Key──> PriceBook::find ──> Rate ──hourly(Quantity)──> Exact
//!        └── a part of a GPU: the price of the whole, times the part
//! ```
//!
//! INVARIANT: what has no row, or a row that is no price by the hour, has no rate; nobody takes that for zero.

use std::sync::Arc;

use tollgate_price::{Asked, Key, MONTH_HOURS, Price, PriceBook, Purchase, Row, Unit};
use tollgate_vocabulary::{MoneyError, Ratio, Timestamp};

use crate::exact::Exact;
use crate::pool::Offer;
use crate::{GpuFractions, Quantity};

/// Where rates come from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rates<'e> {
    pub(crate) book: &'e PriceBook,
    pub(crate) fractions: &'e GpuFractions,
    pub(crate) at: Timestamp,
}

/// What one unit of a resource costs for an hour.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate<'e> {
    pub(crate) row: &'e Row,
    /// the price of a unit, in 10^-18
    units: u128,
    /// units of the row in one of the resource, and in an hour
    scale: Ratio,
    /// of how many tiers this is the dearest
    pub(crate) tiers: usize,
    /// the part of a GPU that one is
    pub(crate) part: Option<Ratio>,
}

/// Spot capacity that may be replaced is paid on demand at worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Expected,
    Worst,
}

/// Bytes in a GiB.
const GIB: u128 = 1 << 30;

impl<'e> Rates<'e> {
    /// The rate of a resource.
    pub(crate) fn of(
        &self,
        resource: &Arc<str>,
        class: Option<&Arc<str>>,
        offer: &Offer,
        case: Case,
    ) -> Option<Rate<'e>> {
        let usual = self.usual(resource, class, offer, offer.purchase);
        if case == Case::Expected || !offer.falls_back {
            return usual;
        }
        let on_demand = self.usual(resource, class, offer, Purchase::OnDemand);
        match (usual, on_demand) {
            // Spot prices can be above it.
            (Some(usual), Some(on_demand)) if usual.is_dearer(&on_demand) => Some(usual),
            (usual, on_demand) => on_demand.or(usual),
        }
    }

    /// How many GPUs one unit of a resource is; nothing where it is no GPU.
    pub(crate) fn gpus(&self, resource: &str, rate: Option<&Rate<'_>>) -> Option<Ratio> {
        if let Some(fraction) = self.fractions.of(resource) {
            return Some(fraction.part);
        }
        let device = resource.split_once('/').map_or("", |(_, device)| device);
        let named = matches!(device, "gpu" | "gpu.shared") || device.starts_with("mig-");
        let intel = matches!(resource, "gpu.intel.com/i915" | "gpu.intel.com/xe");
        // A slice that nobody says the size of may be a whole one.
        (named || intel || rate.is_some_and(|rate| rate.row.unit == Unit::GpuHour)).then_some(Ratio::ONE)
    }

    /// Bought this way, or on demand where the book has no price for it.
    fn usual(
        &self,
        resource: &Arc<str>,
        class: Option<&Arc<str>>,
        offer: &Offer,
        purchase: Purchase,
    ) -> Option<Rate<'e>> {
        let bought = |purchase| match self.fractions.of(resource) {
            Some(fraction) if fraction.of == *resource => {
                self.row(resource, class, offer, purchase)?.only(fraction.part)
            }
            Some(fraction) => self
                .row(resource, class, offer, purchase)
                .or_else(|| self.row(&fraction.of, class, offer, purchase)?.only(fraction.part)),
            None => self.row(resource, class, offer, purchase),
        };
        match purchase {
            Purchase::OnDemand => bought(Purchase::OnDemand),
            Purchase::Spot | Purchase::Reserved => bought(purchase).or_else(|| bought(Purchase::OnDemand)),
        }
    }

    fn row(
        &self,
        resource: &Arc<str>,
        class: Option<&Arc<str>>,
        offer: &Offer,
        purchase: Purchase,
    ) -> Option<Rate<'e>> {
        let key = Key {
            resource: Arc::clone(resource),
            class: class.cloned(),
            provider: offer.provider.clone(),
            region: offer.region.clone(),
            zone: offer.zone.clone(),
            instance_type: offer.instance_type.clone(),
            purchase,
        };
        let price = self.book.find(&Asked { key: &key, at: self.at })?;
        Rate::of(&price)
    }
}

impl<'e> Rate<'e> {
    /// Which tier an object falls in depends on all else that is paid there: the dearest is taken.
    fn of(price: &Price<'e>) -> Option<Self> {
        let row = price.tiers().iter().max_by_key(|row| row.price.units())?;
        let scale = match row.unit {
            unit if !Unit::of_key(&row.key).contains(&unit) => None,
            Unit::CoreHour | Unit::GpuHour | Unit::Hour => Some(Ratio::ONE),
            Unit::GibHour => Ratio::new(1, GIB),
            Unit::Month => Ratio::new(1, MONTH_HOURS.into()),
            Unit::GibMonth => Ratio::new(1, GIB * u128::from(MONTH_HOURS)),
            Unit::Gib | Unit::Each => None,
        }?;
        let units = u128::try_from(row.price.units()).ok()?;
        Some(Self { row, units, scale, tiers: price.tiers().len(), part: None })
    }

    fn only(self, part: Ratio) -> Option<Self> {
        Some(Self { scale: self.scale.times(part).ok()?, part: Some(part), ..self })
    }

    /// What so much of it costs for an hour.
    pub(crate) fn hourly(&self, quantity: Quantity) -> Result<Exact, MoneyError> {
        let quantity = if self.is_of_volume() { Ratio::ONE } else { quantity.into() };
        quantity.times(self.scale).map(|units| Exact::of(self.units, units))
    }

    /// Whether it is the price of a whole volume, whatever its size.
    pub(crate) fn is_of_volume(&self) -> bool {
        &*self.row.key.resource == "storage" && matches!(self.row.unit, Unit::Hour | Unit::Month)
    }

    fn is_dearer(&self, other: &Self) -> bool {
        let one = |rate: &Self| Exact::of(rate.units, rate.scale);
        one(self).compare(one(other)).is_ok_and(std::cmp::Ordering::is_gt)
    }
}
