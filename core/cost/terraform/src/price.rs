//! From items to lines: how many, times which row.
//!
//! INVARIANT: one rounding, up, for each line; what does not fit is unknown, never clamped.

use tollgate_price::{Asked, Key, MONTH_HOURS, PriceBook, Unit};
use tollgate_vocabulary::{Money, MoneyError, Path, Ratio, Rounding, Timestamp};

use crate::item::{Choice, Item, Measure};
use crate::place::Place;
use crate::{Figures, Line, Outcome, Side, Why};

/// Prices, and the time at which they must hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prices<'b> {
    pub(crate) book: &'b PriceBook,
    pub(crate) at: Timestamp,
}

impl Prices<'_> {
    /// The lines of an item: one for each instance type that it may be.
    pub(crate) fn lines(&self, item: &Item, place: &Place, side: Side) -> Vec<Line> {
        let mut lines: Vec<Line> = item
            .choices
            .iter()
            .map(|choice| {
                let key = key(item, choice, place);
                let outcome = self.outcome(item, choice, &key).unwrap_or(Outcome::Unknown(Why::TooLarge));
                Line { side, fields: fields(item, choice), key: Some(key), outcome }
            })
            .collect();
        if lines.len() > 1 {
            choose(&mut lines, self.book.currency());
        }
        lines
    }

    fn outcome(&self, item: &Item, choice: &Choice, key: &Key) -> Result<Outcome, MoneyError> {
        let Some(price) = self.book.find(&Asked { key, at: self.at }) else { return Ok(Outcome::Unpriced) };
        let (unit, row) = (price.unit(), price.row().place.clone());
        let Some((each, hours)) = counted(&item.measure, unit, key) else {
            return Ok(Outcome::Unit { row, unit });
        };
        let quantity = match each {
            Some(each) => choice.count.clone().times(each),
            None => choice.count.clone(),
        };
        if quantity.is_too_large {
            return Err(MoneyError::Overflow);
        }
        let month = |quantity: Ratio| price.amount(quantity.times(Ratio::from(hours))?, Rounding::Up);
        Ok(Outcome::Priced {
            row,
            unit,
            price: price.row().price,
            tiers: price.tiers().len(),
            expected: quantity.expected,
            worst: quantity.worst,
            figures: Figures::of_months(month(quantity.expected)?, month(quantity.worst)?)?,
        })
    }
}

/// By what each piece is multiplied, and how many of the unit a month has; nothing where the unit does not fit.
fn counted<'i>(measure: &'i Measure, unit: Unit, key: &Key) -> Option<(Option<&'i crate::item::Range>, u64)> {
    match (measure, unit) {
        (Measure::Pieces | Measure::PiecesOrGib(_), Unit::Hour) => Some((None, MONTH_HOURS)),
        (Measure::Pieces | Measure::PiecesOrGib(_), Unit::Month) => Some((None, 1)),
        (Measure::Pieces, Unit::GpuHour) if key.resource.contains('/') => Some((None, MONTH_HOURS)),
        (Measure::Gib(each) | Measure::PiecesOrGib(each), Unit::GibHour) => Some((Some(each), MONTH_HOURS)),
        (Measure::Gib(each) | Measure::PiecesOrGib(each), Unit::GibMonth) => Some((Some(each), 1)),
        (Measure::Cores(each), Unit::CoreHour) => Some((Some(each), MONTH_HOURS)),
        _ => None,
    }
}

fn key(item: &Item, choice: &Choice, place: &Place) -> Key {
    Key {
        resource: item.resource.into(),
        class: item.class.clone(),
        provider: Some(place.provider.into()),
        region: place.region.clone(),
        zone: place.zone.clone(),
        instance_type: choice.instance_type.as_ref().map(|field| field.value.clone()),
        purchase: item.purchase,
    }
}

fn fields(item: &Item, choice: &Choice) -> Vec<Path> {
    let of_measure = match &item.measure {
        Measure::Pieces => &[][..],
        Measure::Gib(each) | Measure::PiecesOrGib(each) | Measure::Cores(each) => &each.paths,
    };
    let of_type = choice.instance_type.iter().flat_map(|field| &field.paths);
    let mut fields: Vec<Path> = Vec::new();
    for path in item.paths.iter().chain(of_type).chain(&choice.count.paths).chain(of_measure) {
        if !fields.contains(path) {
            fields.push(path.clone());
        }
    }
    fields
}

/// Of several instance types, the first is what is expected, and the dearest the worst.
fn choose(lines: &mut [Line], currency: tollgate_vocabulary::Currency) {
    let worst = |line: &Line| match &line.outcome {
        Outcome::Priced { figures, .. } => figures.worst_month.units(),
        _ => -1,
    };
    let mut dearest = 0;
    for (at, line) in lines.iter().enumerate() {
        if lines.get(dearest).is_some_and(|best| worst(line) > worst(best)) {
            dearest = at;
        }
    }
    for (at, line) in lines.iter_mut().enumerate() {
        let Outcome::Priced { expected, worst, figures, .. } = &mut line.outcome else { continue };
        if at != 0 {
            *expected = Ratio::ZERO;
            figures.expected_month = Money::zero(currency);
        }
        if at != dearest {
            *worst = Ratio::ZERO;
            figures.worst_month = Money::zero(currency);
            figures.peak_hour = Money::zero(currency);
        }
    }
}
