//! What a plain YAML scalar means: to kubectl, and to YAML 1.2.
//!
//! kubectl reads with sigs.k8s.io/yaml, a fork of go-yaml v2 (YAML 1.1 in parts; its `resolve.go`), then turns the
//! result into JSON. YAML 1.2 readers follow the core schema (YAML 1.2.2, section 10.3.2). Where the two differ, one
//! of the programs that see a file sees something else than the others.

use crate::timestamp;

/// A scalar's meaning. Numbers carry the text that stands for them in JSON.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Meaning {
    Null,
    Bool(bool),
    /// a whole number that JSON and Kubernetes hold exactly
    Integer(i128),
    /// a number that becomes a 64-bit float
    Float {
        value: f64,
        text: String,
    },
    /// infinity or not a number: JSON has no such thing
    NotFinite,
    /// a date or time, which kubectl reads as its text
    Timestamp,
    Text,
}

/// What kubectl takes the plain scalar `text` for.
pub(crate) fn kubectl(text: &str) -> Meaning {
    if let Some(meaning) = named(text) {
        return meaning;
    }
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => return Meaning::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => return Meaning::Bool(false),
        _ => {}
    }
    match text.as_bytes() {
        [b'.', ..] => go_float(text).map_or(Meaning::Text, |(value, text)| Meaning::Float { value, text }),
        [b'+' | b'-' | b'0'..=b'9', ..] => {
            if timestamp::is(text) {
                return Meaning::Timestamp;
            }
            let plain: String = text.chars().filter(|&character| character != '_').collect();
            go_integer(&plain)
                .map(Meaning::Integer)
                .or_else(|| decimal(&plain).map(|(value, text)| Meaning::Float { value, text }))
                .or_else(|| go_binary(&plain).map(Meaning::Integer))
                .unwrap_or(Meaning::Text)
        }
        _ => Meaning::Text,
    }
}

/// What the core schema of YAML 1.2 takes the plain scalar `text` for.
pub(crate) fn core(text: &str) -> Meaning {
    if let Some(meaning) = named(text) {
        return meaning;
    }
    let radix = |digits: &str, radix| {
        let all = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
        all.then(|| i128::from_str_radix(digits, radix).map_or(Meaning::NotFinite, Meaning::Integer))
    };
    let special = match text.as_bytes() {
        [b'0', b'o', ..] => text.get(2..).and_then(|digits| radix(digits, 8)),
        [b'0', b'x', ..] => text.get(2..).and_then(|digits| radix(digits, 16)),
        _ => None,
    };
    if let Some(meaning) = special {
        return meaning;
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let unsigned = text.strip_prefix('+').unwrap_or(text);
        return unsigned.parse().map_or(Meaning::NotFinite, Meaning::Integer);
    }
    match decimal(text) {
        Some((value, text)) => Meaning::Float { value, text },
        None if is_decimal(text) => Meaning::NotFinite,
        None => Meaning::Text,
    }
}

/// Whether the two readings mean the same.
pub(crate) fn agree(kubectl: &Meaning, core: &Meaning) -> bool {
    match (kubectl, core) {
        (Meaning::Null, Meaning::Null) => true,
        (Meaning::Bool(a), Meaning::Bool(b)) => a == b,
        (Meaning::Text | Meaning::Timestamp, Meaning::Text) => true,
        // Kubernetes holds what is beyond 64 bits as a float.
        (Meaning::Integer(a), Meaning::Integer(b)) => a == b && i64::try_from(*a).is_ok(),
        (Meaning::Float { value, .. }, Meaning::Integer(whole)) => {
            whole.unsigned_abs() < 1 << 53 && *value == *whole as f64
        }
        (Meaning::Float { value: a, .. }, Meaning::Float { value: b, .. }) => a.to_bits() == b.to_bits(),
        _ => false,
    }
}

/// Words that both readings know.
fn named(text: &str) -> Option<Meaning> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Meaning::Null,
        "true" | "True" | "TRUE" => Meaning::Bool(true),
        "false" | "False" | "FALSE" => Meaning::Bool(false),
        ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf"
        | "-.Inf" | "-.INF" => Meaning::NotFinite,
        _ => return None,
    })
}

/// Go's `strconv.ParseInt(text, 0, 64)`, then `ParseUint`, without underscores.
fn go_integer(text: &str) -> Option<i128> {
    let (sign, digits) = match text.as_bytes() {
        [b'-', ..] => (-1, text.get(1..)?),
        [b'+', ..] => (1, text.get(1..)?),
        _ => (1, text),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, digits.get(2..)?),
        [b'0', b'o' | b'O', ..] => (8, digits.get(2..)?),
        [b'0', b'b' | b'B', ..] => (2, digits.get(2..)?),
        [b'0', _, ..] => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    let magnitude = sign * unsigned(digits, radix)?;
    let fits = i64::try_from(magnitude).is_ok()
        || (u64::try_from(magnitude).is_ok() && !text.starts_with(['+', '-']));
    fits.then_some(magnitude)
}

/// go-yaml's last try: `0b` and `-0b`, then anything that is a binary number of its own (even signed).
fn go_binary(text: &str) -> Option<i128> {
    let (sign, rest) = match text.strip_prefix("-0b") {
        Some(rest) => (-1, rest),
        None => match text.strip_prefix("0b")? {
            rest if rest.starts_with('-') => (-1, rest.get(1..)?),
            rest => (1, rest.strip_prefix('+').unwrap_or(rest)),
        },
    };
    let number = sign * unsigned(rest, 2)?;
    i64::try_from(number).is_ok().then_some(number)
}

fn unsigned(digits: &str, radix: u32) -> Option<i128> {
    let all = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    if all {
        i128::from_str_radix(digits, radix).ok().filter(|number| *number <= i128::from(u64::MAX))
    } else {
        None
    }
}

/// Go's `strconv.ParseFloat` on a text that begins with a point, where underscores between digits are allowed.
fn go_float(text: &str) -> Option<(f64, String)> {
    let bytes = text.as_bytes();
    let between_digits = bytes.iter().enumerate().all(|(at, byte)| {
        *byte != b'_'
            || (at > 0
                && bytes.get(at - 1).is_some_and(u8::is_ascii_digit)
                && bytes.get(at + 1).is_some_and(u8::is_ascii_digit))
    });
    if between_digits { decimal(&text.replace('_', "")) } else { None }
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, where it is finite: its value, and its text in JSON's
/// grammar, unchanged where it is that already.
fn decimal(text: &str) -> Option<(f64, String)> {
    if !is_decimal(text) {
        return None;
    }
    let value: f64 = text.parse().ok()?;
    if !value.is_finite() {
        return None;
    }
    let (sign, rest) = match text.as_bytes() {
        [b'-', ..] => ("-", text.get(1..)?),
        [b'+', ..] => ("", text.get(1..)?),
        _ => ("", text),
    };
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        trimmed => trimmed,
    };
    let point = if fraction.is_empty() { "" } else { "." };
    Some((value, format!("{sign}{whole}{point}{fraction}{exponent}")))
}

fn is_decimal(text: &str) -> bool {
    fn digits(text: &str) -> (usize, &str) {
        let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
        (end, text.get(end..).unwrap_or_default())
    }
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, mut rest) = digits(text);
    let mut fraction = 0;
    if let Some(after) = rest.strip_prefix('.') {
        (fraction, rest) = digits(after);
    }
    if whole == 0 && fraction == 0 {
        return false;
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let (length, after) = digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
        return length > 0 && after.is_empty();
    }
    rest.is_empty()
}
