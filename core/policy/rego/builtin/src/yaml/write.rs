//! YAML in blocks, as go-yaml writes it with two blanks a level: keys in natural order, strings plain where they stay
//! strings, over several lines where they have several.

use tollgate_rego_value::{Object, Val};

use crate::Error;
use crate::sprintf::shortest;

/// A value's text, of at most `room` bytes.
pub(super) fn text(room: usize, value: &Val<'_>) -> Result<String, Error> {
    let mut writer = Writer { out: String::new(), room };
    match (value.as_object().filter(|_| !value.is_empty()), value.as_array().filter(|_| !value.is_empty())) {
        (Some(object), _) => writer.object(object, 0, false)?,
        (_, Some(array)) => writer.array(array.iter(), 0, false)?,
        _ => writer.scalar(value, 2)?,
    }
    Ok(writer.out)
}

/// A key that is longer, or has several lines, is marked with `?`.
const LONGEST: usize = 128;

struct Writer {
    out: String,
    room: usize,
}

impl Writer {
    fn write(&mut self, text: &str) -> Result<(), Error> {
        if self.out.len().saturating_add(text.len()) > self.room {
            return Err(Error::Limit);
        }
        self.out.push_str(text);
        Ok(())
    }

    fn indent(&mut self, blanks: usize) -> Result<(), Error> {
        self.write(&" ".repeat(blanks))
    }

    /// Entries, a line each; the first behind what stands in its line already.
    fn object(&mut self, object: Object<'_>, blanks: usize, behind: bool) -> Result<(), Error> {
        let mut entries: Vec<(&str, Val<'_>)> = Vec::with_capacity(object.len());
        for (key, value) in object.iter() {
            let key = key.as_str().unwrap_or_default();
            let at = entries.partition_point(|(other, _)| less(other, key));
            entries.insert(at, (key, value));
        }
        for (at, (key, value)) in entries.into_iter().enumerate() {
            if at > 0 || !behind {
                self.indent(blanks)?;
            }
            let below = blanks.saturating_add(2);
            let simple = !key.contains('\n') && key.len() <= LONGEST;
            if simple {
                self.write(&one_line(key))?;
            } else {
                self.write("? ")?;
                self.scalar(&Val::String(key), below)?;
                self.indent(blanks)?;
            }
            self.write(":")?;
            match (value.as_object(), value.as_array()) {
                (Some(object), _) if !object.is_empty() => {
                    self.write("\n")?;
                    self.object(object, below, false)?;
                }
                (_, Some(array)) if !array.is_empty() => {
                    self.write("\n")?;
                    self.array(array.iter(), below, false)?;
                }
                _ => {
                    self.write(" ")?;
                    self.scalar(&value, below)?;
                }
            }
        }
        Ok(())
    }

    /// Items, a line each; the first behind what stands in its line already.
    fn array<'a>(
        &mut self,
        items: impl Iterator<Item = Val<'a>>,
        blanks: usize,
        behind: bool,
    ) -> Result<(), Error> {
        for (at, item) in items.enumerate() {
            if at > 0 || !behind {
                self.indent(blanks)?;
            }
            self.write("- ")?;
            let below = blanks.saturating_add(2);
            match (item.as_object(), item.as_array()) {
                (Some(object), _) if !object.is_empty() => self.object(object, below, true)?,
                (_, Some(array)) if !array.is_empty() => {
                    let items: Vec<_> = array.iter().collect();
                    self.array(
                        Box::new(items.into_iter()) as Box<dyn Iterator<Item = Val<'a>>>,
                        below,
                        true,
                    )?;
                }
                _ => self.scalar(&item, below)?,
            }
        }
        Ok(())
    }

    /// A value without parts, and the line's end.
    fn scalar(&mut self, value: &Val<'_>, blanks: usize) -> Result<(), Error> {
        match value {
            Val::String(text) if text.contains('\n') && Traits::of(text).block => self.lines(text, blanks),
            Val::String(text) => self.write(&one_line(text)).and_then(|()| self.write("\n")),
            Val::Null => self.write("null\n"),
            Val::Number(text) => {
                let number = number(text);
                self.write(&number).and_then(|()| self.write("\n"))
            }
            other if other.as_array().is_some() => self.write("[]\n"),
            other if other.as_object().is_some() => self.write("{}\n"),
            other => self.write(&format!("{other}\n")),
        }
    }

