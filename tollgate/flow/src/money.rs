//! What a change costs, for reports: a row for each subject, with what the whole change does to each budget.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_budget::{Account, Amount, Standing};
use tollgate_gate::{Bundle, Judged, SubjectCost};
use tollgate_price::{Charge, Cost};
use tollgate_report::{BudgetRow, CostRow};
use tollgate_vocabulary::{Money, MoneyError, Ratio, Rounding};

/// The rows of a judged change where nothing is held yet, by subject.
#[must_use]
pub fn cost_rows(judged: &Judged, bundle: &Bundle) -> BTreeMap<usize, CostRow> {
    rows(judged, &Account::default(), bundle)
}

/// The rows of a judged change, by subject. What cannot be computed has no row.
pub(crate) fn rows(judged: &Judged, account: &Account, bundle: &Bundle) -> BTreeMap<usize, CostRow> {
    let Some(cost) = bundle.cost() else { return BTreeMap::new() };
    let standing = cost.budgets.standing(account, judged.at).unwrap_or_default();
    let standing: BTreeMap<Arc<str>, Standing> =
        standing.into_iter().map(|row| (Arc::clone(&row.budget), row)).collect();
    let costs = &judged.evidence.costs;
    let of_budget =
        |name: &Arc<str>| budget_row(name, standing.get(name)?, costs, judged.planned).ok().flatten();
    let budgets: BTreeMap<Arc<str>, BudgetRow> =
        standing.keys().filter_map(|name| Some((Arc::clone(name), of_budget(name)?))).collect();
    costs.iter().filter_map(|cost| Some((cost.subject, row(cost, &budgets).ok()?))).collect()
}

fn row(cost: &SubjectCost, budgets: &BTreeMap<Arc<str>, BudgetRow>) -> Result<CostRow, MoneyError> {
    let currency = cost.after.currency();
    let before = cost.before.unwrap_or_else(|| Charge::zero(currency));
    let expected = cost.after.expected.month()?;
    let nine = |amount: Money| amount.to_text(9, Rounding::HalfUp);
    Ok(CostRow {
        currency: currency.to_string(),
        expected_month: nine(expected),
        worst_month: nine(cost.after.worst.month()?),
        peak_hour: nine(cost.after.peak),
        change_month: nine(expected.minus(before.expected.month()?)?),
        unbounded: cost.unbounded.iter().map(ToString::to_string).collect(),
        unpriced: cost.unpriced.iter().map(ToString::to_string).collect(),
        budgets: cost.budgets.iter().filter_map(|name| budgets.get(name).cloned()).collect(),
    })
}

/// What all subjects of the change together do to a budget.
fn budget_row(
    name: &Arc<str>,
    standing: &Standing,
    costs: &[SubjectCost],
    planned: bool,
) -> Result<Option<BudgetRow>, MoneyError> {
    let hours = if planned { standing.period.hours() } else { standing.hours_left };
    let (Amount::Money(used), Some(Amount::Money(amount))) =
        (standing.expected.used, standing.expected.limit)
    else {
        return Ok(None);
    };
    let mut after = used;
    for cost in costs.iter().filter(|cost| cost.budgets.contains(name)) {
        let over = |cost: &Cost| cost.over(hours);
        after = after.plus(over(&cost.after.expected)?)?;
        if let Some(before) = &cost.before {
            after = after.minus(over(&before.expected)?)?;
        }
    }
    let percent = |part: Money| {
        let part = part.part_of(amount).and_then(|part| part.times(Ratio::whole(100)).ok());
        part.and_then(|part| part.to_whole(Rounding::HalfUp).ok()).map(|part| part.to_string())
    };
    let (Some(before_percent), Some(after_percent)) = (percent(used), percent(after)) else {
        return Ok(None);
    };
    Ok(Some(BudgetRow { name: name.to_string(), before_percent, after_percent }))
}
