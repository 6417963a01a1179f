//! A moment read by a layout.
//!
//! Where Go's reading asks for the machine's own zone, ours is UTC: a zone known by its letters only is taken as UTC,
//! as Go does on a machine in UTC.

use jiff::tz::TimeZone;

use super::layout::{Chunk, Offset, Parts, RFC3339, RFC3339_NANO, split};
use super::moment::{Moment, Shown, days_before, days_in};
use super::{MONTHS, WEEKDAYS, quote_bytes};

/// Why a field is no good.
enum Bad {
    /// it does not fit the layout
    Form,
    /// it is out of range; what it is
    Range(&'static str),
}

/// What has been read so far.
#[derive(Default)]
struct Fields {
    year: i128,
    month: Option<i128>,
    day: Option<i128>,
    year_day: Option<i128>,
    hour: i128,
    minute: i128,
    second: i128,
    nanosecond: i64,
    utc: bool,
    offset: Option<i128>,
    name: Vec<u8>,
    afternoon: bool,
    morning: bool,
}

/// The moment that `value` is, read by `layout`.
pub(super) fn parse(layout: &str, value: &str) -> Result<Moment, String> {
    if (layout == RFC3339 || layout == RFC3339_NANO)
        && let Some(moment) = strict_rfc3339(value)
    {
        return Ok(moment);
    }
    let fail = |element: &[u8], own: &str| {
        format!(
            "parsing time {} as {}: cannot parse {} as {}",
            quote_bytes(value.as_bytes()),
            quote_bytes(layout.as_bytes()),
            quote_bytes(element),
            quote_bytes(own.as_bytes())
        )
    };
    let because = |message: &str| format!("parsing time {}: {message}", quote_bytes(value.as_bytes()));
    let mut fields = Fields::default();
    let (mut rest, mut pattern) = (value.as_bytes(), layout);
    loop {
        let found = split(pattern);
        rest = skip(rest, found.before.as_bytes()).map_err(|at| fail(at, found.before))?;
        let Some((chunk, own)) = found.chunk else { break };
        pattern = found.after;
        let held = rest;
        match fields.read(chunk, &mut rest, pattern) {
            Ok(()) => {}
            Err(Bad::Range(what)) => return Err(because(&format!("{what} out of range"))),
            Err(Bad::Form) => return Err(fail(held, own)),
        }
    }
    if !rest.is_empty() {
        return Err(because(&format!("extra text: {}", quote_bytes(rest))));
    }
    fields.moment().map_err(because)
}

/// The form that RFC 3339 itself allows; anything else is left to the layout.
fn strict_rfc3339(value: &str) -> Option<Moment> {
    let (date, rest) = value.split_at_checked(19)?;
    let number = |from: usize, to: usize, least: i128, most: i128| {
        let digits = date.get(from..to)?;
        let number =
            digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<i128>().ok())??;
        (least..=most).contains(&number).then_some(number)
    };
    let (year, month) = (number(0, 4, 0, 9999)?, number(5, 7, 1, 12)?);
    let day = number(8, 10, 1, days_in(year, month))?;
    let (hour, minute, second) = (number(11, 13, 0, 23)?, number(14, 16, 0, 59)?, number(17, 19, 0, 59)?);
    let marks = [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")];
    if marks.iter().any(|(at, mark)| date.get(*at..at + 1) != Some(*mark)) {
        return None;
    }
    let (mut nanosecond, mut zone) = (0, rest);
    if rest.starts_with('.') && rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit) {
        let digits = rest.get(1..).unwrap_or_default();
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        nanosecond = nanoseconds(rest.as_bytes().get(..end + 1)?).ok()?;
        zone = digits.get(end..)?;
    }
    let mut offset = 0;
    if zone != "Z" {
        let bytes = zone.as_bytes();
        let [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] = bytes else { return None };
        let pair = |a: &u8, b: &u8, most: i128| {
            (a.is_ascii_digit() && b.is_ascii_digit())
                .then(|| i128::from(*a - b'0') * 10 + i128::from(*b - b'0'))
                .filter(|number| *number <= most)
        };
        offset = (pair(h1, h2, 23)? * 60 + pair(m1, m2, 59)?) * 60;
        if *sign == b'-' {
            offset = -offset;
        }
    }
    let shown = Shown { year, month, day, year_day: 0, weekday: 0, hour, minute, second };
    let mut moment = Moment::of_shown(shown, nanosecond, TimeZone::UTC);
    moment.seconds -= offset;
    Some(moment)
}