    /// A string of several lines, as they are.
    fn lines(&mut self, text: &str, blanks: usize) -> Result<(), Error> {
        self.write("|")?;
        if text.starts_with([' ', '\n']) {
            self.write("2")?;
        }
        let body = text.strip_suffix('\n');
        self.write(match body {
            None => "-",
            Some("") => "+",
            Some(body) if body.ends_with('\n') => "+",
            Some(_) => "",
        })?;
        for line in body.unwrap_or(text).split('\n') {
            self.write("\n")?;
            if !line.is_empty() {
                self.indent(blanks)?;
                self.write(line)?;
            }
        }
        self.write("\n")
    }
}

/// A number that fits no 64 bits, or has a fraction: as the nearest float prints.
fn number(text: &str) -> String {
    let is_whole = text.strip_prefix('-').unwrap_or(text).bytes().all(|digit| digit.is_ascii_digit());
    if is_whole && text.parse::<u64>().is_ok() {
        return text.to_owned();
    }
    match text.parse::<f64>() {
        Ok(number) if number == 0.0 && is_whole => "0".to_owned(),
        Ok(number) if number.is_finite() => {
            let sign = if number.is_sign_negative() { "-" } else { "" };
            format!("{sign}{}", shortest(number.abs()))
        }
        // Beyond all floats it is a string, as go-yaml reads it.
        _ => text.to_owned(),
    }
}

/// A string in one line: plain, in single or in double quotes.
fn one_line(text: &str) -> String {
    let traits = Traits::of(text);
    if text.contains('\n') || (!text.is_empty() && !stays_string(text)) || text.is_empty() {
        return double_quoted(text);
    }
    if traits.plain {
        return text.to_owned();
    }
    if traits.single { format!("'{}'", text.replace('\'', "''")) } else { double_quoted(text) }
}

/// In which styles a string can be written.
struct Traits {
    plain: bool,
    single: bool,
    block: bool,
}

impl Traits {
    fn of(text: &str) -> Self {
        let is_break = |letter: char| matches!(letter, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
        let mut indicators = text.starts_with("---") || text.starts_with("...");
        let (mut special, mut tab, mut breaks) = (false, false, false);
        let (mut break_space, mut space_break) = (false, false);
        let mut before: Option<char> = None;
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            let blank_follows = letters.peek().is_none_or(|next| matches!(next, ' ' | '\t'));
            let blank_before = before.is_none_or(|before| matches!(before, ' ' | '\t') || is_break(before));
            indicators |= match letter {
                '#' => blank_before,
                ':' => blank_follows,
                '?' | '-' => before.is_none() && blank_follows,
                ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => {
                    before.is_none()
                }
                _ => false,
            };
            tab |= letter == '\t';
            special |= letter != '\t' && !is_printed(letter);
            breaks |= is_break(letter);
            break_space |= letter == ' ' && before.is_some_and(is_break);
            space_break |= is_break(letter) && before == Some(' ');
            before = Some(letter);
        }
        let is_blank = |letter: char| letter == ' ' || is_break(letter);
        let ends = text.starts_with(is_blank) || text.ends_with(is_blank);
        let quotes = !break_space && !space_break && !tab && !special && !breaks;
        Self {
            plain: !indicators && !ends && quotes,
            single: quotes,
            block: !text.ends_with(' ') && !space_break && !special,
        }
    }
}

