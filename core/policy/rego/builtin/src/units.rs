//! Amounts with units: `100m`, `2Gi`, `10kb`.

use tollgate_rego_value::{BigInt, Sign, Val, arithmetic};

use crate::{Builtin, Call, Error, Type, operand};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function("units.parse", &[("x", Type::String)], Type::Number, parse),
    Builtin::function("units.parse_bytes", &[("x", Type::String)], Type::Number, parse_bytes),
];

/// Splits a text into its number and its unit; nothing where the exponent is too long.
fn number_and_unit(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let at = |place: usize| bytes.get(place).copied().unwrap_or(0);
    let mut place = 0_usize;
    while place < bytes.len() {
        match at(place) {
            b'e' | b'E' => {
                let mut next = place.saturating_add(1);
                if !matches!(at(next), b'0'..=b'9' | b'+' | b'-') {
                    break;
                }
                if matches!(at(next), b'+' | b'-') {
                    place = next;
                    next = next.saturating_add(1);
                }
                let digits = bytes.iter().skip(next).take_while(|digit| digit.is_ascii_digit()).count();
                if digits > 6 {
                    return None;
                }
            }
            b'0'..=b'9' | b'.' | b'+' | b'-' => {}
            _ => break,
        }
        place = place.saturating_add(1);
    }
    text.split_at_checked(place)
}

/// A number's text in JSON's grammar: with a digit on both sides of the point, and no `+`.
fn json_number(text: &str) -> Option<String> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = unsigned.split_at(unsigned.find(['e', 'E']).unwrap_or(unsigned.len()));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    let power = exponent.get(1..).map(|power| power.strip_prefix(['+', '-']).unwrap_or(power));
    let fine = digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && power.is_none_or(|power| digits(power) && !power.is_empty());
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = if fraction.is_empty() { "0" } else { fraction };
    fine.then(|| format!("{sign}{whole}.{fraction}{exponent}"))
}

fn parse<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let fail = |message: &str| Err(Error::Failed(format!("units.parse: {message}")));
    let text = operand::string(args, 1)?;
    call.spend_text(text.len())?;
    let text = text.replace('"', "");
    if text.contains(' ') {
        return fail("spaces not allowed in resource strings");
    }
    let Some((number, unit)) = number_and_unit(&text) else { return fail("exponent too large") };
    if number.is_empty() {
        return fail("no amount provided");
    }
    // The first letter tells milli from mega.
    let first = unit.chars().next().map_or(0, char::len_utf8);
    let (first, rest) = unit.split_at_checked(first).unwrap_or_default();
    let unit = format!("{first}{}", rest.to_lowercase());
    let power = |base: u64, exponent: u32| base.saturating_pow(exponent);
    let factor = match unit.as_str() {
        "m" => None,
        "" => Some(1),
        "k" | "K" => Some(power(1000, 1)),
        "ki" | "Ki" => Some(power(1024, 1)),
        "M" => Some(power(1000, 2)),
        "mi" | "Mi" => Some(power(1024, 2)),
        "g" | "G" => Some(power(1000, 3)),
        "gi" | "Gi" => Some(power(1024, 3)),
        "t" | "T" => Some(power(1000, 4)),
        "ti" | "Ti" => Some(power(1024, 4)),
        "p" | "P" => Some(power(1000, 5)),
        "pi" | "Pi" => Some(power(1024, 5)),
        "e" | "E" => Some(power(1000, 6)),
        "ei" | "Ei" => Some(power(1024, 6)),
        other => return fail(&format!("unit {other} not recognized")),
    };
    let Some(number) = json_number(number) else { return fail("could not parse amount to a number") };
    let Some((numerator, denominator)) = ratio(&number) else { return fail("exponent too large") };
    // A thousandth is OPA's: the 64 bit float next to it.
    let (numerator, denominator) = match factor {
        Some(factor) => (numerator * factor, denominator),
        None => (numerator * BigInt::from(4_611_686_018_427_388_u64), denominator << 62),
    };
    crate::arithmetic::pay(call, &[Val::Number(&number)])?;
    if &numerator % &denominator == BigInt::ZERO {
        return Ok(call.arena.integer(&(numerator / denominator))?);
    }
    Ok(call.arena.number(&ten_places(&numerator, &denominator))?)
}

/// A number as a fraction, where its exponent is not too large.
fn ratio(number: &str) -> Option<(BigInt, BigInt)> {
    let (mantissa, exponent) = number.split_at(number.find(['e', 'E']).unwrap_or(number.len()));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: BigInt = format!("{whole}{fraction}").parse().ok()?;
    let power: i64 = exponent.get(1..).map_or(Some(0), |power| power.parse().ok())?;
    let power = power.checked_sub(i64::try_from(fraction.len()).ok()?)?;
    let scale = u32::try_from(power.unsigned_abs()).ok().filter(|scale| *scale <= 30_000)?;
    let scale = BigInt::from(10).pow(scale);
    Some(if power < 0 { (digits, scale) } else { (digits * scale, BigInt::from(1)) })
}

/// A fraction with ten decimal places, halves rounded away from zero.
fn ten_places(numerator: &BigInt, denominator: &BigInt) -> String {
    let scaled = numerator.magnitude() * 10_000_000_000_u64;
    let denominator = denominator.magnitude();
    let rounded = (scaled * 2_u32 + denominator) / (denominator * 2_u32);
    let digits = format!("{rounded:0>11}");
    let (whole, fraction) = digits.split_at_checked(digits.len().saturating_sub(10)).unwrap_or_default();
    let sign = if numerator.sign() == Sign::Minus { "-" } else { "" };
    format!("{sign}{whole}.{fraction}")
}

/// What nearly all amounts are: digits and a unit, small enough to be computed as they are.
fn plain_bytes(text: &str) -> Option<i64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number: i64 = text.get(..digits).filter(|_| digits <= 9)?.parse().ok()?;
    let factor: i64 = match text.get(digits..)? {
        "" => 1,
        "Ki" => 1 << 10,
        "Mi" => 1 << 20,
        "Gi" => 1 << 30,
        "k" | "K" => 1_000,
        "M" => 1_000_000,
        "G" => 1_000_000_000,
        _ => return None,
    };
    number.checked_mul(factor)
}

fn parse_bytes<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let fail = |message: &str| Err(Error::Failed(format!("units.parse_bytes: {message}")));
    let text = operand::string(args, 1)?;
    call.spend_text(text.len())?;
    if let Some(bytes) = plain_bytes(text) {
        return Ok(Val::Int(bytes));
    }
    let text = text.to_lowercase().replace('"', "");
    if text.contains(' ') {
        return fail("spaces not allowed in resource strings");
    }
    let Some((number, unit)) = number_and_unit(&text) else { return fail("exponent too large") };
    if number.is_empty() {
        return fail("no byte amount provided");
    }
    let (prefix, base) = match unit.strip_suffix("ib").or_else(|| unit.strip_suffix('i')) {
        Some(prefix) => (prefix, 1024_u64),
        None => (unit.strip_suffix('b').unwrap_or(unit), 1000),
    };
    let exponent = match prefix {
        "" if unit.is_empty() => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        "p" => 5,
        "e" => 6,
        _ => return fail(&format!("byte unit {unit} not recognized")),
    };
    let Some(number) = json_number(number) else { return fail("could not parse byte amount to a number") };
    let number = Val::Number(&number);
    crate::arithmetic::pay(call, &[])?;
    let bytes = arithmetic::truncate(&number, base.saturating_pow(exponent))?;
    Ok(call.arena.integer(&bytes)?)
}
