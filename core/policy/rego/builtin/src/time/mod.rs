//! Time: arithmetic, parts of a date, Go's layouts. Zones come from the tz database in the program, never the machine's.

mod duration;
mod format;
mod layout;
mod moment;
mod parse;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::sync::LazyLock;

use jiff::tz::{TimeZone, TimeZoneDatabase};
use tollgate_rego_value::{Array, Val};

use crate::cost::of_text;
use crate::operand::{any, int, string, wrong};
use crate::whole::whole;
use crate::{Builtin, Call, Error, Type};
use moment::{Moment, Shown, days_in};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function(
        "time.add_date",
        &[("ns", Type::Number), ("years", Type::Number), ("months", Type::Number), ("days", Type::Number)],
        Type::Number,
        add_date,
    ),
    Builtin::function("time.clock", &[("x", ZONED)], THREE, clock),
    Builtin::function("time.date", &[("x", ZONED)], THREE, date),
    Builtin::function("time.diff", &[("ns1", ZONED), ("ns2", ZONED)], SIX, diff),
    Builtin::function(
        "time.format",
        &[(
            "x",
            Type::Union(&[
                Type::Number,
                Type::Array(&[Type::Number, Type::String], None),
                Type::Array(&[Type::Number, Type::String, Type::String], None),
            ]),
        )],
        Type::String,
        format_time,
    ),
    Builtin::function("time.parse_duration_ns", &[("duration", Type::String)], Type::Number, parse_duration),
    Builtin::function(
        "time.parse_ns",
        &[("layout", Type::String), ("value", Type::String)],
        Type::Number,
        parse_time,
    ),
    Builtin::function("time.parse_rfc3339_ns", &[("value", Type::String)], Type::Number, parse_rfc3339),
    Builtin::function("time.weekday", &[("x", ZONED)], Type::String, weekday),
];

const ZONED: Type = Type::Union(&[Type::Number, Type::Array(&[Type::Number, Type::String], None)]);
const THREE: Type = Type::Array(&[Type::Number, Type::Number, Type::Number], None);
const SIX: Type =
    Type::Array(&[Type::Number, Type::Number, Type::Number, Type::Number, Type::Number, Type::Number], None);

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// The zones that the program brings along: reading one is costly, so that each is read once.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

fn add_date<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (moment, _) = zoned(call, args)?;
    let (years, months, days) = (int(args, 2)?, int(args, 3)?, int(args, 4)?);
    let shown = moment.shown();
    let shown = Shown {
        year: shown.year + i128::from(years),
        month: shown.month + i128::from(months),
        day: shown.day + i128::from(days),
        ..shown
    };
    nanoseconds(&Moment::of_shown(shown, moment.nanosecond, moment.zone))
}

fn clock<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let shown = zoned(call, args)?.0.shown();
    numbers(call, &[shown.hour, shown.minute, shown.second])
}

fn date<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let shown = zoned(call, args)?.0.shown();
    numbers(call, &[shown.year, shown.month, shown.day])
}

fn diff<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (mut from, _) = zoned(call, args)?;
    let (mut to, _) = zoned(call, args.get(1..).unwrap_or_default())?;
    to.zone = from.zone.clone();
    if (from.seconds, from.nanosecond) > (to.seconds, to.nanosecond) {
        std::mem::swap(&mut from, &mut to);
    }
    let (a, b) = (from.shown(), to.shown());
    let (mut year, mut month, mut day) = (b.year - a.year, b.month - a.month, b.day - a.day);
    let (mut hour, mut minute, mut second) = (b.hour - a.hour, b.minute - a.minute, b.second - a.second);
    if second < 0 {
        second += 60;
        minute -= 1;
    }
    if minute < 0 {
        minute += 60;
        hour -= 1;
    }
    if hour < 0 {
        hour += 24;
        day -= 1;
    }
    if day < 0 {
        day += days_in(a.year, a.month);
        month -= 1;
    }
    if month < 0 {
        month += 12;
        year -= 1;
    }
    numbers(call, &[year, month, day, hour, minute, second])
}

fn format_time<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (moment, layout) = zoned(call, args)?;
    call.meter.spend(of_text(layout))?;
    let layout = if layout.is_empty() { layout::RFC3339_NANO } else { layout::named(layout) };
    Ok(call.arena.string(&format::format(&moment, layout))?)
}

