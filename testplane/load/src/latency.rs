//! Shares of measured times.

use std::time::Duration;

use serde_json::{Value, json};

/// p50, p90, p99 and the longest, in microseconds.
pub(crate) fn shares(mut times: Vec<Duration>) -> Value {
    times.sort_unstable();
    let at = |percent: usize| {
        let rank = (times.len() * percent).div_ceil(100).saturating_sub(1);
        times.get(rank).map_or(0.0, |time| time.as_secs_f64() * 1e6)
    };
    json!({ "p50_us": at(50), "p90_us": at(90), "p99_us": at(99), "max_us": at(100) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_nearest_ranks() {
        let times = (1..=200).rev().map(Duration::from_micros).collect();
        let shares = shares(times);
        assert_eq!((&shares["p50_us"], &shares["p99_us"]), (&json!(100.0), &json!(198.0)));
    }
}
