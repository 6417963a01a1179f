//! Go's time layouts: which pieces of a layout stand for what.
//!
//! A layout is an example, `Mon Jan _2 15:04:05 2006`; what is no piece of the reference time stands for itself.

/// A piece of a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chunk {
    LongMonth,
    Month,
    NumMonth,
    ZeroMonth,
    LongWeekDay,
    WeekDay,
    Day,
    UnderDay,
    ZeroDay,
    UnderYearDay,
    ZeroYearDay,
    Hour,
    Hour12,
    ZeroHour12,
    Minute,
    ZeroMinute,
    Second,
    ZeroSecond,
    LongYear,
    Year,
    UpperMark,
    LowerMark,
    ZoneName,
    Offset(Offset),
    /// A fixed number of digits.
    Fraction0(Fraction),
    /// That many digits, without trailing zeros.
    Fraction9(Fraction),
}

/// How an offset from UTC is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offset {
    /// whether `Z` stands for UTC
    pub(super) z: bool,
    pub(super) colon: bool,
    pub(super) parts: Parts,
}

/// What is written of an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parts {
    Hour,
    Minute,
    Second,
}

/// How a fraction of a second is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fraction {
    pub(super) digits: usize,
    pub(super) separator: char,
}

/// A layout's first piece, and what stands around it.
pub(super) struct Split<'l> {
    pub(super) before: &'l str,
    pub(super) chunk: Option<(Chunk, &'l str)>,
    pub(super) after: &'l str,
}

/// The layouts that have a name.
pub(super) fn named(layout: &str) -> &str {
    match layout {
        "ANSIC" => "Mon Jan _2 15:04:05 2006",
        "UnixDate" => "Mon Jan _2 15:04:05 MST 2006",
        "RubyDate" => "Mon Jan 02 15:04:05 -0700 2006",
        "RFC822" => "02 Jan 06 15:04 MST",
        "RFC822Z" => "02 Jan 06 15:04 -0700",
        "RFC850" => "Monday, 02-Jan-06 15:04:05 MST",
        "RFC1123" => "Mon, 02 Jan 2006 15:04:05 MST",
        "RFC1123Z" => "Mon, 02 Jan 2006 15:04:05 -0700",
        "RFC3339" => RFC3339,
        "RFC3339Nano" => RFC3339_NANO,
        other => other,
    }
}

pub(super) const RFC3339: &str = "2006-01-02T15:04:05Z07:00";
pub(super) const RFC3339_NANO: &str = "2006-01-02T15:04:05.999999999Z07:00";

/// Finds a layout's first piece.
pub(super) fn split(layout: &str) -> Split<'_> {
    // Every piece begins with an ASCII character, so every cut below falls between characters.
    for (at, first) in layout.char_indices() {
        let Some(rest) = layout.get(at..) else { break };
        let Some((skip, length, chunk)) = begin(first, rest) else { continue };
        let parts = (layout.get(..at + skip), layout.get(at + skip..at + length), layout.get(at + length..));
        if let (Some(before), Some(own), Some(after)) = parts {
            return Split { before, chunk: Some((chunk, own)), after };
        }
    }
    Split { before: layout, chunk: None, after: "" }
}

/// The piece at the beginning of `rest`: how much of it stands for itself, where the piece ends, and what it is.
fn begin(first: char, rest: &str) -> Option<(usize, usize, Chunk)> {
    let word = |text: &str, chunk| rest.starts_with(text).then_some((0, text.len(), chunk));
    // "Month" is no "Mon" and a "th".
    let whole = |text: &str, chunk| {
        let after = rest.strip_prefix(text)?;
        (!after.starts_with(|next: char| next.is_ascii_lowercase())).then_some((0, text.len(), chunk))
    };
    match first {
        'J' => word("January", Chunk::LongMonth).or_else(|| whole("Jan", Chunk::Month)),
        'M' => word("Monday", Chunk::LongWeekDay)
            .or_else(|| whole("Mon", Chunk::WeekDay))
            .or_else(|| word("MST", Chunk::ZoneName)),
        '0' => word("01", Chunk::ZeroMonth)
            .or_else(|| word("02", Chunk::ZeroDay))
            .or_else(|| word("03", Chunk::ZeroHour12))
            .or_else(|| word("04", Chunk::ZeroMinute))
            .or_else(|| word("05", Chunk::ZeroSecond))
            .or_else(|| word("06", Chunk::Year))
            .or_else(|| word("002", Chunk::ZeroYearDay)),
        '1' => word("15", Chunk::Hour).or_else(|| word("1", Chunk::NumMonth)),
        '2' => word("2006", Chunk::LongYear).or_else(|| word("2", Chunk::Day)),
        '_' => word("_2006", Chunk::LongYear)
            .map(|(_, length, chunk)| (1, length, chunk))
            .or_else(|| word("_2", Chunk::UnderDay))
            .or_else(|| word("__2", Chunk::UnderYearDay)),
        '3' => word("3", Chunk::Hour12),
        '4' => word("4", Chunk::Minute),
        '5' => word("5", Chunk::Second),
        'P' => word("PM", Chunk::UpperMark),
        'p' => word("pm", Chunk::LowerMark),
        '-' => offset(rest.strip_prefix('-')?, false),
        'Z' => offset(rest.strip_prefix('Z')?, true),
        '.' | ',' => fraction(first, rest),
        _ => None,
    }
}

fn offset(rest: &str, z: bool) -> Option<(usize, usize, Chunk)> {
    let forms = [
        ("070000", false, Parts::Second),
        ("07:00:00", true, Parts::Second),
        ("0700", false, Parts::Minute),
        ("07:00", true, Parts::Minute),
        ("07", false, Parts::Hour),
    ];
    let (text, colon, parts) = forms.into_iter().find(|form| rest.starts_with(form.0))?;
    Some((0, 1 + text.len(), Chunk::Offset(Offset { z, colon, parts })))
}

fn fraction(separator: char, rest: &str) -> Option<(usize, usize, Chunk)> {
    let digits = rest.strip_prefix(separator)?;
    let digit = digits.chars().next().filter(|digit| matches!(digit, '0' | '9'))?;
    let after = digits.trim_start_matches(digit);
    if after.starts_with(|next: char| next.is_ascii_digit()) {
        return None;
    }
    let count = digits.len() - after.len();
    let fraction = Fraction { digits: count & 0xfff, separator };
    let chunk = if digit == '0' { Chunk::Fraction0(fraction) } else { Chunk::Fraction9(fraction) };
    Some((0, 1 + count, chunk))
}
