//! Durations: Go's, such as `1h30m` or `-1.5ms`, and with days, weeks and years beside.

use super::quote_bytes;
use crate::quote::quoted;

/// The nanoseconds that `text` stands for.
pub(super) fn parse(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {}", quoted(text));
    if text.is_empty() {
        return Err(invalid());
    }
    if !text.contains(['d', 'w', 'y']) {
        return go(text);
    }
    let rewritten = in_hours(text).ok_or_else(invalid)?;
    go(&rewritten).map_err(|message| {
        let message = message.rsplit_once(' ').map_or(message.as_str(), |(before, _)| before);
        format!("{message} {}", quoted(text))
    })
}

/// Days, weeks and years written as hours; nothing where `text` has not the form of a duration.
fn in_hours(text: &str) -> Option<String> {
    let (sign, mut rest) = match text.split_at_checked(1) {
        Some((sign @ ("-" | "+"), rest)) => (sign, rest),
        _ => ("", text),
    };
    let mut out = String::from(sign);
    loop {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').filter(|end| *end > 0)?;
        let (digits, after) = rest.split_at_checked(end)?;
        let unit = ["ms", "us", "µs", "ns"].into_iter().find(|unit| after.starts_with(unit));
        let unit = match unit {
            Some(unit) => unit,
            None => after.get(..1).filter(|letter| letter.bytes().all(|byte| byte.is_ascii_lowercase()))?,
        };
        let hours = match unit {
            "d" => 24.0,
            "w" => 168.0,
            "y" => 8760.0,
            _ => 0.0,
        };
        if hours > 0.0 {
            let count: f64 = digits.parse().ok()?;
            let total = count * hours;
            if !count.is_finite() {
                return None;
            }
            out.push_str(&if total.is_finite() { format!("{total}h") } else { "+Infh".to_owned() });
        } else {
            out.push_str(digits);
            out.push_str(unit);
        }
        rest = after.get(unit.len()..)?;
        if rest.is_empty() {
            return Some(out);
        }
    }
}

/// Go's own durations.
fn go(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {}", quote_bytes(text.as_bytes()));
    let (negative, mut rest) = match text.split_at_checked(1) {
        Some((sign @ ("-" | "+"), rest)) => (sign == "-", rest),
        _ => (false, text),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let whole = leading_digits(rest);
        let mut after = rest.get(whole.len()..).unwrap_or_default();
        let mut fraction = "";
        if let Some(more) = after.strip_prefix('.') {
            fraction = leading_digits(more);
            after = more.get(fraction.len()..).unwrap_or_default();
        }
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let count = if whole.is_empty() { 0 } else { whole.parse::<u64>().map_err(|_| invalid())? };
        let end = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, next) = after.split_at_checked(end).unwrap_or_default();
        if unit.is_empty() {
            return Err(format!("time: missing unit in duration {}", quote_bytes(text.as_bytes())));
        }
        let Some(size) = size(unit) else {
            return Err(format!(
                "time: unknown unit {} in duration {}",
                quote_bytes(unit.as_bytes()),
                quote_bytes(text.as_bytes())
            ));
        };
        let part = count.checked_mul(size).filter(|part| *part <= LIMIT).ok_or_else(invalid)?;
        let part = part
            .checked_add(of_fraction(fraction, size))
            .filter(|part| *part <= LIMIT)
            .ok_or_else(invalid)?;
        total = total.checked_add(part).filter(|total| *total <= LIMIT).ok_or_else(invalid)?;
        rest = next;
    }
    if negative {
        return Ok(0_i64.checked_sub_unsigned(total).unwrap_or(i64::MIN));
    }
    i64::try_from(total).map_err(|_| invalid())
}

/// The greatest amount of nanoseconds: that of `i64::MIN`.
const LIMIT: u64 = 1 << 63;

fn size(unit: &str) -> Option<u64> {
    Some(match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

fn leading_digits(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// What `0.fraction` of a unit is, computed as Go does: digits beyond 64 bits are dropped, then in floating point.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the very roundings that Go makes"
)]
fn of_fraction(digits: &str, size: u64) -> u64 {
    let (mut value, mut scale) = (0_u64, 1.0_f64);
    for digit in digits.bytes() {
        let next =
            value.checked_mul(10).and_then(|value| value.checked_add(u64::from(digit.wrapping_sub(b'0'))));
        let Some(next) = next.filter(|next| value <= (LIMIT - 1) / 10 && *next <= LIMIT) else { break };
        value = next;
        scale *= 10.0;
    }
    if value == 0 {
        return 0;
    }
    (value as f64 * (size as f64 / scale)) as u64
}
