//! What is paid without a pod: claims on their own, and load balancers.

use std::sync::Arc;

use super::{Claim, Desk};
use crate::estimate::Draft;
use crate::exact::Exact;
use crate::node::Node;
use crate::pool::Offer;
use crate::rate::{Case, Rate};
use crate::{EstimateError, Explanation, Quantity};

impl<'e> Desk<'e> {
    pub(super) fn claim(&self, object: &Node<'_, '_>) -> Result<Draft, EstimateError> {
        let claim = Claim::of(object, self.explain)?;
        let mut draft = Draft::default();
        let Some(size) = claim.size else {
            draft.unbounded.extend(claim.without_size());
            if self.explain {
                draft.tree.push(Explanation::of("storage").saying("no size").by_fields(claim.field));
            }
            return Ok(draft);
        };
        let rate = |offer: &Offer| claim.rate(&self.rates, offer);
        let line = self.held(&mut draft, size, claim.name(), rate)?;
        draft.tree.extend(line.map(|line| line.by_fields(claim.field)));
        Ok(draft)
    }

    /// Hours are priced; bytes have no bound.
    pub(super) fn service(&self, spec: &Node<'_, '_>) -> Result<Option<Draft>, EstimateError> {
        let kind = spec.get("type");
        if kind.text()? != Some("LoadBalancer") {
            return Ok(None);
        }
        let class = spec.get("loadBalancerClass").text()?.filter(|class| !class.is_empty()).map(Arc::from);
        let resource = Arc::from("load-balancer");
        let name = match &class {
            Some(class) => format!("load-balancer/{class}").into(),
            None => Arc::clone(&resource),
        };
        let rate = |offer: &Offer| self.rates.of(&resource, class.as_ref(), &offer.place(), Case::Expected);
        let mut draft = Draft::default();
        let line = self.held(&mut draft, Quantity::ONE, name, rate)?;
        draft.unbounded.push(kind.path());
        if self.explain {
            draft.tree.extend(line.map(|line| line.by_field(kind.field())));
            let words = "what goes through it is paid by the byte, and has no bound";
            draft.tree.push(Explanation::of("bytes").saying(words).by_field(kind.field()));
        }
        Ok(Some(draft))
    }

    /// Something that is held all the time, at the dearest of the places where the cluster may be.
    fn held(
        &self,
        draft: &mut Draft,
        quantity: Quantity,
        name: Arc<str>,
        rate: impl Fn(&Offer) -> Option<Rate<'e>>,
    ) -> Result<Option<Explanation>, EstimateError> {
        let plain = std::slice::from_ref(self.plain);
        let places = if self.pools.places().is_empty() { plain } else { self.pools.places() };
        let mut dearest: Option<(Exact, Rate<'e>)> = None;
        for place in places {
            let Some(rate) = rate(place) else {
                draft.unpriced.push(Arc::clone(&name));
                continue;
            };
            let hourly = rate.hourly(quantity)?;
            let more = match &dearest {
                Some((kept, _)) => hourly.compare(*kept)?.is_gt(),
                None => true,
            };
            if more {
                dearest = Some((hourly, rate));
            }
        }
        let hourly = dearest.as_ref().map_or(Exact::ZERO, |(hourly, _)| *hourly);
        draft.expected.per_hour = hourly;
        draft.worst.per_hour = hourly;
        draft.peak = hourly;
        if !self.explain {
            return Ok(None);
        }
        match dearest {
            Some((hourly, rate)) => self.priced(name, quantity, hourly, &rate).map(Some),
            None => Ok(Some(Explanation::of(&*name).saying("has no price"))),
        }
    }
}