/// What YAML takes for printable in a string; beyond 16 bits nothing is, for go-yaml.
const fn is_printed(letter: char) -> bool {
    matches!(letter, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

fn double_quoted(text: &str) -> String {
    let mut out = "\"".to_owned();
    for letter in text.chars() {
        match letter {
            '\0' => out.push_str("\\0"),
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\x0b' => out.push_str("\\v"),
            '\x0c' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\x1b' => out.push_str("\\e"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{85}' => out.push_str("\\N"),
            '\u{2028}' => out.push_str("\\L"),
            '\u{2029}' => out.push_str("\\P"),
            letter if is_printed(letter) => out.push(letter),
            letter => {
                let code = u32::from(letter);
                out.push_str(&match code {
                    0..=0xff => format!("\\x{code:02X}"),
                    0x100..=0xffff => format!("\\u{code:04X}"),
                    _ => format!("\\U{code:08X}"),
                });
            }
        }
    }
    out.push('"');
    out
}

/// Whether a plain scalar stays a string, whoever reads it.
fn stays_string(text: &str) -> bool {
    let word = matches!(
        text,
        "~" | "null"
            | "Null"
            | "NULL"
            | "true"
            | "True"
            | "TRUE"
            | "false"
            | "False"
            | "FALSE"
            | "y"
            | "Y"
            | "yes"
            | "Yes"
            | "YES"
            | "on"
            | "On"
            | "ON"
            | "n"
            | "N"
            | "no"
            | "No"
            | "NO"
            | "off"
            | "Off"
            | "OFF"
            | ".nan"
            | ".NaN"
            | ".NAN"
            | ".inf"
            | ".Inf"
            | ".INF"
            | "+.inf"
            | "+.Inf"
            | "+.INF"
            | "-.inf"
            | "-.Inf"
            | "-.INF"
    );
    if word {
        return false;
    }
    match text.as_bytes() {
        [b'.', ..] => text.parse::<f64>().is_err(),
        [b'+' | b'-' | b'0'..=b'9', ..] => {
            let plain = text.replace('_', "");
            !(is_integer(&plain) || is_float(&plain) || is_date(text) || is_sexagesimal(text))
        }
        _ => true,
    }
}

fn digits(text: &str, radix: u32) -> bool {
    !text.is_empty() && text.chars().all(|digit| digit.is_digit(radix))
}

fn is_integer(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let prefixed = |prefixes: [&str; 2], radix| {
        prefixes
            .iter()
            .find_map(|prefix| unsigned.strip_prefix(prefix))
            .is_some_and(|rest| digits(rest, radix))
    };
    prefixed(["0x", "0X"], 16)
        || prefixed(["0o", "0O"], 8)
        || prefixed(["0b", "0B"], 2)
        || (digits(unsigned, 10) && (!unsigned.starts_with('0') || digits(unsigned, 8)))
}

fn is_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) =
        unsigned.split_once(['e', 'E']).map_or((unsigned, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    let mantissa = match fraction {
        None => digits(whole, 10),
        Some("") => digits(whole, 10),
        Some(fraction) => (whole.is_empty() || digits(whole, 10)) && digits(fraction, 10),
    };
    let exponent = exponent.map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    mantissa && exponent.is_none_or(|exponent| digits(exponent, 10)) && text.parse().is_ok_and(f64::is_finite)
}

/// `2024-01-31`, with a time or without.
fn is_date(text: &str) -> bool {
    let (date, time) =
        text.split_once(['T', 't', ' ']).map_or((text, None), |(date, time)| (date, Some(time)));
    let mut parts = date.split('-');
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let within = |text: &str, most: u32| {
        (1..=2).contains(&text.len())
            && digits(text, 10)
            && text.parse().is_ok_and(|number: u32| number <= most)
    };
    let time = time.is_none_or(|time| {
        let clock = time.split(['Z', '+', '-']).next().unwrap_or_default();
        let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
        let mut parts = clock.split(':');
        parts.next().is_some_and(|hour| within(hour, 23))
            && parts.next().is_some_and(|minute| within(minute, 59))
            && parts.next().is_some_and(|second| within(second, 59))
            && parts.next().is_none()
            && digits(fraction, 10)
    });
    year.len() == 4 && digits(year, 10) && within(month, 12) && within(day, 31) && time
}

/// `1:30`: a number to base sixty, for readers of YAML 1.1.
fn is_sexagesimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (places, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let mut parts = places.split(':');
    let first =
        parts.next().is_some_and(|first| first.starts_with(|d: char| d.is_ascii_digit()) && number(first));
    let rest: Vec<_> = parts.collect();
    let sixty = |part: &&str| digits(part, 10) && part.parse().is_ok_and(|n: u32| n < 60) && part.len() <= 2;
    first && !rest.is_empty() && rest.iter().all(sixty) && number(fraction)
}

/// Whether a key stands before another: numbers within them by what they count, letters behind other signs.
fn less(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let Some(at) = (0..a.len().min(b.len())).find(|at| a.get(*at) != b.get(*at)) else {
        return a.len() < b.len();
    };
    let (Some(left), Some(right)) = (a.get(at).copied(), b.get(at).copied()) else { return false };
    let before = a.get(..at).unwrap_or_default();
    match (left.is_alphabetic(), right.is_alphabetic()) {
        (true, true) => return left < right,
        (false, false) => {}
        (is_letter, _) => {
            let digits = before.last().is_some_and(|last| last.is_numeric());
            return is_letter == digits;
        }
    }
    let inside = before.iter().rev().take_while(|letter| letter.is_ascii_digit()).any(|digit| *digit != '0');
    let start = u64::from((left == '0' || right == '0') && inside);
    let count = |letters: &[char]| {
        let run: Vec<_> = letters.iter().skip(at).map_while(|letter| letter.to_digit(10)).collect();
        let value = run.iter().fold(start, |sum, digit| sum.wrapping_mul(10).wrapping_add(u64::from(*digit)));
        (value, run.len())
    };
    let (left_count, right_count) = (count(&a), count(&b));
    if left_count != right_count { left_count < right_count } else { left < right }
}
