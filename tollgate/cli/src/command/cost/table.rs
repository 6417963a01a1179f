//! What manifests cost as a table for people: by object, namespace and cost centre.

use tollgate_flow::{Changed, CostLine, Costs, InFile, Sum};
use tollgate_vocabulary::{Money, Rounding};

use super::place_of;
use crate::output::{Failure, visible};
use crate::settings::Settings;

/// A table: a name and figures, set in columns.
struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

pub(super) fn render(costs: &Costs, objects: &[InFile], settings: &Settings) -> Result<String, Failure> {
    let mut text = String::new();
    if costs.lines.is_empty() {
        return Ok("nothing here costs anything\n".to_owned());
    }
    let mut lines: Vec<&CostLine> = costs.lines.iter().collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.estimate.expected_month().units()));
    if !settings.quiet {
        let mut table = Table::of("object");
        for line in &lines {
            table.rows.push(row(name(line), &sum_of(line)));
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
        text.push_str(&open_ends(&lines, objects));
    }
    let total = costs.total()?;
    text.push_str(&format!(
        "{} {currency} a month expected, {} at worst, {} an hour at its peak\n",
        cents(total.expected),
        cents(total.worst),
        cents(total.peak),
        currency = costs.currency
    ));
    Ok(text)
}

/// What got dearer and what cheaper.
pub(super) fn difference(was: &Costs, is: &Costs, changed: &[Changed<'_>]) -> Result<String, Failure> {
    let mut text = String::new();
    if !changed.is_empty() {
        let head = ["object", "before", "after", "change", "why"].map(str::to_owned).to_vec();
        let mut table = Table { head, rows: Vec::new() };
        for changed in changed {
            let month = |line: Option<&CostLine>| {
                line.map_or_else(|| "-".to_owned(), |line| cents(line.estimate.expected_month()))
            };
            let shown = changed.after.or(changed.before).map(name).unwrap_or_default();
            table.rows.push(vec![
                shown,
                month(changed.before),
                month(changed.after),
                signed(changed.expected),
                why(changed),
            ]);
        }
        text.push_str(&table.to_text());
    }
    let (before, after) = (was.total()?, is.total()?);
    text.push_str(&format!(
        "{} {currency} a month expected, {} before: {}\n",
        cents(after.expected),
        cents(before.expected),
        signed(after.expected.minus(before.expected)?),
        currency = is.currency
    ));
    Ok(text)
}

/// Why an object costs something else, in a few words.
pub(super) fn why(changed: &Changed<'_>) -> String {
    let (before, after) = match (changed.before, changed.after) {
        (None, _) => return "new".to_owned(),
        (_, None) => return "gone".to_owned(),
        (Some(before), Some(after)) => (&before.estimate, &after.estimate),
    };
    let mut reasons = Vec::new();
    if let (Some(was), Some(is)) = (before.replicas, after.replicas) {
        if was.expected != is.expected {
            reasons.push(format!("replicas {} -> {}", was.expected, is.expected));
        }
        if was.worst != is.worst {
            reasons.push(format!("at most {} -> {}", was.worst, is.worst));
        }
    }
    if before.unbounded.len() != after.unbounded.len() {
        reasons.push(format!("unbounded {} -> {}", before.unbounded.len(), after.unbounded.len()));
    }
    if before.charge.gpus != after.charge.gpus {
        reasons.push(format!("GPUs {} -> {}", before.charge.gpus, after.charge.gpus));
    }
    let per = |estimate: &tollgate_estimate::Estimate| {
        let count = estimate.replicas.map_or(1, |replicas| replicas.expected.max(1));
        (estimate.expected_month().units(), i128::from(count))
    };
    let ((was, was_count), (is, is_count)) = (per(before), per(after));
    if was.checked_mul(is_count) != is.checked_mul(was_count) {
        reasons.push("each costs something else".to_owned());
    }
    reasons.join(", ")
}

/// `Deployment shop/api`
pub(super) fn name(line: &CostLine) -> String {
    let identity = &line.identity;
    let generated = identity.generate_name.as_ref().map(|prefix| format!("{prefix}*"));
    let name = identity.name.as_deref().map(str::to_owned).or(generated).unwrap_or_else(|| "*".to_owned());
    match &identity.namespace {
        Some(namespace) => format!("{} {namespace}/{name}", identity.kind),
        None => format!("{} {name}", identity.kind),
    }
}

/// Two digits behind the point; four where it is less than a tenth.
pub(super) fn cents(amount: Money) -> String {
    let tenth = 100_000_000_000_000_000;
    let digits = if !amount.is_zero() && amount.units().unsigned_abs() < tenth { 4 } else { 2 };
    amount.to_text(digits, Rounding::HalfUp)
}

pub(super) fn signed(amount: Money) -> String {
    if amount.is_negative() { cents(amount) } else { format!("+{}", cents(amount)) }
}

fn groups(of: &str, costs: &Costs, key: impl Fn(&CostLine) -> String) -> Result<String, Failure> {
    let mut table = Table::of(of);
    table.rows = costs.by(key)?.iter().map(|(name, sum)| row(name.clone(), sum)).collect();
    Ok(table.to_text())
}

fn sum_of(line: &CostLine) -> Sum {
    let estimate = &line.estimate;
    Sum { expected: estimate.expected_month(), worst: estimate.worst_month(), peak: estimate.peak_hour() }
}

fn row(name: String, sum: &Sum) -> Vec<String> {
    vec![name, cents(sum.expected), cents(sum.worst), cents(sum.peak)]
}

/// What has no bound, no price, or is not known to cost anything.
fn open_ends(lines: &[&CostLine], objects: &[InFile]) -> String {
    let mut text = String::new();
    for line in lines {
        let Some(object) = objects.get(line.object) else { continue };
        for path in &line.estimate.unbounded {
            let cap = line
                .estimate
                .capped
                .map_or_else(String::new, |cap| format!(", capped at {} a month", cents(cap)));
            text.push_str(&format!("unbounded: {} {path} ({}){cap}\n", name(line), place_of(object, path)));
        }
        for what in &line.estimate.unpriced {
            let place = place_of(object, &tollgate_vocabulary::Path::root());
            text.push_str(&format!("unpriced: {} `{what}` ({place})\n", name(line)));
        }
        if let Some(unknown) = &line.estimate.unknown {
            text.push_str(&format!("unknown: {} {unknown}\n", name(line)));
        }
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.lines().map(|line| format!("{}\n", visible(line))).collect()
}

impl Table {
    fn of(what: &str) -> Self {
        Self {
            head: [what, "a month", "at worst", "an hour at its peak"].map(str::to_owned).to_vec(),
            rows: Vec::new(),
        }
    }

    /// The first column to the left, figures to the right, words behind them to the left; an empty line behind.
    fn to_text(&self) -> String {
        let width = |at: usize| {
            let all = std::iter::once(&self.head).chain(&self.rows);
            all.filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.head.len()).map(width).collect();
        let mut text = String::new();
        for row in std::iter::once(&self.head).chain(&self.rows) {
            let mut line = String::new();
            for (at, (cell, width)) in row.iter().zip(&widths).enumerate() {
                if at == 0 || at > 3 {
                    line.push_str(&format!("{cell:<width$}  "));
                } else {
                    line.push_str(&format!("{cell:>width$}  "));
                }
            }
            text.push_str(&visible(line.trim_end()));
            text.push('\n');
        }
        text.push('\n');
        text
    }
}
