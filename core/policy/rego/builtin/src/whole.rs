//! Whole numbers, however they are written: `1e3` and `1000.0` are `1000`.

use tollgate_rego_value::Val;

/// The whole number of 64 bits that `number` is, where it is one.
pub(crate) fn whole(number: &Val<'_>) -> Option<i64> {
    match number {
        Val::Int(number) => Some(*number),
        Val::Number(text) => of_text(text),
        _ => None,
    }
}

fn of_text(text: &str) -> Option<i64> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()),
        None => (text, Some(0)),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let negative = whole.starts_with('-');
    let digits = format!("{}{}", whole.trim_start_matches('-'), fraction);
    let significant = digits.trim_end_matches('0');
    let leading = significant.trim_start_matches('0');
    if leading.is_empty() {
        return Some(0);
    }
    // How many zeros follow the significant digits.
    let zeros = exponent?
        .checked_sub(i64::try_from(fraction.len()).ok()?)?
        .checked_add(i64::try_from(digits.len() - significant.len()).ok()?)?;
    let scale = 10_i128.checked_pow(u32::try_from(zeros).ok()?)?;
    let value = leading.parse::<i128>().ok()?.checked_mul(scale)?;
    i64::try_from(if negative { -value } else { value }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_may_be_written_with_a_fraction_or_an_exponent() {
        for (text, expected) in [
            ("1e3", Some(1000)),
            ("-1000.0", Some(-1000)),
            ("1.5e1", Some(15)),
            ("100e-2", Some(1)),
            ("0.0", Some(0)),
            ("0e999999999999999999999", Some(0)),
            ("1.5", None),
            ("1e400", None),
            ("9223372036854775808", None),
        ] {
            assert_eq!(whole(&Val::Number(text)), expected, "{text}");
        }
    }
}
