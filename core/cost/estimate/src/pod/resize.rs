//! What a running pod holds while its resources are resized in place.
//!
//! Per container the largest of what is wanted, what is allocated and what runs; where a resize is infeasible, what is
//! wanted does not count.

use crate::node::Node;
use crate::{EstimateError, Quantity};

/// A pod's request after its status has had its say.
pub(super) fn resized(
    status: &Node<'_, '_>,
    list: &str,
    container: &str,
    resource: &str,
    wanted: Quantity,
) -> Result<Quantity, EstimateError> {
    if !status.is_set() {
        return Ok(wanted);
    }
    for entry in status.get(list).list()? {
        if entry.get("name").text()? != Some(container) {
            continue;
        }
        let allocated = entry.get("allocatedResources").get(resource).quantity()?;
        let resources = entry.get("resources");
        let running = resources.get("requests").get(resource).quantity()?;
        let Some(held) = allocated.max(running) else { break };
        return Ok(if infeasible(status)? { held } else { held.max(wanted) });
    }
    Ok(wanted)
}

fn infeasible(status: &Node<'_, '_>) -> Result<bool, EstimateError> {
    for condition in status.get("conditions").list()? {
        let is = |key: &str, word: &str| condition.get(key).text().map(|text| text == Some(word));
        if is("type", "PodResizePending")? && is("reason", "Infeasible")? {
            return Ok(true);
        }
    }
    Ok(false)
}
