//! Numbers as schemas compare them: apiextensions reads limits and values as `float64`.

use tollgate_vocabulary::{Number, Value};

/// The nearest double.
pub(super) fn of(number: &Number) -> f64 {
    number.as_str().parse().unwrap_or(f64::NAN)
}

/// Whether the number is written without a fraction and an exponent, which is what the API server takes for an
/// integer.
pub(super) fn is_integer(number: &Number) -> bool {
    number.as_str().bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// Whether `number` is a whole number of times `unit`.
pub(super) fn is_multiple(number: f64, unit: f64) -> bool {
    let times = number / unit;
    (times - times.round()).abs() <= 1e-9 * times.abs().max(1.0)
}

/// Equal as JSON schemas have it: 1 is 1.0.
pub(super) fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || of(a) == of(b),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|((k, a), (l, b))| k == l && equal(a, b))
        }
        _ => a == b,
    }
}
