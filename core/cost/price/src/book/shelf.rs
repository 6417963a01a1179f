//! The order of rows, and what is found by it.
//!
//! A shelf holds the prices that set the same parts of their key (such as region and instance type, and nothing
//! else): what is asked for is cut down to these parts, and then either stands there or does not.

use std::cmp::{Ordering, Reverse};
use std::ops::Range;

use tollgate_vocabulary::Timestamp;

use crate::{Key, Purchase, Row};

/// Prices of one resource, class and purchase that set the same parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shelf {
    /// which parts: [`Parts::set`]
    pub(super) parts: u8,
    /// range of the book's prices
    pub(super) prices: Range<usize>,
}

/// The parts of a key that a row may leave open, the most telling first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Parts<'a>([Option<&'a str>; 4]);

impl<'a> Parts<'a> {
    pub(super) fn of(key: &'a Key) -> Self {
        Self([
            key.instance_type.as_deref(),
            key.zone.as_deref(),
            key.region.as_deref(),
            key.provider.as_deref(),
        ])
    }

    /// Which are set, a bit for each, the highest for the most telling: so a larger number is more specific.
    pub(super) fn set(self) -> u8 {
        self.0.iter().fold(0, |bits, part| bits << 1 | u8::from(part.is_some()))
    }

    /// Only the parts of `set`; nothing where one of them is not known.
    pub(super) fn only(mut self, set: u8) -> Option<Self> {
        for (part, bit) in self.0.iter_mut().zip([8, 4, 2, 1]) {
            match (set & bit != 0, *part) {
                (true, None) => return None,
                (true, Some(_)) => {}
                (false, _) => *part = None,
            }
        }
        Some(self)
    }
}

/// What must be equal in any case.
pub(super) fn room(key: &Key) -> (&str, Option<&str>, Purchase) {
    (&key.resource, key.class.as_deref(), key.purchase)
}

/// When a row holds; an open end is after every time.
pub(super) fn time(row: &Row) -> (Option<Timestamp>, bool, Option<Timestamp>) {
    (row.valid_from, row.valid_until.is_none(), row.valid_until)
}

/// The order of a book's rows. Total: two rows are equal in it only where they are equal.
pub(super) fn order(a: &Row, b: &Row) -> Ordering {
    by_key(a, b)
        .then_with(|| time(a).cmp(&time(b)))
        .then_with(|| a.tier_from.cmp(&b.tier_from))
        .then_with(|| a.place.cmp(&b.place))
        .then_with(|| a.unit.cmp(&b.unit))
        .then_with(|| a.price.units().cmp(&b.price.units()))
        .then_with(|| a.price.currency().cmp(&b.price.currency()))
        .then_with(|| a.source.cmp(&b.source))
}

/// Groups of the rows, which are in order, that are tiers of one price.
pub(super) fn prices(rows: &[Row]) -> Vec<Range<usize>> {
    ranges(rows, |a, b| a.key == b.key && time(a) == time(b))
}

/// Shelves of the prices, which are in order.
pub(super) fn shelves(rows: &[Row], prices: &[Range<usize>]) -> Vec<Shelf> {
    let key = |price: &Range<usize>| rows.get(price.start).map(|row| &row.key);
    let place = |price: &Range<usize>| key(price).map(|key| (room(key), Parts::of(key).set()));
    ranges(prices, |a, b| place(a) == place(b))
        .into_iter()
        .filter_map(|range| {
            let parts = Parts::of(key(prices.get(range.start)?)?).set();
            Some(Shelf { parts, prices: range })
        })
        .collect()
}

fn by_key(a: &Row, b: &Row) -> Ordering {
    let (ours, theirs) = (Parts::of(&a.key), Parts::of(&b.key));
    room(&a.key)
        .cmp(&room(&b.key))
        .then_with(|| Reverse(ours.set()).cmp(&Reverse(theirs.set())))
        .then_with(|| ours.cmp(&theirs))
}

/// Where neighbours belong together.
pub(super) fn ranges<T>(items: &[T], together: impl Fn(&T, &T) -> bool) -> Vec<Range<usize>> {
    let mut start = 0;
    items
        .chunk_by(together)
        .map(|chunk| {
            let range = start..start + chunk.len();
            start = range.end;
            range
        })
        .collect()
}
