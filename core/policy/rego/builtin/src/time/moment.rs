//! A moment in a time zone, and the calendar.
//!
//! The calendar is the proleptic Gregorian one, for any year: Rego reaches beyond what a `Timestamp` holds.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A moment in a zone.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    /// since 1970-01-01T00:00:00Z
    pub(super) seconds: i128,
    /// below 1,000,000,000
    pub(super) nanosecond: i64,
    pub(super) zone: TimeZone,
}

/// What calendar and clock of a zone show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) year: i128,
    /// from 1
    pub(super) month: i128,
    pub(super) day: i128,
    /// from 1
    pub(super) year_day: i128,
    /// from Sunday, which is 0
    pub(super) weekday: usize,
    pub(super) hour: i128,
    pub(super) minute: i128,
    pub(super) second: i128,
}

const DAY: i128 = 86_400;
const BILLION: i128 = 1_000_000_000;

impl Moment {
    pub(super) fn of_nanoseconds(nanoseconds: i64, zone: TimeZone) -> Self {
        let nanosecond = nanoseconds.rem_euclid(1_000_000_000);
        Self { seconds: nanoseconds.div_euclid(1_000_000_000).into(), nanosecond, zone }
    }

    /// The moment at which the zone's clocks show this: months, days and so on may be out of range.
    pub(super) fn of_shown(shown: Shown, nanosecond: i64, zone: TimeZone) -> Self {
        let month = shown.month - 1;
        let year = shown.year + month.div_euclid(12);
        let days = days_before(year, month.rem_euclid(12) + 1) + shown.day - 1;
        let seconds = days * DAY + shown.hour * 3600 + shown.minute * 60 + shown.second;
        let guess = Self { seconds, nanosecond, zone };
        let offset = guess.offset();
        if offset == 0 {
            return guess;
        }
        // Right where the offset still holds at the moment found; else that moment's own offset is.
        let offset = Self { seconds: seconds - offset, ..guess.clone() }.offset();
        Self { seconds: seconds - offset, ..guess }
    }

    /// Since 1970, where 64 bits hold it.
    pub(super) fn nanoseconds(&self) -> Option<i64> {
        i64::try_from(self.seconds.checked_mul(BILLION)?.checked_add(self.nanosecond.into())?).ok()
    }

    /// How many seconds the zone's clocks are ahead of UTC.
    pub(super) fn offset(&self) -> i128 {
        self.zone.to_offset(self.timestamp()).seconds().into()
    }

    /// What the zone calls its time then, such as `CEST`.
    pub(super) fn zone_name(&self) -> String {
        self.zone.to_offset_info(self.timestamp()).abbreviation().to_owned()
    }

    pub(super) fn shown(&self) -> Shown {
        let local = self.seconds + self.offset();
        let (days, second) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let (year, month, day) = date_of(days);
        Shown {
            year,
            month,
            day,
            year_day: days - days_before(year, 1) + 1,
            weekday: usize::try_from((days + 4).rem_euclid(7)).unwrap_or_default(),
            hour: second / 3600,
            minute: second / 60 % 60,
            second: second % 60,
        }
    }

    fn timestamp(&self) -> Timestamp {
        let out = if self.seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
        i64::try_from(self.seconds)
            .ok()
            .and_then(|seconds| Timestamp::from_second(seconds).ok())
            .unwrap_or(out)
    }
}

/// How many days from 1970-01-01 to the first of a month from 1 to 12.
pub(super) fn days_before(year: i128, month: i128) -> i128 {
    // Years begin in March here, so that the leap day is a year's last: H. Hinnant, days_from_civil.
    let year = if month <= 2 { year - 1 } else { year };
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5;
    year.div_euclid(400) * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// How many days a month has.
pub(super) fn days_in(year: i128, month: i128) -> i128 {
    let next = if month == 12 { days_before(year + 1, 1) } else { days_before(year, month + 1) };
    next - days_before(year, month)
}

fn date_of(days: i128) -> (i128, i128, i128) {
    let days = days + 719_468;
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = days.div_euclid(146_097) * 400 + year_of_era;
    (if month <= 2 { year + 1 } else { year }, month, day)
}
