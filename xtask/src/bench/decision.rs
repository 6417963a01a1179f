//! One decision on a parsed review of 20 kB under 24 rules: the engine alone, without decoding or recording.

use serde_json::Value;

use super::workspace::Bench;
use super::{heading, number, row};
use crate::step::{self, Done, Failure};

pub(crate) fn run(bench: &Bench) -> Done {
    let mut ours = step::cargo();
    ours.args(["run", "--release", "--quiet", "--locked", "-p", "tollgate-policy", "--example", "speed"]);
    println!("$ {}", step::line(&ours));
    let printed = step::output(&mut ours)?;
    print!("{printed}");
    let mut scale = step::cargo();
    scale.args(["run", "--release", "--quiet", "--locked", "-p", "tollgate-policy", "--example", "scale"]);
    println!("$ {}", step::line(&scale));
    print!("{}", step::output(&mut scale)?);
    let mut other = step::cargo();
    other.args([
        "run",
        "--release",
        "--quiet",
        "--locked",
        "-p",
        "tollgate-conform",
        "--features",
        "regorus",
    ]);
    other.args(["--example", "regorus", "--"]).arg(&bench.review_rules).arg(&bench.review);
    other.arg(format!("data.{}.deny", bench.package));
    println!("$ {}", step::line(&other));
    print!("{}", step::output(&mut other)?);
    let mut theirs = step::program(bench.peers.join("opa"));
    theirs.args(["bench", "--format", "json", "--data"]).arg(&bench.review_rules);
    theirs.arg("--input").arg(&bench.review).arg(format!("data.{}.deny", bench.package));
    println!("$ {}", step::line(&theirs));
    let opa: Value = serde_json::from_str(&step::output(&mut theirs)?)
        .map_err(|error| Failure::new(format!("`opa bench` printed something else than JSON: {error}")))?;
    heading("opa");
    for (share, key) in [("p50", "median"), ("p99", "99%")] {
        // The review that both are asked about is the one as it stands, with what it is denied for.
        let denied = printed.split("realistic denied").nth(1).unwrap_or_default();
        let ours = micros(denied, share)?;
        let theirs = number(&opa, &["Extra", &format!("histogram_timer_rego_query_eval_ns_{key}")])? / 1e3;
        row(&format!("decision {share}, us"), ours, theirs, theirs / ours);
    }
    Ok(())
}

/// The time after the first `p50` or `p99` in the text, such as `p50 218.4 us`, in microseconds.
fn micros(text: &str, share: &str) -> Done<f64> {
    let missing = || Failure::new(format!("no `{share}` with a time in `{}`", text.trim()));
    let (_, rest) = text.split_once(share).ok_or_else(missing)?;
    let rest = rest.trim_start_matches([' ', ':', '=']);
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let (digits, unit) = rest.split_at(end);
    let value: f64 = digits.parse().map_err(|_| missing())?;
    match unit.trim_start() {
        unit if unit.starts_with("ns") => Ok(value / 1e3),
        unit if unit.starts_with("us") || unit.starts_with('µ') => Ok(value),
        unit if unit.starts_with("ms") => Ok(value * 1e3),
        _ => Err(missing()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_their_unit() {
        assert_eq!(micros("24 rules: p50 218.5 us, p99 0.7 ms", "p50").unwrap(), 218.5);
        assert_eq!(micros("24 rules: p50 218.5 us, p99 0.7ms", "p99").unwrap(), 700.0);
        assert_eq!(micros("p50=900ns", "p50").unwrap(), 0.9);
        assert!(micros("p50 fast", "p50").is_err());
    }
}
