//! A book of prices: rows that do not contradict one another, looked up by what is most specific.
//!
//! ```text
//! rows ──sort──> tiers of a price ──> prices of a shelf ──> shelves ──find──> Price
//!                same key and time    same parts set       same resource, class, purchase
//! ```
//!
//! INVARIANTS: prices of one key never overlap in time; the tiers of one price have one unit, begin at zero and ascend.
//! The same rows in any order make the same book.

mod check;
mod shelf;

use std::cmp::Ordering;
use std::ops::Range;

use tollgate_vocabulary::{Currency, Digest, Timestamp};

use crate::{BookError, Key, Price, Problem, Row};
use shelf::{Parts, Shelf};

/// Rows of one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceBook {
    /// by resource, class, purchase, then what is most specific, then time, then tier
    rows: Vec<Row>,
    /// tiers of one price, as a range of `rows`, in the same order
    prices: Vec<Range<usize>>,
    shelves: Vec<Shelf>,
    currency: Currency,
    digest: Digest,
}

/// What somebody wants the price of: the most specific key that fits.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// what is asked for; `resource`, `class` and `purchase` must be equal, every other part may be missing in the row
    pub key: &'a Key,
    /// when it would be paid
    pub at: Timestamp,
}

impl PriceBook {
    /// A book of `rows`; `digest` is of what they were read from.
    ///
    /// # Errors
    /// No rows; two currencies; rows of one key that hold at the same time, be their prices the same or not; tiers
    /// that do not begin at zero or differ in their unit; a row that never holds. All of them.
    pub fn new(rows: Vec<Row>, digest: Digest) -> Result<Self, Vec<BookError>> {
        let Some(currency) = rows.first().map(|row| row.price.currency()) else {
            return Err(vec![BookError { place: None, column: None, problem: Problem::Empty }]);
        };
        let book = Self::of(rows, currency, digest);
        let errors = check::errors(&book.rows, &book.prices);
        if errors.is_empty() { Ok(book) } else { Err(errors) }
    }

    /// A book of rows that have no errors, or are still to be checked.
    pub(crate) fn of(mut rows: Vec<Row>, currency: Currency, digest: Digest) -> Self {
        rows.sort_unstable_by(shelf::order);
        let prices = shelf::prices(&rows);
        let shelves = shelf::shelves(&rows, &prices);
        Self { rows, prices, shelves, currency, digest }
    }

    /// The price that answers: of the rows that hold at the time and say nothing else than what is asked, that which
    /// says most. Instance type counts more than zone, zone more than region, region more than provider.
    #[must_use]
    pub fn find(&self, asked: &Asked<'_>) -> Option<Price<'_>> {
        let from = self.shelves.partition_point(|shelf| self.against(shelf, asked.key) == Ordering::Less);
        self.shelves
            .get(from..)?
            .iter()
            .take_while(|shelf| self.against(shelf, asked.key) == Ordering::Equal)
            .find_map(|shelf| self.on(shelf, asked))
    }

    /// The one currency of all rows.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Digest of what the book was read from: in every decision.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// All rows: by resource, class and purchase, the most specific first, then by time and tier.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Keys that have no price at `at` because all they had lie before it: one error for each, at its last row.
    #[must_use]
    pub fn check_validity(&self, at: Timestamp) -> Vec<BookError> {
        check::expired(&self.rows, at)
    }

    fn against(&self, shelf: &Shelf, key: &Key) -> Ordering {
        self.first(&shelf.prices).map_or(Ordering::Less, |row| shelf::room(&row.key).cmp(&shelf::room(key)))
    }

    /// The price on one shelf.
    fn on(&self, shelf: &Shelf, asked: &Asked<'_>) -> Option<Price<'_>> {
        let wanted = Parts::of(asked.key).only(shelf.parts)?;
        let prices = self.prices.get(shelf.prices.clone())?;
        let behind = prices.partition_point(|price| {
            self.rows.get(price.start).is_some_and(|row| {
                Parts::of(&row.key).cmp(&wanted).then_with(|| row.valid_from.cmp(&Some(asked.at)))
                    != Ordering::Greater
            })
        });
        let tiers = self.rows.get(prices.get(behind.checked_sub(1)?)?.clone())?;
        let price = Price::of(tiers)?;
        (Parts::of(&price.row().key) == wanted && price.row().holds(asked.at)).then_some(price)
    }

    fn first(&self, prices: &Range<usize>) -> Option<&Row> {
        self.rows.get(self.prices.get(prices.start)?.start)
    }
}
