//! How often a schedule fires, by the rules of the library that the CronJob controller uses (robfig/cron).
//!
//! ```text
//! "TZ=UTC 30 2 * * 1-5" ──parse──> minutes, hours, days, months, weekdays as bits ──count over 2026──> 261 a year
//! "@every 90m" ──────────────────> seconds between ──────────────────────────────> 5840 a year
//! ```
//!
//! 2026 is no leap year and is counted in UTC, whatever the time zone.

mod duration;
mod field;
#[cfg(test)]
mod tests;

use tollgate_vocabulary::Ratio;

use field::{Bits, Bounds};

/// When a CronJob fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Schedule {
    /// at times of the calendar
    Calendar { minute: Bits, hour: Bits, day: Bits, month: Bits, weekday: Bits },
    /// so many seconds after the last time
    Every(u64),
}

/// Seconds of the year that is counted.
pub(crate) const YEAR_SECONDS: u64 = 365 * 24 * 3600;
/// Days of its months.
const MONTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/// Its first day is a Thursday.
const FIRST_WEEKDAY: u32 = 4;

impl Schedule {
    /// Reads a schedule: five fields, or a macro, each after a time zone or not.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut text = text.trim();
        if text.starts_with("TZ=") || text.starts_with("CRON_TZ=") {
            let (zone, rest) = text.split_once(' ').ok_or("there is nothing after its time zone")?;
            if zone.ends_with('=') {
                return Err("its time zone has no name".to_owned());
            }
            text = rest.trim();
        }
        if let Some(every) = text.strip_prefix("@every ") {
            return duration::seconds(every).map(Self::Every);
        }
        let fields = match text {
            "@yearly" | "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" | "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            other if other.starts_with('@') => {
                return Err(
                    "known are `@yearly`, `@annually`, `@monthly`, `@weekly`, `@daily`, `@midnight`, `@hourly` \
                     and `@every 90m`"
                        .to_owned(),
                );
            }
            fields => fields,
        };
        let fields: Vec<&str> = fields.split_whitespace().take(6).collect();
        let [minute, hour, day, month, weekday] = fields.as_slice() else {
            return Err("it has not five fields: minute, hour, day of month, month, day of week".to_owned());
        };
        Ok(Self::Calendar {
            minute: Bounds::MINUTE.read(minute)?,
            hour: Bounds::HOUR.read(hour)?,
            day: Bounds::DAY.read(day)?,
            month: Bounds::MONTH.read(month)?,
            weekday: Bounds::WEEKDAY.read(weekday)?,
        })
    }

    /// How often it fires in the year.
    pub(crate) fn fires_a_year(&self) -> Ratio {
        match self {
            Self::Calendar { minute, hour, day, month, weekday } => {
                let days = days(*day, *month, *weekday);
                Ratio::whole(u128::from(days) * u128::from(minute.count()) * u128::from(hour.count()))
            }
            Self::Every(seconds) => Ratio::new(YEAR_SECONDS.into(), (*seconds).into()).unwrap_or(Ratio::ZERO),
        }
    }
}

/// On how many days. Where both the day of the month and of the week are restricted, either is enough.
fn days(day: Bits, month: Bits, weekday: Bits) -> u32 {
    let (mut count, mut of_week) = (0_u32, FIRST_WEEKDAY);
    for (number, length) in (1..).zip(MONTHS) {
        for of_month in 1..=length {
            let (by_day, by_weekday) = (day.has(of_month), weekday.has(of_week));
            let fires =
                if day.is_star() || weekday.is_star() { by_day && by_weekday } else { by_day || by_weekday };
            count += u32::from(fires && month.has(number));
            of_week = (of_week + 1) % 7;
        }
    }
    count
}