fn parse_duration<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let text = string(args, 1)?;
    call.meter.spend(of_text(text))?;
    duration::parse(text).map(Val::Int).map_err(Error::Failed)
}

fn parse_time<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (layout, value) = (string(args, 1)?, string(args, 2)?);
    call.meter.spend(of_text(layout) + of_text(value))?;
    nanoseconds(&parse::parse(layout::named(layout), value).map_err(Error::Failed)?)
}

fn parse_rfc3339<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let value = string(args, 1)?;
    call.meter.spend(of_text(value))?;
    nanoseconds(&parse::parse(layout::RFC3339, value).map_err(Error::Failed)?)
}

fn weekday<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let shown = zoned(call, args)?.0.shown();
    Ok(Val::String(WEEKDAYS.get(shown.weekday).copied().unwrap_or_default()))
}

/// The first argument: nanoseconds, or a list of nanoseconds, zone and layout.
fn zoned<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<(Moment, &'a str), Error> {
    const EITHER: &str = "either number (ns) or [number (ns), string (tz)]";
    call.meter.spend(1)?;
    let operand = any(args, 1)?;
    let list = match operand {
        Val::Int(_) | Val::Number(_) => Array::Own(&[]),
        _ => {
            operand.as_array().filter(|list| !list.is_empty()).ok_or_else(|| wrong(1, &operand, &[EITHER]))?
        }
    };
    let item = |at: usize| list.get(at).unwrap_or(operand);
    let number = match item(0) {
        number @ (Val::Int(_) | Val::Number(_)) => whole(&number),
        other => return Err(wrong(1, &other, &["number"])),
    };
    let text = |at: usize| match item(at) {
        Val::String(text) => Ok(text),
        other => Err(wrong(1, &other, &["string"])),
    };
    let zone = if list.len() > 1 { zone_of(text(1)?)? } else { TimeZone::UTC };
    let layout = if list.len() > 2 { text(2)? } else { "" };
    let number = number.ok_or_else(|| Error::Failed("timestamp too big".to_owned()))?;
    Ok((Moment::of_nanoseconds(number, zone), layout))
}

fn zone_of(name: &str) -> Result<TimeZone, Error> {
    if matches!(name, "" | "UTC") {
        return Ok(TimeZone::UTC);
    }
    if name == "Local" {
        return Err(Error::Failed(
            "the time zone `Local` is the machine's own: name a zone of the tz database".to_owned(),
        ));
    }
    if name.contains("..") || name.starts_with(['/', '\\']) {
        return Err(Error::Failed("time: invalid location name".to_owned()));
    }
    // The database takes a name in any case; Go does not.
    let zone = ZONES.get(name).ok().filter(|zone| zone.iana_name() == Some(name));
    zone.ok_or_else(|| Error::Failed(format!("unknown time zone {name}")))
}

fn nanoseconds<'a>(moment: &Moment) -> Result<Val<'a>, Error> {
    moment.nanoseconds().map(Val::Int).ok_or_else(|| Error::Failed("time outside of valid range".to_owned()))
}

fn numbers<'a>(call: &Call<'a, '_>, parts: &[i128]) -> Result<Val<'a>, Error> {
    let parts: Vec<_> = parts.iter().filter_map(|part| i64::try_from(*part).ok()).map(Val::Int).collect();
    Ok(call.arena.array(&parts)?)
}

/// A time in UTC as a layout shows it.
pub(crate) fn shown(nanoseconds: i64, layout: &str) -> String {
    format::format(&Moment::of_nanoseconds(nanoseconds, TimeZone::UTC), layout)
}

/// Whether `text` is a time by a layout.
pub(crate) fn is_of_layout(layout: &str, text: &str) -> bool {
    parse::parse(layout, text).is_ok()
}

/// `text` in quotes as Go's time package writes it: what is not printable ASCII as `\x..`.
fn quote_bytes(text: &[u8]) -> String {
    let mut out = String::from("\"");
    for byte in text {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(*byte)]),
            // Writing to a string does not fail.
            0x80.. | ..0x20 => drop(write!(out, "\\x{byte:02x}")),
            byte => out.push(char::from(*byte)),
        }
    }
    out.push('"');
    out
}
