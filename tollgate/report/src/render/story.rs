//! A finding told in plain lines, for programs that show one text.

use tollgate_vocabulary::{Currency, Money, Rounding};

use super::inert::visible;
use super::location;
use crate::{CostRow, FindingRow, Report};

/// A tenth of a unit of any currency, in units of 10^-18.
const TENTH: u128 = 100_000_000_000_000_000;

/// Message; what was wanted; which object; how to mend it. Each on a line of its own, nothing in them acts.
pub(super) fn lines(report: &Report, finding: &FindingRow) -> Vec<String> {
    let object = Some(location::object(report, finding)).filter(|object| !object.is_empty());
    let more = [
        wanted(finding),
        object.map(|object| format!("in {object}")),
        cost(report, finding).map(|cost| format!("cost: {cost}")),
        finding.remedy.as_ref().map(|remedy| format!("help: {remedy}")),
        Some(format!("help: tollgate explain {}", finding.rule)),
    ];
    std::iter::once(finding.message.clone())
        .chain(more.into_iter().flatten())
        .map(|line| visible(&line))
        .collect()
}

/// What the finding's subject costs, where that is known: `+412.00 EUR a month on budget platform (81 % -> 103 %)`.
pub(super) fn cost(report: &Report, finding: &FindingRow) -> Option<String> {
    let cost = report.subjects.get(finding.subject?)?.cost.as_ref()?;
    Some(cost_line(cost))
}

/// The money line of a subject.
pub(super) fn cost_line(cost: &CostRow) -> String {
    let change = &cost.change_month;
    let sign = if change.starts_with('-') { "" } else { "+" };
    let budgets: Vec<String> = cost
        .budgets
        .iter()
        .map(|budget| {
            format!("`{}` ({} % -> {} %)", budget.name, budget.before_percent, budget.after_percent)
        })
        .collect();
    let on = match budgets.len() {
        0 => String::new(),
        1 => format!(" on budget {}", budgets.concat()),
        _ => format!(" on budgets {}", budgets.join(", ")),
    };
    let open = match (cost.unbounded.is_empty(), cost.unpriced.is_empty()) {
        (true, true) => "",
        (false, true) => "; some of it has no bound",
        (true, false) => "; some of it has no price",
        (false, false) => "; some of it has no bound, some no price",
    };
    format!(
        "{sign}{} {} a month{on}; at worst {} a month, {} an hour{open}",
        cents(change),
        cost.currency,
        cents(&cost.worst_month),
        cents(&cost.peak_hour)
    )
}

/// An amount for people: two digits behind the point, or what it takes to show that it is not nothing.
pub(super) fn cents(amount: &str) -> String {
    let Ok(money) = Money::parse(amount, Currency::USD) else { return amount.to_owned() };
    let digits = if !money.is_zero() && money.units().unsigned_abs() < TENTH { 4 } else { 2 };
    money.to_text(digits, Rounding::HalfUp)
}

/// `deny[cost-centre-format]`
pub(super) fn title(finding: &FindingRow) -> String {
    format!("{}[{}]", finding.effect, visible(&finding.rule))
}

/// What the rule wants and what stands there.
pub(super) fn wanted(finding: &FindingRow) -> Option<String> {
    match (&finding.expected, &finding.found) {
        (Some(expected), Some(found)) => Some(format!("expected {expected}, found {found}")),
        (Some(expected), None) => Some(format!("expected {expected}")),
        (None, Some(found)) => Some(format!("found {found}")),
        (None, None) => None,
    }
}
