//! Durations as Go writes them: `1h30m`, `90s`, `1.5h`.

/// Nanoseconds of each unit.
const UNITS: [(&str, u128); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", SECOND),
    ("m", 60 * SECOND),
    ("h", 3600 * SECOND),
];
const SECOND: u128 = 1_000_000_000;

/// Whole seconds, at least one: what is finer is cut off.
pub(super) fn seconds(text: &str) -> Result<u64, String> {
    let nanos = nanos(text).ok_or_else(|| format!("`{text}` is no duration such as `1h30m`"))?;
    u64::try_from(nanos / SECOND).map(|seconds| seconds.max(1)).map_err(|_| format!("`{text}` is too long"))
}

fn nanos(text: &str) -> Option<u128> {
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    if rest.is_empty() {
        return None;
    }
    let mut sum: u128 = 0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at_checked(end)?;
        let end = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(end)?;
        let (_, scale) = UNITS.iter().find(|(name, _)| *name == unit)?;
        sum = sum.checked_add(scaled(number, *scale)?)?;
        rest = after;
    }
    Some(sum)
}

/// What is finer than a nanosecond is cut off.
fn scaled(number: &str, scale: u128) -> Option<u128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let parse = |digits: &str| if digits.is_empty() { Some(0) } else { digits.parse::<u128>().ok() };
    // No unit has more than 13 digits.
    let fraction = fraction.get(..fraction.len().min(15))?;
    let power = 10_u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let below = parse(fraction)?.checked_mul(scale)?.checked_div(power)?;
    parse(whole)?.checked_mul(scale)?.checked_add(below)
}
