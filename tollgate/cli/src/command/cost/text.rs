//! What manifests cost, for people: by object, namespace and cost centre.

use std::cmp::Reverse;

use tollgate_flow::{CostDifference, CostLine, Costs, InFile, Sum};

use super::figure::{cents, month, name, signed, why};
use super::gap::{Gap, gaps, summary};
use super::table::Table;
use crate::output::{Failure, visible};
use crate::settings::Settings;

pub(super) fn render(costs: &Costs, objects: &[InFile], settings: &Settings) -> Result<String, Failure> {
    if costs.lines.is_empty() && costs.errors.is_empty() {
        return Ok("nothing here costs anything\n".to_owned());
    }
    let mut text = String::new();
    if !settings.quiet {
        let lines = dearest_first(costs);
        let mut table = of_sums("object");
        for line in &lines {
            table.push(row(name(&line.identity), &sum_of(line)));
        }
        text.push_str(&table.to_text());
        text.push_str(&groups("namespace", costs, |line| {
            line.identity.namespace.as_deref().unwrap_or("(none)").to_owned()
        })?);
        if costs.lines.iter().any(|line| line.cost_centre.is_some()) {
            text.push_str(&groups("cost centre", costs, |line| {
                line.cost_centre.as_deref().unwrap_or("(none)").to_owned()
            })?);
        }
        text.push_str(&open_ends(&gaps(&lines, objects)));
    }
    let total = costs.total()?;
    text.push_str(&format!(
        "{} {} a month expected, {} at worst, {} an hour at its peak{}\n",
        cents(total.expected),
        costs.currency,
        cents(total.worst),
        cents(total.peak),
        summary(costs)
    ));
    Ok(text)
}

/// What got dearer and what cheaper.
pub(super) fn difference(
    difference: &CostDifference<'_>,
    is: &Costs,
    objects: &[InFile],
    settings: &Settings,
) -> Result<String, Failure> {
    let mut text = String::new();
    if !settings.quiet {
        let mut table = Table::new(&["object", "before", "after", "change", "at worst", "why"], 4);
        for changed in &difference.changed {
            table.push(vec![
                changed.after.or(changed.before).map(|line| name(&line.identity)).unwrap_or_default(),
                month(changed.before),
                month(changed.after),
                signed(changed.expected),
                signed(changed.worst),
                why(changed),
            ]);
        }
        text.push_str(&table.to_text());
        let lines: Vec<&CostLine> = difference.changed.iter().filter_map(|changed| changed.after).collect();
        text.push_str(&open_ends(&gaps(&lines, objects)));
        for identity in &difference.failed {
            let told = format!("not compared: {} cannot be estimated on both sides", name(identity));
            text.push_str(&format!("{}\n", visible(&told)));
        }
    }
    let (before, after) = (difference.before, difference.after);
    text.push_str(&format!(
        "{} {} a month expected, {} before: {}; {} at worst, {} before: {}{}\n",
        cents(after.expected),
        is.currency,
        cents(before.expected),
        signed(after.expected.minus(before.expected)?),
        cents(after.worst),
        cents(before.worst),
        signed(after.worst.minus(before.worst)?),
        summary(is)
    ));
    Ok(text)
}

/// Lines by what is expected of them, the dearest first.
pub(super) fn dearest_first(costs: &Costs) -> Vec<&CostLine> {
    let mut lines: Vec<&CostLine> = costs.lines.iter().collect();
    lines.sort_by_key(|line| {
        Reverse((line.estimate.expected_month().units(), line.estimate.worst_month().units()))
    });
    lines
}

fn groups(of: &'static str, costs: &Costs, key: impl Fn(&CostLine) -> String) -> Result<String, Failure> {
    let mut table = of_sums(of);
    for (name, sum) in costs.by(key)? {
        table.push(row(name, &sum));
    }
    Ok(table.to_text())
}

fn of_sums(of: &'static str) -> Table {
    Table::new(&[of, "a month", "at worst", "an hour at its peak"], 3)
}

fn sum_of(line: &CostLine) -> Sum {
    let estimate = &line.estimate;
    Sum { expected: estimate.expected_month(), worst: estimate.worst_month(), peak: estimate.peak_hour() }
}

fn row(name: String, sum: &Sum) -> Vec<String> {
    vec![name, cents(sum.expected), cents(sum.worst), cents(sum.peak)]
}

/// A line for each, and an empty one behind; nothing where there are none.
fn open_ends(gaps: &[Gap]) -> String {
    let line = |gap: &Gap| {
        let Gap { word, name, what, why, cap, place } = gap;
        let mut told = format!("{word}: {name}");
        let what: Vec<String> = what.iter().map(|what| format!(" `{what}`")).collect();
        told.push_str(&what.join(","));
        why.iter().for_each(|why| told.push_str(&format!(": {why}")));
        cap.iter().for_each(|cap| told.push_str(&format!(", capped at {cap} a month")));
        format!("{}\n", visible(&format!("{told} ({place})")))
    };
    let lines: String = gaps.iter().map(line).collect();
    if lines.is_empty() { lines } else { format!("{lines}\n") }
}
