//! Whether a pod's node selector and its required node affinity choose nodes with given labels.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::node::Node;
use crate::{EstimateError, EstimateProblem};

type Labels = BTreeMap<Arc<str>, Arc<str>>;

/// Both must hold.
pub(super) fn selects(pod: &Node<'_, '_>, labels: &Labels) -> Result<bool, EstimateError> {
    if !has_all(&pod.get("nodeSelector"), labels)? {
        return Ok(false);
    }
    let affinity = pod.get("affinity");
    let node_affinity = affinity.get("nodeAffinity");
    let required = node_affinity.get("requiredDuringSchedulingIgnoredDuringExecution");
    let terms = required.get("nodeSelectorTerms");
    if !terms.is_set() {
        return Ok(true);
    }
    // One term is enough.
    for term in terms.list()? {
        if holds(&term, labels)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Every label of a selector is there.
pub(super) fn has_all(selector: &Node<'_, '_>, labels: &Labels) -> Result<bool, EstimateError> {
    for (key, value) in selector.entries()? {
        if labels.get(&**key).map(|label| &**label) != value.text()? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// All its expressions hold; an empty term holds for no node. Which node has which name is not known here, so that
/// fields are taken to hold.
fn holds(term: &Node<'_, '_>, labels: &Labels) -> Result<bool, EstimateError> {
    let mut any = term.get("matchFields").list()?.next().is_some();
    for expression in term.get("matchExpressions").list()? {
        any = true;
        if !meets(&expression, labels)? {
            return Ok(false);
        }
    }
    Ok(any)
}

fn meets(expression: &Node<'_, '_>, labels: &Labels) -> Result<bool, EstimateError> {
    let label = labels.get(expression.get("key").text()?.unwrap_or_default()).map(|label| &**label);
    let operator = expression.get("operator");
    let values = expression.get("values");
    let mut found = false;
    let mut bound = None;
    for value in values.list()? {
        let value = value.text()?;
        found |= value == label;
        bound = bound.or(value);
    }
    let numbers = || Some((label?.parse::<i64>().ok()?, bound?.parse::<i64>().ok()?));
    match operator.text()?.unwrap_or_default() {
        "In" => Ok(found && label.is_some()),
        "NotIn" => Ok(!found),
        "Exists" => Ok(label.is_some()),
        "DoesNotExist" => Ok(label.is_none()),
        "Gt" => Ok(numbers().is_some_and(|(label, bound)| label > bound)),
        "Lt" => Ok(numbers().is_some_and(|(label, bound)| label < bound)),
        other => {
            let known = "`In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt`, `Lt`";
            Err(operator.wrong(EstimateProblem::Word { found: other.to_owned(), known }))
        }
    }
}
