//! One argument under one verb.

use tollgate_rego_value::{BigInt, Sign, Val};

use super::{Arg, Flags};
use crate::Error;

/// The text so far.
pub(super) struct Printer {
    text: String,
    room: usize,
}

impl Printer {
    pub(super) const fn new(room: usize) -> Self {
        Self { text: String::new(), room }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    pub(super) fn write(&mut self, text: &str) -> Result<(), Error> {
        self.reserve(text.len())?;
        self.text.push_str(text);
        Ok(())
    }

    fn reserve(&self, bytes: usize) -> Result<(), Error> {
        if self.text.len().saturating_add(bytes) > self.room { Err(Error::Limit) } else { Ok(()) }
    }

    fn repeat(&mut self, letter: char, times: usize) -> Result<(), Error> {
        self.reserve(times)?;
        self.text.extend(std::iter::repeat_n(letter, times));
        Ok(())
    }

    /// Writes `text`, filled up to the width.
    fn padded(&mut self, text: &str, flags: Flags) -> Result<(), Error> {
        let fill = flags.width.unwrap_or(0).saturating_sub(text.chars().count());
        if flags.minus {
            self.write(text)?;
            return self.repeat(' ', fill);
        }
        self.repeat(if flags.zero { '0' } else { ' ' }, fill)?;
        self.write(text)
    }

    pub(super) fn value(&mut self, value: &Arg<'_>, verb: char, flags: Flags) -> Result<(), Error> {
        if verb == 'T' {
            return self.padded(&truncated(value.type_name(), flags), flags);
        }
        match value {
            Arg::Int(number) => self.int(*number, value, verb, flags),
            Arg::Float(number) => self.float(*number, value, verb, flags),
            Arg::Big(number) => self.big(number, verb, flags),
            Arg::Text(text) => self.string(text, value, verb, flags),
        }
    }

    /// A verb that the argument's type does not know.
    fn bad(&mut self, value: &Arg<'_>, verb: char, flags: Flags) -> Result<(), Error> {
        self.write(&format!("%!{verb}({}=", value.type_name()))?;
        self.value(value, 'v', flags)?;
        self.write(")")
    }

    fn string(&mut self, text: &str, value: &Arg<'_>, verb: char, flags: Flags) -> Result<(), Error> {
        match verb {
            'v' if !flags.sharp_v => self.padded(&truncated(text, flags), flags),
            's' => self.padded(&truncated(text, flags), flags),
            'v' | 'q' => {
                let text = truncated(text, flags);
                if flags.sharp && can_backquote(&text) {
                    return self.padded(&format!("`{text}`"), flags);
                }
                self.reserve(text.len())?;
                self.padded(&quoted(&text, flags.plus), flags)
            }
            'x' | 'X' => self.hex(text.as_bytes(), verb == 'X', flags),
            _ => self.bad(value, verb, flags),
        }
    }

    fn hex(&mut self, bytes: &[u8], upper: bool, flags: Flags) -> Result<(), Error> {
        let length = flags.precision.unwrap_or(usize::MAX).min(bytes.len());
        self.reserve(length.saturating_mul(2))?;
        let prefix = if upper { "0X" } else { "0x" };
        let mut text = String::new();
        for (at, byte) in bytes.iter().take(length).enumerate() {
            if flags.space && at > 0 {
                text.push(' ');
            }
            if flags.sharp && (at == 0 || flags.space) {
                text.push_str(prefix);
            }
            text.push_str(&if upper { format!("{byte:02X}") } else { format!("{byte:02x}") });
        }
        self.padded(&text, flags)
    }

    fn int(&mut self, number: i64, value: &Arg<'_>, verb: char, flags: Flags) -> Result<(), Error> {
        let magnitude = number.unsigned_abs();
        let (digits, prefix) = match verb {
            'v' | 'd' => (magnitude.to_string(), ""),
            'b' => (format!("{magnitude:b}"), if flags.sharp { "0b" } else { "" }),
            'o' => (format!("{magnitude:o}"), if flags.sharp { "0" } else { "" }),
            'O' => (format!("{magnitude:o}"), "0o"),
            'x' => (format!("{magnitude:x}"), if flags.sharp { "0x" } else { "" }),
            'X' => (format!("{magnitude:X}"), if flags.sharp { "0X" } else { "" }),
            'c' => return self.padded(&letter(number).to_string(), flags),
            'q' => return self.padded(&quoted_letter(letter(number), flags.plus), flags),
            'U' => return self.unicode(number, flags),
            _ => return self.bad(value, verb, flags),
        };
        if flags.precision == Some(0) && number == 0 {
            return self.repeat(' ', flags.width.unwrap_or(0));
        }
        let sign = sign(number < 0, flags);
        let least = match (flags.precision, flags.width) {
            (Some(precision), _) => precision,
            (None, Some(width)) if flags.zero && !flags.minus => width.saturating_sub(sign.len()),
            _ => 0,
        };
        let zeros = least.saturating_sub(digits.len());
        self.reserve(zeros)?;
        // An octal number that begins with a zero needs no other.
        let prefix = if verb == 'o' && (zeros > 0 || digits.starts_with('0')) { "" } else { prefix };
        let text = format!("{sign}{prefix}{}{digits}", "0".repeat(zeros));
        self.padded(&text, Flags { zero: false, ..flags })
    }

    fn big(&mut self, number: &BigInt, verb: char, flags: Flags) -> Result<(), Error> {
        let base = match verb {
            'b' => 2,
            'o' | 'O' => 8,
            'd' | 's' | 'v' => 10,
            'x' | 'X' => 16,
            _ => return self.write(&format!("%!{verb}(big.Int={number})")),
        };
        let digits = number.magnitude().to_str_radix(base);
        let digits = if verb == 'X' { digits.to_uppercase() } else { digits };
        let prefix = match verb {
            'O' => "0o",
            'b' if flags.sharp => "0b",
            'o' if flags.sharp => "0",
            'x' if flags.sharp => "0x",
            'X' if flags.sharp => "0X",
            _ => "",
        };
        let sign = sign(number.sign() == Sign::Minus, flags);
        let taken = sign.len().saturating_add(prefix.len());
        let least = match (flags.precision, flags.width) {
            (Some(precision), _) => precision,
            (None, Some(width)) if flags.zero && !flags.minus => width.saturating_sub(taken),
            _ => 0,
        };
        let zeros = least.saturating_sub(digits.len());
        self.reserve(zeros)?;
        let text = format!("{sign}{prefix}{}{digits}", "0".repeat(zeros));
        self.padded(&text, Flags { zero: false, ..flags })
    }

    fn unicode(&mut self, number: i64, flags: Flags) -> Result<(), Error> {
        // Go reads the 64 bits as an unsigned number here.
        let code = u64::from_ne_bytes(number.to_ne_bytes());
        let least = flags.precision.unwrap_or(4).max(4);
        self.reserve(least)?;
        let mut text = format!("U+{code:0least$X}");
        let shown = u32::try_from(code).ok().and_then(char::from_u32).filter(|letter| is_printed(*letter));
        if let Some(letter) = shown.filter(|_| flags.sharp) {
            text.push_str(&format!(" '{letter}'"));
        }
        self.padded(&text, Flags { zero: false, ..flags })
    }

    fn float(&mut self, number: f64, value: &Arg<'_>, verb: char, flags: Flags) -> Result<(), Error> {
        let (format, precision) = match verb {
            'v' => ('g', None),
            'g' | 'G' => (verb, None),
            'f' | 'e' | 'E' => (verb, Some(6)),
            'F' => ('f', Some(6)),
            'b' | 'x' | 'X' => (verb, None),
            _ => return self.bad(value, verb, flags),
        };
        let precision = flags.precision.or(precision);
        self.reserve(precision.unwrap_or(0))?;
        let mut text = match format {
            'b' => binary(number.abs()),
            'x' => hexadecimal(number.abs(), precision),
            'X' => hexadecimal(number.abs(), precision).to_uppercase(),
            _ => float(number.abs(), format, precision),
        };
        if flags.sharp && !matches!(format, 'b' | 'x' | 'X') {
            text = pointed(&text, matches!(verb, 'g' | 'G').then(|| precision.unwrap_or(6)));
        }
        let sign = sign(number.is_sign_negative(), flags);
        let length = text.len().saturating_add(sign.len());
        if flags.zero && !flags.minus && !sign.is_empty() && flags.width.is_some_and(|width| width > length) {
            self.write(sign)?;
            self.repeat('0', flags.width.unwrap_or(0).saturating_sub(length))?;
            return self.write(&text);
        }
        self.padded(&format!("{sign}{text}"), flags)
    }
}

const fn sign(negative: bool, flags: Flags) -> &'static str {
    match (negative, flags.plus, flags.space) {
        (true, _, _) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        (false, false, false) => "",
    }
}

