//! What manifests cost as JSON: amounts as text, nine digits behind the point, rounded half up. Others script it.

use serde::Serialize;
use tollgate_flow::{Changed, CostDifference, CostLine, Costs, Sum};
use tollgate_vocabulary::{Currency, Money, Rounding};

use super::figure::name;
use crate::output::Failure;

#[derive(Serialize)]
struct Document {
    currency: String,
    objects: Vec<Object>,
    total: Total,
}

#[derive(Serialize)]
struct Object {
    kind: String,
    namespace: Option<String>,
    name: Option<String>,
    expected_month: String,
    worst_month: String,
    peak_hour: String,
    unbounded: Vec<String>,
    unpriced: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    capped_month: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<String>,
}

#[derive(Serialize)]
struct Total {
    expected_month: String,
    worst_month: String,
    peak_hour: String,
}

#[derive(Serialize)]
struct Difference {
    currency: String,
    objects: Vec<OfObject>,
    before: Total,
    after: Total,
    /// what cannot be estimated on one side or the other
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_compared: Vec<String>,
}

#[derive(Serialize)]
struct OfObject {
    change_month: String,
    change_worst_month: String,
    before: Option<Object>,
    after: Option<Object>,
}

/// All objects that cost, and their sum.
pub(super) fn render(costs: &Costs) -> Result<String, Failure> {
    document(&Document {
        currency: costs.currency.to_string(),
        objects: costs.lines.iter().map(object).collect(),
        total: total(costs.total()?),
    })
}

/// What changed between two sets of manifests.
pub(super) fn difference(difference: &CostDifference<'_>, currency: Currency) -> Result<String, Failure> {
    let of = |changed: &Changed<'_>| OfObject {
        change_month: nine(changed.expected),
        change_worst_month: nine(changed.worst),
        before: changed.before.map(object),
        after: changed.after.map(object),
    };
    document(&Difference {
        currency: currency.to_string(),
        objects: difference.changed.iter().map(of).collect(),
        before: total(difference.before),
        after: total(difference.after),
        not_compared: difference.failed.iter().map(name).collect(),
    })
}

/// An amount as text.
pub(in crate::command) fn nine(amount: Money) -> String {
    amount.to_text(9, Rounding::HalfUp)
}

/// A document with one space of indent, and a line end.
pub(in crate::command) fn document(value: &impl Serialize) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b" ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    value.serialize(&mut serializer)?;
    bytes.push(b'\n');
    Ok(String::from_utf8(bytes)?)
}

fn total(sum: Sum) -> Total {
    Total { expected_month: nine(sum.expected), worst_month: nine(sum.worst), peak_hour: nine(sum.peak) }
}

fn object(line: &CostLine) -> Object {
    let (identity, estimate) = (&line.identity, &line.estimate);
    let text = |text: &Option<std::sync::Arc<str>>| text.as_ref().map(ToString::to_string);
    Object {
        kind: identity.kind.to_string(),
        namespace: text(&identity.namespace),
        name: text(&identity.name)
            .or_else(|| identity.generate_name.as_ref().map(|prefix| format!("{prefix}*"))),
        expected_month: nine(estimate.expected_month()),
        worst_month: nine(estimate.worst_month()),
        peak_hour: nine(estimate.peak_hour()),
        unbounded: estimate.unbounded.iter().map(ToString::to_string).collect(),
        unpriced: estimate.unpriced.iter().map(ToString::to_string).collect(),
        capped_month: estimate.capped.map(nine),
        unknown: estimate.unknown.clone(),
    }
}