impl Fields {
    /// Reads one piece.
    fn read(&mut self, chunk: Chunk, rest: &mut &[u8], pattern: &str) -> Result<(), Bad> {
        match chunk {
            Chunk::Year => {
                let year = signed(take(rest, 2)?)?;
                self.year = if year >= 69 { year + 1900 } else { year + 2000 };
            }
            Chunk::LongYear => {
                if !rest.first().is_some_and(u8::is_ascii_digit) {
                    return Err(Bad::Form);
                }
                self.year = signed(take(rest, 4)?)?;
            }
            Chunk::Month => self.month = Some(name(rest, &MONTHS, true)?),
            Chunk::LongMonth => self.month = Some(name(rest, &MONTHS, false)?),
            Chunk::NumMonth | Chunk::ZeroMonth => {
                self.month = Some(within(number(rest, chunk == Chunk::ZeroMonth)?, 1, 12, "month")?);
            }
            Chunk::WeekDay => drop(name(rest, &WEEKDAYS, true)?),
            Chunk::LongWeekDay => drop(name(rest, &WEEKDAYS, false)?),
            Chunk::Day | Chunk::ZeroDay => self.day = Some(number(rest, chunk == Chunk::ZeroDay)?),
            Chunk::UnderDay => {
                *rest = rest.strip_prefix(b" ").unwrap_or(rest);
                self.day = Some(number(rest, false)?);
            }
            Chunk::UnderYearDay => {
                *rest = rest.strip_prefix(b" ").unwrap_or(rest);
                *rest = rest.strip_prefix(b" ").unwrap_or(rest);
                self.year_day = Some(digits(rest, 1, 3)?);
            }
            Chunk::ZeroYearDay => self.year_day = Some(digits(rest, 3, 3)?),
            Chunk::Hour => self.hour = within(number(rest, false)?, 0, 23, "hour")?,
            Chunk::Hour12 | Chunk::ZeroHour12 => {
                self.hour = within(number(rest, chunk == Chunk::ZeroHour12)?, 0, 12, "hour")?;
            }
            Chunk::Minute | Chunk::ZeroMinute => {
                self.minute = within(number(rest, chunk == Chunk::ZeroMinute)?, 0, 59, "minute")?;
            }
            Chunk::Second | Chunk::ZeroSecond => {
                self.second = within(number(rest, chunk == Chunk::ZeroSecond)?, 0, 59, "second")?;
                // A fraction may follow though the layout has none.
                let next = split(pattern).chunk.map(|chunk| chunk.0);
                if !matches!(next, Some(Chunk::Fraction0(_) | Chunk::Fraction9(_))) && begins_fraction(rest) {
                    self.nanosecond = any_fraction(rest)?;
                }
            }
            Chunk::UpperMark => self.mark(take(rest, 2)?, b"AM", b"PM")?,
            Chunk::LowerMark => self.mark(take(rest, 2)?, b"am", b"pm")?,
            Chunk::ZoneName => self.zone_name(rest)?,
            Chunk::Offset(form) => self.offset(rest, form)?,
            Chunk::Fraction0(fraction) => {
                self.nanosecond = nanoseconds(take(rest, fraction.digits.saturating_add(1))?)?;
            }
            Chunk::Fraction9(_) => {
                if begins_fraction(rest) {
                    self.nanosecond = any_fraction(rest)?;
                }
            }
        }
        Ok(())
    }

    fn mark(&mut self, text: &[u8], morning: &[u8], afternoon: &[u8]) -> Result<(), Bad> {
        if text == afternoon {
            self.afternoon = true;
        } else if text == morning {
            self.morning = true;
        } else {
            return Err(Bad::Form);
        }
        Ok(())
    }

    fn zone_name(&mut self, rest: &mut &[u8]) -> Result<(), Bad> {
        if let Some(after) = rest.strip_prefix(b"UTC") {
            self.utc = true;
            *rest = after;
            return Ok(());
        }
        let length = zone_name_length(rest).ok_or(Bad::Form)?;
        self.name = take(rest, length)?.to_vec();
        Ok(())
    }

