//! Whether a pod tolerates the taints that would keep it away.

use super::Taint;
use crate::node::Node;
use crate::{EstimateError, EstimateProblem};

/// Taints of the node lifecycle that the DaemonSet controller makes its pods tolerate.
const DAEMON: [&str; 7] = [
    "node.kubernetes.io/not-ready",
    "node.kubernetes.io/unreachable",
    "node.kubernetes.io/disk-pressure",
    "node.kubernetes.io/memory-pressure",
    "node.kubernetes.io/pid-pressure",
    "node.kubernetes.io/unschedulable",
    "node.kubernetes.io/network-unavailable",
];

/// Every taint that schedules or evicts is tolerated; what is only preferred keeps nobody away.
pub(super) fn tolerates(
    sources: [&Node<'_, '_>; 2],
    taints: &[Taint],
    daemon: bool,
) -> Result<bool, EstimateError> {
    for taint in taints {
        let free = &*taint.effect == "PreferNoSchedule" || (daemon && DAEMON.contains(&&*taint.key));
        if !free && !covered(sources, taint)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn covered(sources: [&Node<'_, '_>; 2], taint: &Taint) -> Result<bool, EstimateError> {
    for source in sources {
        for toleration in source.get("tolerations").list()? {
            if covers(&toleration, taint)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn covers(toleration: &Node<'_, '_>, taint: &Taint) -> Result<bool, EstimateError> {
    let text = |key: &str| toleration.get(key).text().map(Option::unwrap_or_default);
    let (key, value, effect) = (text("key")?, text("value")?, text("effect")?);
    let operator = toleration.get("operator");
    let numbers = || Some((taint.value.parse::<i64>().ok()?, value.parse::<i64>().ok()?));
    let tolerated = match operator.text()?.unwrap_or_default() {
        "" | "Equal" => key == &*taint.key && value == &*taint.value,
        "Exists" => key.is_empty() || key == &*taint.key,
        "Gt" => key == &*taint.key && numbers().is_some_and(|(taint, value)| taint > value),
        "Lt" => key == &*taint.key && numbers().is_some_and(|(taint, value)| taint < value),
        other => {
            let known = "`Equal`, `Exists`, `Gt`, `Lt`";
            return Err(operator.wrong(EstimateProblem::Word { found: other.to_owned(), known }));
        }
    };
    Ok(tolerated && (effect.is_empty() || effect == &*taint.effect))
}
