//! What an object that exists takes of budgets: the same estimate as when it was asked for, of what really came to be.
//!
//! Nothing is judged here. Where a fact is missing, nothing is said: what was held stays held.

use std::sync::Arc;

use tollgate_budget::{HoldKey, Matching, Observed, Uid};
use tollgate_estimate::Around;
use tollgate_price::Charge;
use tollgate_vocabulary::{Fact, ObjectName, Question, Timestamp, Value};

use super::cover::{self, Covered};
use super::{owner, transition};
use crate::{Bundle, Facts, Home};

/// What an object that exists comes to.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time, and it is taken apart at once")]
pub enum Observation {
    /// the rules say nothing of money
    Free,
    /// these must be learned first
    Need(Vec<Question>),
    /// what it takes cannot be known now
    Unknown(String),
    /// it takes this
    Takes {
        /// the key that it is held under
        key: HoldKey,
        /// what it takes
        observed: Observed,
        /// whether it has run to its end
        finished: bool,
        /// whether somebody else pays for it, unless it was charged on its own
        owned: bool,
        /// whether a part of it has no price now: what it takes is not less than what was known before
        incomplete: bool,
    },
}

/// What `value`, an object that exists, takes. `plural` is its resource.
#[must_use]
pub fn observe(
    bundle: &Bundle,
    name: &ObjectName,
    plural: &str,
    value: &Value,
    facts: &Facts,
    at: Timestamp,
) -> Observation {
    let Some(rules) = bundle.cost() else { return Observation::Free };
    let takes = |charge, budgets, owned, incomplete| {
        let text = |key| value.get("metadata").and_then(|metadata| metadata.get(key)).and_then(Value::as_str);
        let Some(uid) = text("uid") else { return Observation::Unknown("it has no UID".to_owned()) };
        let version = text("resourceVersion").and_then(|version| version.parse().ok());
        Observation::Takes {
            key: transition::key(&name.group, plural, name),
            observed: Observed { uid: Uid::new(uid), charge, budgets, version },
            finished: has_run(&name.kind, value),
            owned,
            incomplete,
        }
    };
    // Something may be held for it all the same: for a Service that was a load balancer, say.
    // What a custom resource's controller makes pays for itself when it comes.
    if !tollgate_estimate::may_cost(value) || tollgate_estimate::is_custom(value) {
        return takes(Charge::zero(rules.book.currency()), Vec::new(), false, false);
    }
    let around = Question::Around(name.clone());
    let around = match facts.answer(&around) {
        Fact::NotGathered => return Observation::Need(vec![around]),
        Fact::Unavailable { why } => return Observation::Unknown(why.to_string()),
        Fact::Absent { .. } => Around::default(),
        Fact::Known { value: around, .. } => Around::of_fact(around, value),
    };
    // That somebody else pays for it is said apart: what was charged on its own stays so.
    let owned = owner::payer(value).is_some() || around.owner.is_some();
    let around = Around { owner: None, ..around };
    let home = match &name.namespace {
        Some(namespace) => Home::Namespace(Arc::clone(namespace)),
        None => Home::Cluster,
    };
    let Covered { matching, question } = cover::budgets(rules, value, name, &home, facts);
    let budgets = match matching {
        Matching::Budgets(budgets) => budgets,
        Matching::NeedsNamespace => return Observation::Need(question.into_iter().collect()),
        Matching::Unavailable { why, .. } => return Observation::Unknown(why.to_string()),
    };
    let (charge, incomplete) = match rules.estimator(at).estimate(value, &around) {
        Ok(Some(estimate)) => (estimate.charge, !estimate.unpriced.is_empty()),
        Ok(None) => (Charge::zero(rules.book.currency()), false),
        Err(error) => return Observation::Unknown(error.to_string()),
    };
    takes(charge, budgets, owned, incomplete)
}

/// Whether a Job or a Pod has come to its end.
pub(super) fn has_run(kind: &str, value: &Value) -> bool {
    let Some(status) = value.get("status") else { return false };
    if kind == "Pod" {
        return matches!(status.get("phase").and_then(Value::as_str), Some("Succeeded" | "Failed"));
    }
    let conditions = status.get("conditions").and_then(Value::as_array).unwrap_or_default();
    kind == "Job"
        && conditions.iter().any(|condition| {
            let text = |key| condition.get(key).and_then(Value::as_str);
            matches!(text("type"), Some("Complete" | "Failed")) && text("status") == Some("True")
        })
}