    fn offset(&mut self, rest: &mut &[u8], form: Offset) -> Result<(), Bad> {
        if form.z
            && let Some(after) = rest.strip_prefix(b"Z")
        {
            self.utc = true;
            *rest = after;
            return Ok(());
        }
        let length = match (form.parts, form.colon) {
            (Parts::Hour, _) => 3,
            (Parts::Minute, false) => 5,
            (Parts::Minute, true) => 6,
            (Parts::Second, false) => 7,
            (Parts::Second, true) => 9,
        };
        let text = take(rest, length)?;
        let (sign, text) = text.split_first().ok_or(Bad::Form)?;
        let mut parts = [0, 0, 0];
        let mut left = text;
        for (at, part) in parts.iter_mut().enumerate() {
            if left.is_empty() {
                break;
            }
            if at > 0 && form.colon {
                left = left.strip_prefix(b":").ok_or(Bad::Form)?;
            }
            *part = number(&mut left, true)?;
        }
        let [hours, minutes, seconds] = parts;
        // Beyond the clock's own range by one: some write offsets of 24 hours or 60 minutes.
        within(hours, 0, 24, "time zone offset hour")?;
        within(minutes, 0, 60, "time zone offset minute")?;
        within(seconds, 0, 60, "time zone offset second")?;
        let total = (hours * 60 + minutes) * 60 + seconds;
        match sign {
            b'+' => self.offset = Some(total),
            b'-' => self.offset = Some(-total),
            _ => return Err(Bad::Form),
        }
        Ok(())
    }

    /// The moment that all fields together are.
    fn moment(mut self) -> Result<Moment, &'static str> {
        if self.afternoon && self.hour < 12 {
            self.hour += 12;
        } else if self.morning && self.hour == 12 {
            self.hour = 0;
        }
        if let Some(year_day) = self.year_day {
            let first = days_before(self.year, 1);
            if year_day < 1 || year_day > days_before(self.year + 1, 1) - first {
                return Err("day-of-year out of range");
            }
            let month = (1..=12)
                .rev()
                .find(|month| days_before(self.year, *month) - first < year_day)
                .ok_or("day-of-year out of range")?;
            let day = year_day - (days_before(self.year, month) - first);
            if self.month.is_some_and(|own| own != month) {
                return Err("day-of-year does not match month");
            }
            if self.day.is_some_and(|own| own != day) {
                return Err("day-of-year does not match day");
            }
            (self.month, self.day) = (Some(month), Some(day));
        }
        let (month, day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
        if day < 1 || day > days_in(self.year, month) {
            return Err("day out of range");
        }
        let Self { year, hour, minute, second, .. } = self;
        let shown = Shown { year, month, day, year_day: 0, weekday: 0, hour, minute, second };
        let mut moment = Moment::of_shown(shown, self.nanosecond, TimeZone::UTC);
        // Minus one second stands for "none" in Go.
        if !self.utc
            && let Some(offset) = self.offset.filter(|offset| *offset != -1)
        {
            moment.seconds -= offset;
        }
        Ok(moment)
    }
}

fn take<'v>(rest: &mut &'v [u8], length: usize) -> Result<&'v [u8], Bad> {
    let (taken, after) = rest.split_at_checked(length).ok_or(Bad::Form)?;
    *rest = after;
    Ok(taken)
}

fn within(number: i128, least: i128, most: i128, what: &'static str) -> Result<i128, Bad> {
    if (least..=most).contains(&number) { Ok(number) } else { Err(Bad::Range(what)) }
}

/// One or two digits; two where that is fixed.
fn number(rest: &mut &[u8], fixed: bool) -> Result<i128, Bad> {
    digits(rest, if fixed { 2 } else { 1 }, 2)
}

fn digits(rest: &mut &[u8], least: usize, most: usize) -> Result<i128, Bad> {
    let count = rest.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
    if count < least {
        return Err(Bad::Form);
    }
    Ok(take(rest, count)?.iter().fold(0, |sum, byte| sum * 10 + i128::from(byte - b'0')))
}

