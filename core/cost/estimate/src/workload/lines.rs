//! What an explanation says of a pod: a line for each resource, and what its request was put together from.

use std::sync::Arc;

use tollgate_price::{MONTH_HOURS, Unit};
use tollgate_vocabulary::{Money, MoneyError, Ratio, Rounding};

use super::{Desk, Pods};
use crate::estimate::Replicas;
use crate::exact::Exact;
use crate::explanation::Per;
use crate::pod::{Part, Request};
use crate::pool::{Offer, Pool};
use crate::rate::{Case, Rate};
use crate::{EstimateError, Explanation, Field, Quantity, Source};

impl Desk<'_> {
    /// Lines for one pod, wherever it may run.
    pub(super) fn lines(&self, pods: &Pods<'_>) -> Result<Vec<Explanation>, EstimateError> {
        let mut lines = self.of_resources(pods)?;
        if let Some(place) = self.where_it_runs(pods) {
            lines.insert(0, place);
        }
        Ok(lines)
    }

    /// A line for each resource of a pod, and for what has no price or no bound.
    pub(super) fn of_resources(&self, pods: &Pods<'_>) -> Result<Vec<Explanation>, EstimateError> {
        let (usual, dearest) = (pods.price.usual, pods.price.dearest);
        let mut lines = Vec::new();
        for wanted in &pods.request.requests {
            let line = self.line(wanted, wanted.expected, usual, Case::Expected)?;
            let at_worst = self.line(wanted, wanted.worst, dearest, Case::Worst)?;
            let other = line.figure != at_worst.figure;
            lines.push(line);
            if other {
                let label = format!("{} at worst", at_worst.label);
                let fields = wanted.raised_by.clone();
                lines.push(Explanation { label, fields, below: Vec::new(), ..at_worst });
            }
        }
        for claim in &pods.request.claims {
            let line = match (claim.size, claim.rate(&self.rates, usual)) {
                (None, _) => Explanation::of(&*claim.name()).saying("no size: it has no bound"),
                (Some(_), None) => Explanation::of(&*claim.name()).saying("has no price"),
                (Some(size), Some(rate)) => self.priced(claim.name(), size, rate.hourly(size)?, &rate)?,
            };
            lines.push(line.by_fields(claim.field.clone()));
        }
        for device in &pods.request.unpriced {
            lines.push(Explanation::of(&**device).saying("has no price"));
        }
        let unbounded = pods.request.unbounded.iter();
        lines.extend(unbounded.map(|path| Explanation::of("no bound").saying(format!("nothing at {path}"))));
        let remarks = pods.request.remarks.iter();
        lines.extend(
            remarks
                .map(|remark| Explanation::of("note").saying(&*remark.text).by_field(remark.field.clone())),
        );
        Ok(lines)
    }

    /// In which pool it is paid, where pools say how they are bought.
    fn where_it_runs(&self, pods: &Pods<'_>) -> Option<Explanation> {
        let field = |pool: &Pool| Field { source: Source::Pools, path: pool.path.clone() };
        let paid = |pool: &&&Pool| pool.offer == *pods.price.dearest;
        match (pods.pools.as_slice(), pods.pools.iter().find(paid)) {
            ([], _) if !self.pools.is_empty() => {
                Some(Explanation::of("no pool").saying("it may run in none of those known: plain prices"))
            }
            (_, Some(pool))
                if pool.offer != *self.plain || pods.pools.iter().any(|other| other.offer != pool.offer) =>
            {
                let words = match pods.pools.len() {
                    1 => "the one that it may run in".to_owned(),
                    count => format!("the dearest of {count} that it may run in"),
                };
                Some(Explanation::of(format!("pool {}", pool.name)).saying(words).by_field(field(pool)))
            }
            _ => None,
        }
    }

    /// `3 x 0.0200425 USD x 730 h = 43.893075 a month`, as expected, at worst and at the peak.
    pub(super) fn sums(
        &self,
        pods: &Pods<'_>,
        replicas: Replicas,
        peak: u64,
    ) -> Result<Vec<Explanation>, EstimateError> {
        let month = |label: &str, count: u64, pod: Exact| {
            let words = format!("{count} x {} x {MONTH_HOURS} h", self.money(pod)?);
            let figure = self.money(pod.times_whole(count)?.times_whole(MONTH_HOURS)?)?;
            Ok::<_, MoneyError>(Explanation::of(label).saying(words).coming_to(figure, Per::Month))
        };
        let (usual, worst) = (pods.price.expected, pods.price.worst);
        let hour = self.money(worst.times_whole(peak)?)?;
        let words = format!("{peak} x {}", self.money(worst)?);
        Ok(vec![
            month("expected", replicas.expected, usual)?,
            month("worst", replicas.worst, worst)?,
            Explanation::of("peak").saying(words).coming_to(hour, Per::Hour),
        ])
    }

    /// Rounded half up to 10^-18, to be shown.
    pub(super) fn money(&self, exact: Exact) -> Result<Money, MoneyError> {
        exact.money(self.rates.book.currency(), Rounding::HalfUp)
    }

    fn line(
        &self,
        wanted: &Request,
        quantity: Quantity,
        offer: &Offer,
        case: Case,
    ) -> Result<Explanation, EstimateError> {
        let name = Arc::clone(&wanted.resource);
        let line = match self.rates.of(&name, None, offer, case) {
            None if quantity.is_zero() => Explanation::of(&*name).saying("0"),
            None => Explanation::of(&*name).saying(format!("{} has no price", Ratio::from(quantity))),
            Some(rate) => self.priced(name, quantity, rate.hourly(quantity)?, &rate)?,
        };
        Ok(match wanted.parts.as_slice() {
            [Part { field, .. }] => line.by_field(field.clone()),
            parts => line.resting_on(parts.iter().map(|part| of_part(&wanted.resource, part)).collect()),
        })
    }

    /// `0.5 core x 0.031611 USD = 0.0158055 an hour`
    pub(super) fn priced(
        &self,
        name: Arc<str>,
        quantity: Quantity,
        hourly: Exact,
        rate: &Rate<'_>,
    ) -> Result<Explanation, EstimateError> {
        let amount = if rate.is_of_volume() { Ratio::ONE } else { quantity.into() };
        let price = rate.row.price;
        let mut words = match rate.row.unit {
            Unit::CoreHour => format!("{amount} core x {price}"),
            Unit::GibHour => format!("{} GiB x {price}", gib(amount)),
            Unit::GibMonth => format!("{} GiB x {price} a month / {MONTH_HOURS}", gib(amount)),
            Unit::Month => format!("{amount} x {price} a month / {MONTH_HOURS}"),
            Unit::GpuHour | Unit::Hour | Unit::Gib | Unit::Each => format!("{amount} x {price}"),
        };
        if let Some(part) = rate.part {
            words.push_str(&format!(" x {part} of a GPU"));
        }
        if rate.tiers > 1 {
            words.push_str(&format!(", the dearest of {} tiers,", rate.tiers));
        }
        Ok(Explanation::of(&*name).saying(words).by(rate.row).coming_to(self.money(hourly)?, Per::Hour))
    }
}

fn of_part(resource: &str, part: &Part) -> Explanation {
    let quantity = Ratio::from(part.quantity);
    let in_bytes = matches!(resource, "memory" | "ephemeral-storage") || resource.starts_with("hugepages-");
    let words = if in_bytes { format!("{} GiB", gib(quantity)) } else { quantity.to_string() };
    Explanation::of(&*part.label).saying(words).by_field(part.field.clone())
}

/// To be shown: a fraction that does not fit is one of no quantity that was read.
fn gib(bytes: Ratio) -> Ratio {
    Ratio::new(1, 1 << 30).and_then(|one| bytes.times(one).ok()).unwrap_or(bytes)
}

/// `1 pod`, `3 pods`.
pub(super) fn counted(count: impl std::fmt::Display, noun: &str) -> String {
    let count = count.to_string();
    let plural = if count == "1" { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