/// The first letters, as many as the precision says.
fn truncated(text: &str, flags: Flags) -> String {
    match flags.precision {
        Some(precision) => text.chars().take(precision).collect(),
        None => text.to_owned(),
    }
}

/// The letter of a code, U+FFFD where there is none.
fn letter(code: i64) -> char {
    u32::try_from(code).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// A string in quotes, in ASCII only where asked.
fn quoted(text: &str, ascii: bool) -> String {
    let quoted = Val::String(text).to_string();
    if !ascii {
        return quoted;
    }
    let mut out = String::new();
    for letter in quoted.chars() {
        match u32::from(letter) {
            0..=0x7f => out.push(letter),
            code @ 0x80..=0xffff => out.push_str(&format!("\\u{code:04x}")),
            code => out.push_str(&format!("\\U{code:08x}")),
        }
    }
    out
}

/// A letter in single quotes.
fn quoted_letter(letter: char, ascii: bool) -> String {
    match letter {
        '\'' => "'\\''".to_owned(),
        '"' => "'\"'".to_owned(),
        other => {
            let quoted = quoted(&other.to_string(), ascii);
            format!(
                "'{}'",
                quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or_default()
            )
        }
    }
}

fn is_printed(letter: char) -> bool {
    matches!(letter, '"' | '\\') || !Val::String(&letter.to_string()).to_string().contains('\\')
}

/// Whether a string can stand in backquotes as it is.
fn can_backquote(text: &str) -> bool {
    text.chars()
        .all(|letter| letter == '\t' || !(letter < ' ' || matches!(letter, '`' | '\x7f' | '\u{feff}')))
}

/// A number that is not negative, as Go's `strconv.FormatFloat` prints it.
fn float(number: f64, format: char, precision: Option<usize>) -> String {
    let upper = format.is_ascii_uppercase();
    let exponent_letter = if upper { 'E' } else { 'e' };
    match format.to_ascii_lowercase() {
        'f' => precision.map_or_else(|| format!("{number}"), |precision| format!("{number:.precision$}")),
        'e' => {
            let (digits, exponent) = scientific(number, precision);
            join(&digits, exponent, exponent_letter)
        }
        _ => {
            let precision = precision.map(|precision| precision.max(1));
            let (digits, exponent) =
                scientific(number, precision.map(|precision| precision.saturating_sub(1)));
            let digits = digits.trim_end_matches('0');
            let length = i64::try_from(digits.len()).unwrap_or(i64::MAX);
            let limit = match precision.map(|precision| i64::try_from(precision).unwrap_or(i64::MAX)) {
                None => 6,
                Some(limit) if limit > length && length > exponent => length,
                Some(limit) => limit,
            };
            if exponent < -4 || exponent >= limit {
                return join(if digits.is_empty() { "0" } else { digits }, exponent, exponent_letter);
            }
            plain(digits, exponent)
        }
    }
}

/// The 53 bits of a number that is not negative, and the power of two that they are times.
fn parts(number: f64) -> (u64, i64) {
    let bits = number.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    match i64::try_from(bits >> 52).unwrap_or(0) {
        0 => (fraction, -1074),
        exponent => (fraction | 1 << 52, exponent - 1075),
    }
}

/// `4503599627370496p-52`, as Go's `%b` has it.
fn binary(number: f64) -> String {
    let (mantissa, exponent) = parts(number);
    format!("{mantissa}p{exponent:+}")
}

/// `0x1.8p+01`, as Go's `%x` has it.
fn hexadecimal(number: f64, precision: Option<usize>) -> String {
    const DIGITS: usize = 13;
    let (mut mantissa, mut exponent) = parts(number);
    if mantissa == 0 {
        exponent = 0;
    } else {
        // What is too small for 53 bits begins with a one as well.
        let shift = mantissa.leading_zeros().saturating_sub(11);
        mantissa <<= shift;
        exponent += 52 - i64::from(shift);
    }
    let kept = precision.unwrap_or(DIGITS).min(DIGITS);
    let dropped = u32::try_from((DIGITS - kept) * 4).unwrap_or(0);
    let (rest, half) = (mantissa & ((1_u64 << dropped) - 1), (1_u64 << dropped) / 2);
    let mut digits = mantissa >> dropped;
    if dropped > 0 && (rest > half || (rest == half && digits & 1 == 1)) {
        digits += 1;
    }
    let mut mantissa = digits << dropped;
    if mantissa >> 53 == 1 {
        mantissa >>= 1;
        exponent += 1;
    }
    let fraction = format!("{:013x}", mantissa & ((1 << 52) - 1));
    let fraction = match precision {
        None => fraction.trim_end_matches('0').to_owned(),
        Some(precision) => format!("{fraction:0<precision$}").get(..precision).unwrap_or_default().to_owned(),
    };
    let point = if fraction.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("0x{}{point}{fraction}p{sign}{:02}", mantissa >> 52, exponent.unsigned_abs())
}

/// The digits of a number, and its exponent.
fn scientific(number: f64, precision: Option<usize>) -> (String, i64) {
    let text = precision.map_or_else(|| format!("{number:e}"), |precision| format!("{number:.precision$e}"));
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (digits.chars().filter(char::is_ascii_digit).collect(), exponent.parse().unwrap_or(0))
}

/// `d.ddde+XX`
fn join(digits: &str, exponent: i64, letter: char) -> String {
    let (first, rest) = digits.split_at(1.min(digits.len()));
    let point = if rest.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{first}{point}{rest}{letter}{sign}{:02}", exponent.unsigned_abs())
}

/// The same without an exponent.
fn plain(digits: &str, exponent: i64) -> String {
    if digits.is_empty() {
        return "0".to_owned();
    }
    let before = usize::try_from(exponent.saturating_add(1)).unwrap_or(0);
    if before == 0 {
        let zeros = usize::try_from(exponent.saturating_add(1).unsigned_abs()).unwrap_or(0);
        return format!("0.{}{digits}", "0".repeat(zeros));
    }
    match digits.split_at_checked(before) {
        Some((whole, "")) => whole.to_owned(),
        Some((whole, fraction)) => format!("{whole}.{fraction}"),
        None => format!("{digits}{}", "0".repeat(before.saturating_sub(digits.len()))),
    }
}

/// With a point, and for `%g` with as many digits as the precision says.
fn pointed(text: &str, digits: Option<usize>) -> String {
    let (mantissa, exponent) = text.split_at(text.find(['e', 'E']).unwrap_or(text.len()));
    let mut mantissa = mantissa.to_owned();
    let significant = mantissa.chars().filter(char::is_ascii_digit).skip_while(|digit| *digit == '0').count();
    // A lone zero counts as one digit.
    let shown = if mantissa == "0" { 1 } else { significant };
    if !mantissa.contains('.') {
        mantissa.push('.');
    }
    mantissa.push_str(&"0".repeat(digits.unwrap_or(0).saturating_sub(shown)));
    mantissa + exponent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_powers_of_two_are_printed_as_go_prints_them() {
        for (number, plain, three, binary_text) in [
            (1e3, "0x1.f4p+09", "0x1.f40p+09", "8796093022208000p-43"),
            (0.1, "0x1.999999999999ap-04", "0x1.99ap-04", "7205759403792794p-56"),
            (5e-324, "0x1p-1074", "0x1.000p-1074", "1p-1074"),
            (f64::MAX, "0x1.fffffffffffffp+1023", "0x1.000p+1024", "9007199254740991p+971"),
            (0.0, "0x0p+00", "0x0.000p+00", "0p-1074"),
        ] {
            assert_eq!(hexadecimal(number, None), plain);
            assert_eq!(hexadecimal(number, Some(3)), three);
            assert_eq!(binary(number), binary_text);
        }
        assert_eq!(hexadecimal(1.5, Some(0)), "0x1p+01");
        assert_eq!(hexadecimal(0.1, Some(16)), "0x1.999999999999a000p-04");
    }
}
