//! A calendar month in a zone, as seconds since 1970: from its first instant to that of the next.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tollgate_vocabulary::Ratio;

/// A stretch of time, its end exclusive. Its hours are those that really pass: a month with a change of clocks has
/// one more or one less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// when it begins, in seconds since 1970
    pub start: i64,
    /// when it ends, in seconds since 1970
    pub end: i64,
}

/// A time that lies in no month which the calendar reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the time {0} s since 1970 lies outside of the calendar")]
pub struct PeriodError(i64);

const SECONDS_OF_AN_HOUR: u128 = 3600;

impl Period {
    /// The month of `zone` that `at` lies in. It begins at local midnight of the 1st; where a change of clocks leaves
    /// that out, later by as much as is left out; where midnight comes twice, at the earlier.
    ///
    /// # Errors
    /// The month reaches beyond the calendar (years -9999 to 9999).
    pub fn month(zone: &TimeZone, at: i64) -> Result<Self, PeriodError> {
        let months = || {
            let first = zone.to_datetime(Timestamp::from_second(at).ok()?).date().first_of_month();
            let next = first.last_of_month().tomorrow().ok()?;
            Some(Self { start: midnight(zone, first)?, end: midnight(zone, next)? })
        };
        months().ok_or(PeriodError(at))
    }

    /// Its hours.
    #[must_use]
    pub fn hours(self) -> Ratio {
        hours_between(self.start, self.end)
    }
}

/// RFC 5545's rule for a local time that is not there, or is there twice: later by the gap, or the earlier of the two.
fn midnight(zone: &TimeZone, day: Date) -> Option<i64> {
    Some(zone.to_ambiguous_timestamp(day.at(0, 0, 0, 0)).compatible().ok()?.as_second())
}

/// Hours from one time to a later one; none where it is not later.
pub(crate) fn hours_between(from: i64, to: i64) -> Ratio {
    let seconds = u128::try_from(i128::from(to) - i128::from(from)).unwrap_or(0);
    Ratio::new(seconds, SECONDS_OF_AN_HOUR).unwrap_or(Ratio::ZERO)
}
