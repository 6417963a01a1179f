//! Numbers: whole ones of 64 bits, and any others as their JSON text.

use std::cmp::Ordering;

use crate::Val;

/// The value that a JSON number's text stands for.
pub(crate) fn of_text(text: &str) -> Val<'_> {
    // `-0` and what has a fraction or an exponent keep their text: `1.0` is printed as it was written.
    match text.parse() {
        Ok(number) if number != 0 || text == "0" => Val::Int(number),
        _ => Val::Number(text),
    }
}

/// The whole number that a number is, where it is one that fits.
pub(crate) fn whole(number: &Val<'_>) -> Option<i64> {
    match number {
        Val::Int(number) => Some(*number),
        _ => None,
    }
}

/// The order of two numbers.
pub(crate) fn compare(_a: &Val<'_>, _b: &Val<'_>) -> Ordering {
    Ordering::Equal
}
