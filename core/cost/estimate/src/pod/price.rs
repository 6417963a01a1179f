//! What a pod costs for an hour, wherever it may run.
//!
//! ```text
//! PodRequest ──each Offer──> hour expected, hour at worst ──the dearest──> PodPrice
//! ```

use std::sync::Arc;

use tollgate_vocabulary::{MoneyError, Ratio};

use super::PodRequest;
use crate::exact::Exact;
use crate::pool::Offer;
use crate::rate::{Case, Rates};

/// An hour of one pod.
#[derive(Clone, Debug)]
pub(crate) struct PodPrice<'o> {
    pub(crate) expected: Exact,
    pub(crate) worst: Exact,
    /// GPUs at worst
    pub(crate) gpus: Ratio,
    /// resources without a price, on any of the offers
    pub(crate) unpriced: Vec<Arc<str>>,
    /// the offer that is dearest as expected
    pub(crate) usual: &'o Offer,
    /// the offer that is dearest at worst
    pub(crate) dearest: &'o Offer,
}

impl<'o> PodPrice<'o> {
    /// On the dearest of the offers: `first` and those that follow.
    pub(crate) fn of(
        request: &PodRequest,
        rates: &Rates<'_>,
        first: &'o Offer,
        others: &[&'o Offer],
    ) -> Result<Self, MoneyError> {
        let mut unpriced = request.unpriced.clone();
        let one = Hour::of(request, rates, first, &mut unpriced)?;
        let mut price = Self {
            expected: one.expected,
            worst: one.worst,
            gpus: one.gpus,
            unpriced: Vec::new(),
            usual: first,
            dearest: first,
        };
        for offer in others {
            let other = Hour::of(request, rates, offer, &mut unpriced)?;
            if other.expected.compare(price.expected)?.is_gt() {
                (price.expected, price.usual) = (other.expected, *offer);
            }
            if other.worst.compare(price.worst)?.is_gt() {
                (price.worst, price.dearest) = (other.worst, *offer);
            }
            price.gpus = price.gpus.max(other.gpus);
        }
        Ok(Self { unpriced, ..price })
    }
}

/// An hour on one offer.
struct Hour {
    expected: Exact,
    worst: Exact,
    gpus: Ratio,
}

impl Hour {
    fn of(
        request: &PodRequest,
        rates: &Rates<'_>,
        offer: &Offer,
        unpriced: &mut Vec<Arc<str>>,
    ) -> Result<Self, MoneyError> {
        let mut hour = Self { expected: Exact::ZERO, worst: Exact::ZERO, gpus: Ratio::ZERO };
        for wanted in request.requests.iter().filter(|wanted| !wanted.worst.is_zero()) {
            let usual = rates.of(&wanted.resource, None, offer, Case::Expected);
            let dearest =
                if offer.falls_back { rates.of(&wanted.resource, None, offer, Case::Worst) } else { usual };
            if let Some(part) = rates.gpus(&wanted.resource, usual.as_ref()) {
                hour.gpus = hour.gpus.plus(Ratio::from(wanted.worst).times(part)?)?;
            }
            let (Some(usual), Some(dearest)) = (usual, dearest) else {
                unpriced.push(Arc::clone(&wanted.resource));
                continue;
            };
            hour.expected = hour.expected.plus(usual.hourly(wanted.expected)?)?;
            hour.worst = hour.worst.plus(dearest.hourly(wanted.worst)?)?;
        }
        for claim in &request.claims {
            match claim.hourly(rates, offer)? {
                Ok(cost) => {
                    hour.expected = hour.expected.plus(cost)?;
                    hour.worst = hour.worst.plus(cost)?;
                }
                Err(name) => unpriced.push(name),
            }
        }
        Ok(hour)
    }
}
