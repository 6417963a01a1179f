//! What rows must agree on.
//!
//! INVARIANT: rows are compared with a neighbour, never all with all: time is in proportion to their number.

use std::collections::BTreeMap;
use std::ops::Range;

use tollgate_vocabulary::{Currency, Timestamp};

use crate::error::MOST;
use crate::{BookError, Problem, Row};

/// What is wrong with rows in the book's order, by their places, up to a bound.
pub(super) fn errors(rows: &[Row], prices: &[Range<usize>]) -> Vec<BookError> {
    let mut errors = Vec::new();
    currencies(rows, &mut errors);
    errors.extend(rows.iter().filter_map(never));
    let prices: Vec<&[Row]> = prices.iter().filter_map(|price| rows.get(price.clone())).collect();
    for tiers in &prices {
        within(tiers, &mut errors);
    }
    for of_key in prices.chunk_by(|a, b| a.first().map(|row| &row.key) == b.first().map(|row| &row.key)) {
        overlaps(of_key, &mut errors);
    }
    errors.sort_by(|a, b| a.place.cmp(&b.place));
    if errors.len() > MOST {
        errors.truncate(MOST);
        if let Some(last) = errors.last_mut() {
            last.problem = Problem::TooMany;
        }
    }
    errors
}

/// Keys of rows in the book's order that have nothing after `at`.
pub(super) fn expired(rows: &[Row], at: Timestamp) -> Vec<BookError> {
    rows.chunk_by(|a, b| a.key == b.key)
        .filter_map(|of_key| {
            let last = of_key.iter().max_by_key(|row| (row.valid_until.is_none(), row.valid_until))?;
            let until = last.valid_until.filter(|until| *until <= at)?;
            let problem = Problem::Expired { key: Box::new(last.key.clone()), until };
            Some(BookError::at(&last.place, problem))
        })
        .collect()
}

fn currencies(rows: &[Row], errors: &mut Vec<BookError>) {
    let mut first_of_each: BTreeMap<Currency, &Row> = BTreeMap::new();
    for row in rows {
        let first = first_of_each.entry(row.price.currency()).or_insert(row);
        if row.place < first.place {
            *first = row;
        }
    }
    let mut first_of_each: Vec<&Row> = first_of_each.into_values().collect();
    first_of_each.sort_by(|a, b| a.place.cmp(&b.place));
    let Some((first, others)) = first_of_each.split_first() else { return };
    for other in others {
        let problem = Problem::MixedCurrency {
            currency: other.price.currency(),
            other: first.price.currency(),
            first: first.place.clone(),
        };
        errors.push(BookError::at(&other.place, problem));
    }
}

fn never(row: &Row) -> Option<BookError> {
    let (from, until) = (row.valid_from?, row.valid_until?);
    (from >= until).then(|| BookError::at(&row.place, Problem::NeverValid { from, until }))
}

/// Tiers of one price: all of the same key and time.
fn within(tiers: &[Row], errors: &mut Vec<BookError>) {
    let Some(first) = tiers.first() else { return };
    if !first.tier_from.is_zero() {
        let problem = Problem::Tier { key: Box::new(first.key.clone()), from: first.tier_from };
        errors.push(BookError::at(&first.place, problem));
    }
    for same in tiers.chunk_by(|a, b| a.tier_from == b.tier_from) {
        let Some((kept, again)) = same.split_first() else { continue };
        errors.extend(again.iter().map(|row| clash(row, kept)));
        if kept.unit != first.unit {
            errors.push(clash(kept, first));
        }
    }
}

/// Prices of one key, in the order of their beginnings: each must begin where all before it have ended.
fn overlaps(prices: &[&[Row]], errors: &mut Vec<BookError>) {
    let mut latest: Option<&[Row]> = None;
    for tiers in prices {
        let Some(first) = tiers.first() else { continue };
        let before = latest.and_then(|rows| Some((rows, rows.first()?)));
        if let Some((rows, last)) = before {
            if last.valid_until.is_none_or(|until| first.valid_from.is_none_or(|from| from < until)) {
                let clashing = tiers.iter().filter_map(|row| {
                    let at = rows.binary_search_by(|other| other.tier_from.cmp(&row.tier_from)).ok()?;
                    Some(clash(row, rows.get(at)?))
                });
                errors.extend(clashing);
            }
            if last.valid_until.is_none()
                || (first.valid_until.is_some() && first.valid_until <= last.valid_until)
            {
                continue;
            }
        }
        latest = Some(tiers);
    }
}

/// Two rows that would answer the same question; reported at the later one.
fn clash(a: &Row, b: &Row) -> BookError {
    let (first, row) = if a.place < b.place { (a, b) } else { (b, a) };
    let (key, at) = (Box::new(row.key.clone()), first.place.clone());
    let problem = if row.unit != first.unit {
        Problem::MixedUnit { key, unit: row.unit, other: first.unit, first: at }
    } else if row.price == first.price {
        Problem::Twice { key, first: at }
    } else {
        Problem::Contradiction { key, first: at }
    };
    BookError::at(&row.place, problem)
}
