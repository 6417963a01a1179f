//! A moment as a layout shows it.

use std::fmt::Write as _;

use super::layout::{Chunk, Offset, Parts, split};
use super::moment::Moment;
use super::{MONTHS, WEEKDAYS};

/// The moment as `layout` shows it.
pub(super) fn format(moment: &Moment, layout: &str) -> String {
    let mut out = String::with_capacity(layout.len() + 10);
    let mut rest = layout;
    loop {
        let found = split(rest);
        out.push_str(found.before);
        let Some((chunk, _)) = found.chunk else { return out };
        // Writing to a string does not fail.
        let _ = write(&mut out, moment, chunk);
        rest = found.after;
    }
}

fn write(out: &mut String, moment: &Moment, chunk: Chunk) -> std::fmt::Result {
    let shown = moment.shown();
    let month =
        usize::try_from(shown.month - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or_default();
    let weekday = WEEKDAYS.get(shown.weekday).copied().unwrap_or_default();
    let hour12 = if shown.hour % 12 == 0 { 12 } else { shown.hour % 12 };
    match chunk {
        Chunk::Year => write!(out, "{:02}", shown.year.abs() % 100),
        Chunk::LongYear if shown.year < 0 => write!(out, "-{:04}", -shown.year),
        Chunk::LongYear => write!(out, "{:04}", shown.year),
        Chunk::Month => out.write_str(month.get(..3).unwrap_or_default()),
        Chunk::LongMonth => out.write_str(month),
        Chunk::NumMonth => write!(out, "{}", shown.month),
        Chunk::ZeroMonth => write!(out, "{:02}", shown.month),
        Chunk::WeekDay => out.write_str(weekday.get(..3).unwrap_or_default()),
        Chunk::LongWeekDay => out.write_str(weekday),
        Chunk::Day => write!(out, "{}", shown.day),
        Chunk::UnderDay => write!(out, "{:2}", shown.day),
        Chunk::ZeroDay => write!(out, "{:02}", shown.day),
        Chunk::UnderYearDay => write!(out, "{:3}", shown.year_day),
        Chunk::ZeroYearDay => write!(out, "{:03}", shown.year_day),
        Chunk::Hour => write!(out, "{:02}", shown.hour),
        Chunk::Hour12 => write!(out, "{hour12}"),
        Chunk::ZeroHour12 => write!(out, "{hour12:02}"),
        Chunk::Minute => write!(out, "{}", shown.minute),
        Chunk::ZeroMinute => write!(out, "{:02}", shown.minute),
        Chunk::Second => write!(out, "{}", shown.second),
        Chunk::ZeroSecond => write!(out, "{:02}", shown.second),
        Chunk::UpperMark => out.write_str(if shown.hour >= 12 { "PM" } else { "AM" }),
        Chunk::LowerMark => out.write_str(if shown.hour >= 12 { "pm" } else { "am" }),
        Chunk::ZoneName => out.write_str(&moment.zone_name()),
        Chunk::Offset(form) => offset(out, moment.offset(), form),
        Chunk::Fraction0(fraction) => {
            let digits = format!("{:09}", moment.nanosecond);
            // Go writes nine digits at most.
            write!(out, "{}{}", fraction.separator, digits.get(..fraction.digits).unwrap_or(&digits))
        }
        Chunk::Fraction9(fraction) => {
            let digits = format!("{:09}", moment.nanosecond);
            let digits = digits.get(..fraction.digits).unwrap_or(&digits).trim_end_matches('0');
            if digits.is_empty() { Ok(()) } else { write!(out, "{}{digits}", fraction.separator) }
        }
    }
}

fn offset(out: &mut String, seconds: i128, form: Offset) -> std::fmt::Result {
    if form.z && seconds == 0 {
        return out.write_str("Z");
    }
    // Less than a minute behind UTC is written with a plus, as Go does.
    let (sign, ahead) = if seconds / 60 < 0 { ('-', -seconds) } else { ('+', seconds) };
    let minutes = (seconds / 60).abs();
    let colon = if form.colon { ":" } else { "" };
    write!(out, "{sign}{:02}", minutes / 60)?;
    match form.parts {
        Parts::Hour => Ok(()),
        Parts::Minute => write!(out, "{colon}{:02}", minutes % 60),
        Parts::Second => write!(out, "{colon}{:02}{colon}{:02}", minutes % 60, ahead % 60),
    }
}
