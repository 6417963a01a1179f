//! Numbers of schemas: exact where they are compared, in Go's writing where they are shown.

use std::cmp::Ordering;

use tollgate_rego_value::Val;

/// A whole number times a power of ten.
struct Decimal {
    digits: i128,
    exponent: i64,
}

/// Whether a number is whole.
pub(super) fn is_whole(number: &Val<'_>) -> bool {
    match number {
        Val::Int(_) => true,
        Val::Number(text) => decimal(text).map_or_else(
            || text.parse::<f64>().is_ok_and(|number| number.fract() == 0.0),
            |decimal| decimal.exponent >= 0,
        ),
        _ => false,
    }
}

/// Whether `number` is some whole number times `unit`.
pub(super) fn is_multiple(number: &Val<'_>, unit: &Val<'_>) -> bool {
    let exact = || {
        let (number, unit) = (decimal(&text(number))?, decimal(&text(unit))?);
        let least = number.exponent.min(unit.exponent);
        let scaled = |decimal: &Decimal| {
            let zeros = u32::try_from(decimal.exponent.checked_sub(least)?).ok()?;
            decimal.digits.checked_mul(10_i128.checked_pow(zeros)?)
        };
        scaled(&number)?.checked_rem(scaled(&unit)?).map(|rest| rest == 0)
    };
    // Beyond 38 digits in floating point.
    exact().unwrap_or_else(|| (float(number) / float(unit)).fract() == 0.0)
}

/// The order of two numbers.
pub(super) fn compare(a: &Val<'_>, b: &Val<'_>) -> Ordering {
    a.compare(b)
}

/// A number in its fewest digits, as Go shows a big one: with an exponent from a million on.
pub(super) fn shown(number: &Val<'_>) -> String {
    let Some(Decimal { digits, exponent }) = decimal(&text(number)) else { return text(number) };
    let sign = if digits < 0 { "-" } else { "" };
    let digits = digits.unsigned_abs().to_string();
    if digits == "0" {
        return digits;
    }
    let count = i64::try_from(digits.len()).unwrap_or(i64::MAX);
    let point = count.saturating_add(exponent);
    let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or_default());
    let split = |at: i64| {
        usize::try_from(at).ok().and_then(|at| digits.split_at_checked(at)).unwrap_or((&digits, ""))
    };
    if !(-3..=6).contains(&point) {
        let (first, rest) = split(1);
        let dot = if rest.is_empty() { "" } else { "." };
        let (mark, power) = if point < 1 { ('-', 1 - point) } else { ('+', point - 1) };
        return format!("{sign}{first}{dot}{rest}e{mark}{power:02}");
    }
    if point <= 0 {
        return format!("{sign}0.{}{digits}", zeros(-point));
    }
    if exponent >= 0 {
        return format!("{sign}{digits}{}", zeros(exponent));
    }
    let (whole, rest) = split(point);
    format!("{sign}{whole}.{rest}")
}

/// A number as Go's JSON writes one in floating point: `1.0` and `1` are the same.
pub(super) fn plain(number: &Val<'_>) -> String {
    let value = float(number);
    if value != 0.0 && (value.abs() < 1e-6 || value.abs() >= 1e21) {
        let text = format!("{value:e}");
        return if text.contains("e-") { text } else { text.replace('e', "e+") };
    }
    format!("{value}")
}

fn float(number: &Val<'_>) -> f64 {
    text(number).parse().unwrap_or(f64::NAN)
}

fn text(number: &Val<'_>) -> String {
    match number {
        Val::Number(text) => (*text).to_owned(),
        other => other.to_string(),
    }
}

fn decimal(text: &str) -> Option<Decimal> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let mut digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    let mut exponent = exponent.parse::<i64>().ok()?.checked_sub(i64::try_from(fraction.len()).ok()?)?;
    if digits == 0 {
        return Some(Decimal { digits, exponent: 0 });
    }
    while digits % 10 == 0 {
        digits /= 10;
        exponent = exponent.checked_add(1)?;
    }
    Some(Decimal { digits, exponent })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact() {
        assert!(is_multiple(&Val::Number("0.3"), &Val::Number("0.1")));
        assert!(!is_multiple(&Val::Number("0.35"), &Val::Number("0.1")));
        assert!(is_multiple(&Val::Int(9_007_199_254_740_993), &Val::Int(3)));
        assert!(is_whole(&Val::Number("1.50e1")) && !is_whole(&Val::Number("1.5")));
    }

    #[test]
    fn numbers_are_shown_as_go_shows_them() {
        for (number, expected) in [
            ("5", "5"),
            ("0.5", "0.5"),
            ("100000", "100000"),
            ("12345678901", "1.2345678901e+10"),
            ("0.00001", "1e-05"),
        ] {
            assert_eq!(shown(&Val::Number(number)), expected);
        }
        assert_eq!(plain(&Val::Number("1.0")), "1");
        assert_eq!(plain(&Val::Number("1e21")), "1e+21");
    }
}
