//! What the subjects of a decision cost, as its body has it.

use maud::{Markup, html};
use tollgate_gate::decision::Told;
use tollgate_vocabulary::{Currency, Money, Ratio, Rounding, Value};

/// Hours of a month in a projection.
const MONTH: u64 = 730;

/// Objects shown; the entry's body has all.
const OBJECTS: usize = 200;

/// A table; nothing where the body says nothing of money.
pub(super) fn table(told: &Told) -> Markup {
    let costs = told.value.get("evidence").and_then(|evidence| evidence.get("costs"));
    let costs = costs.and_then(Value::as_array).unwrap_or_default();
    if costs.is_empty() {
        return html! {};
    }
    html! {
        table {
            caption { "What it costs, in a month of 730 hours" }
            thead {
                tr {
                    th scope="col" { "Object" } th scope="col" { "Before" } th scope="col" { "After" }
                    th scope="col" { "At worst" } th scope="col" { "An hour at its peak" } th scope="col" { "Budgets" }
                    th scope="col" { "No bound, no price" }
                }
            }
            tbody { @for cost in costs.iter().take(OBJECTS) { (row(cost)) } }
        }
        @if costs.len() > OBJECTS { p { "And " (costs.len() - OBJECTS) " more." } }
    }
}

fn row(cost: &Value) -> Markup {
    let (before, after) = (cost.get("before"), cost.get("after"));
    let list = |key: &str| {
        let items = cost.get(key).and_then(Value::as_array).unwrap_or_default().iter();
        items.filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
    };
    let open: Vec<String> =
        [list("unbounded"), list("unpriced")].into_iter().filter(|list| !list.is_empty()).collect();
    html! {
        tr {
            th scope="row" { code { (cost.get("object").and_then(Value::as_str).unwrap_or_default()) } }
            td.number { (month(before, "expected")) }
            td.number { (month(after, "expected")) }
            td.number { (month(after, "worst")) }
            td.number { (amount(after, after.and_then(|charge| charge.get("peak")))) }
            td { (list("budgets")) }
            td { (open.join("; ")) }
        }
    }
}

/// A month of one side of a charge.
fn month(charge: Option<&Value>, side: &str) -> String {
    let of_side = charge.and_then(|charge| charge.get(side));
    let part = |key| money(charge, of_side?.get(key));
    let month =
        || part("per_hour")?.times(Ratio::from(MONTH), Rounding::HalfUp).ok()?.plus(part("once")?).ok();
    month().map_or_else(|| "\u{2013}".to_owned(), shown)
}

fn amount(charge: Option<&Value>, amount: Option<&Value>) -> String {
    money(charge, amount).map_or_else(|| "\u{2013}".to_owned(), shown)
}

fn money(charge: Option<&Value>, amount: Option<&Value>) -> Option<Money> {
    let currency = Currency::parse(charge?.get("currency")?.as_str()?).ok()?;
    Money::parse(amount?.as_str()?, currency).ok()
}

fn shown(money: Money) -> String {
    format!("{} {}", money.to_text(2, Rounding::HalfUp), money.currency())
}
