//! The time that the API server gives: `?timeout=10s`, as Go writes durations.

use std::time::Duration;

/// What the API server gives where it does not say.
const DEFAULT: Duration = Duration::from_secs(10);

/// The most that it can give.
const MOST: Duration = Duration::from_secs(30);

/// How long before the API server's deadline ours is: time for the answer to arrive.
const MARGIN: Duration = Duration::from_secs(1);

/// What is left at least.
const LEAST: Duration = Duration::from_millis(200);

/// The time from arrival to our own deadline, by a request's query.
///
/// # Errors
/// The `timeout` that is none.
pub(super) fn of(query: Option<&str>) -> Result<Duration, String> {
    let pairs = query.unwrap_or_default().split('&');
    let given = pairs.filter_map(|pair| pair.strip_prefix("timeout=")).next();
    let given = match given {
        Some(text) => parse(text).ok_or_else(|| text.chars().take(32).collect::<String>())?,
        None => DEFAULT,
    };
    Ok(given.min(MOST).saturating_sub(MARGIN).max(LEAST))
}

/// A duration as Go's `time.Duration` prints it, such as `1m30s` or `1.5s`. Not negative.
fn parse(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut sum = Duration::ZERO;
    if rest.is_empty() || rest.len() > 32 {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').filter(|end| *end > 0)?;
        let (number, unit) = rest.split_at(digits);
        let end = unit.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(unit.len());
        let (unit, next) = unit.split_at(end);
        let seconds = match unit {
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 1e-3,
            "us" | "µs" | "μs" | "%C2%B5s" | "%c2%b5s" => 1e-6,
            "ns" => 1e-9,
            _ => return None,
        };
        let number: f64 = number.parse().ok()?;
        sum = sum.checked_add(Duration::try_from_secs_f64(number * seconds).ok()?)?;
        rest = next;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ours_is_a_second_before_the_api_servers() {
        for (query, millis) in [
            (None, 9_000),
            (Some(""), 9_000),
            (Some("timeout=10s"), 9_000),
            (Some("a=b&timeout=3s"), 2_000),
            (Some("timeout=1m0s"), 29_000),
            (Some("timeout=30s"), 29_000),
            (Some("timeout=1.5s"), 500),
            (Some("timeout=1s"), 200),
            (Some("timeout=100ms"), 200),
            (Some("timeout=1s500ms"), 500),
            (Some("timeout=0s"), 200),
        ] {
            assert_eq!(of(query), Ok(Duration::from_millis(millis)), "{query:?}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in
            ["", "10", "s", "-1s", "ten", "10s ", "1..5s", "1e9s", "10x", "99999999999999999999999h", "."]
        {
            assert_eq!(of(Some(&format!("timeout={text}"))), Err(text.to_owned()));
        }
    }
}