/// A number that is all of `text`, with a sign or without.
fn signed(text: &[u8]) -> Result<i128, Bad> {
    let (negative, mut rest) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, text),
    };
    if rest.is_empty() {
        return Ok(0);
    }
    let number = digits(&mut rest, 1, 10)?;
    if rest.is_empty() { Ok(if negative { -number } else { number }) } else { Err(Bad::Form) }
}

/// The position from 1 of the name that `rest` begins with, in any case.
fn name(rest: &mut &[u8], names: &[&str], short: bool) -> Result<i128, Bad> {
    for (at, name) in (1..).zip(names) {
        let length = if short { 3 } else { name.len() };
        let own = name.as_bytes().get(..length).unwrap_or_default();
        if rest.get(..length).is_some_and(|text| text.eq_ignore_ascii_case(own)) {
            take(rest, length)?;
            return Ok(at);
        }
    }
    Err(Bad::Form)
}

fn begins_fraction(rest: &[u8]) -> bool {
    matches!(rest, [b'.' | b',', digit, ..] if digit.is_ascii_digit())
}

fn any_fraction(rest: &mut &[u8]) -> Result<i64, Bad> {
    let count = rest.iter().skip(1).take_while(|byte| byte.is_ascii_digit()).count();
    nanoseconds(take(rest, count + 1)?)
}

/// A separator and digits, of which nine count.
fn nanoseconds(text: &[u8]) -> Result<i64, Bad> {
    let Some((b'.' | b',', after)) = text.split_first() else { return Err(Bad::Form) };
    let counted = after.get(..after.len().min(9)).unwrap_or_default();
    let value = signed(counted)?;
    if value < 0 {
        return Err(Bad::Range("fractional second"));
    }
    let scale = u32::try_from(9 - counted.len()).unwrap_or_default();
    i64::try_from(value * 10_i128.pow(scale)).map_err(|_| Bad::Form)
}

/// Skips what stands for itself; a run of blanks is like any other.
fn skip<'v>(mut value: &'v [u8], mut prefix: &[u8]) -> Result<&'v [u8], &'v [u8]> {
    while let Some((first, after)) = prefix.split_first() {
        if *first == b' ' {
            if value.first().is_some_and(|byte| *byte != b' ') {
                return Err(value);
            }
            prefix = prefix.trim_ascii_start_blanks();
            value = value.trim_ascii_start_blanks();
            continue;
        }
        match value.split_first() {
            Some((byte, rest)) if byte == first => value = rest,
            _ => return Err(value),
        }
        prefix = after;
    }
    Ok(value)
}

trait Blanks {
    fn trim_ascii_start_blanks(&self) -> &Self;
}

impl Blanks for [u8] {
    fn trim_ascii_start_blanks(&self) -> &Self {
        let count = self.iter().take_while(|byte| **byte == b' ').count();
        self.get(count..).unwrap_or_default()
    }
}

/// How long the zone's name is that `value` begins with.
fn zone_name_length(value: &[u8]) -> Option<usize> {
    if value.len() < 3 {
        return None;
    }
    if value.starts_with(b"ChST") || value.starts_with(b"MeST") {
        return Some(4);
    }
    if let Some(after) = value.strip_prefix(b"GMT") {
        return Some(3 + signed_offset_length(after));
    }
    if matches!(value.first(), Some(b'+' | b'-')) {
        return Some(signed_offset_length(value)).filter(|length| *length > 0);
    }
    match value.iter().take(6).take_while(|byte| byte.is_ascii_uppercase()).count() {
        5 if value.get(4) == Some(&b'T') => Some(5),
        4 if value.get(3) == Some(&b'T') || value.starts_with(b"WITA") => Some(4),
        3 => Some(3),
        _ => None,
    }
}

/// How long the offset is, such as `+03`, up to 23 hours; 0 where there is none.
fn signed_offset_length(value: &[u8]) -> usize {
    let Some((b'+' | b'-', after)) = value.split_first() else { return 0 };
    let digits = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = after
        .iter()
        .take(digits)
        .try_fold(0_u64, |sum, byte| sum.checked_mul(10)?.checked_add(u64::from(byte - b'0')));
    if digits > 0 && number.is_some_and(|number| number <= 23) { 1 + digits } else { 0 }
}
