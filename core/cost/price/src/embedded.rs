//! The prices that ship in the binary: what an estate without a book of its own is estimated by.
//!
//! They are list prices of one cloud at one day, for ever valid, so that an estimate can always be made; how old they are
//! is for whoever shows it to say.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use tollgate_vocabulary::{Currency, Digest, Timestamp};

use crate::{PriceBook, read_csv};

const FILE: &str = "embedded:prices.csv";
const TEXT: &str = include_str!("default.csv");
/// The day on which the prices were compared with their sources.
const DATE: Date = date(2026, 11, 28);

impl PriceBook {
    /// The book that ships in the binary.
    #[must_use]
    pub fn embedded() -> Self {
        // A test makes a book of the same bytes. Could they not be read, there would be no price of anything.
        let rows = read_csv(&FILE.into(), TEXT.as_bytes()).unwrap_or_default();
        Self::of(rows, Currency::USD, Digest::of(TEXT.as_bytes()))
    }

    /// The day of the prices that ship in the binary.
    #[must_use]
    pub const fn embedded_date() -> Date {
        DATE
    }

    /// How many whole days old the prices that ship in the binary are at `at`; none before their day.
    #[must_use]
    pub fn embedded_age(at: Timestamp) -> u32 {
        let days = DATE.duration_until(at.to_zoned(TimeZone::UTC).date()).as_hours() / 24;
        u32::try_from(days).unwrap_or(0)
    }
}
