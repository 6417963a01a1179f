//! Cost bombs: what no single change may do at once, whatever its budgets have left.

use tollgate_estimate::Estimate;
use tollgate_price::Charge;
use tollgate_vocabulary::{Finding, Path, Ratio};

use super::finding;
use super::transition::Transition;
use crate::cost::CostRules;

/// What one change does too much of.
pub(super) fn findings(
    rules: &CostRules,
    transition: &Transition<'_>,
    before: Option<&Estimate>,
    after: &Estimate,
) -> Vec<Finding> {
    let limits = rules.limits();
    let nothing = Charge::zero(after.charge.currency());
    let was = before.map_or(nothing, |before| before.charge);
    let mut findings = Vec::new();
    let peak = limits.peak_per_hour.and_then(|limit| rules.money(limit));
    if let (Some(limit), Ok(growth)) = (peak, after.charge.peak.minus(was.peak))
        && growth.units() > limit.units()
    {
        findings.push(Finding {
            path: transition.path(&Path::root()),
            expected: Some(format!("at most {limit} an hour more at its peak")),
            found: Some(format!("{growth} an hour more")),
            remedy: Some(
                "ask for less at once, or have `peak_per_hour` in `[cost.limits]` raised".to_owned(),
            ),
            ..finding("cost.peak", format!("this change adds {growth} an hour at its peak"))
        });
    }
    let gpus = after.charge.gpus.minus(was.gpus).unwrap_or(after.charge.gpus);
    if let Some(limit) = limits.gpus.filter(|limit| gpus > *limit) {
        findings.push(Finding {
            path: transition.path(&Path::root()),
            expected: Some(format!("at most {limit} GPUs more")),
            found: Some(format!("{gpus} GPUs more")),
            remedy: Some("ask for fewer at once, or have `gpus` in `[cost.limits]` raised".to_owned()),
            ..finding("cost.gpu-grab", format!("this change adds {gpus} GPUs"))
        });
    }
    findings.extend(replica_ratio(rules, transition, before, after));
    findings
}

/// An autoscaler that may multiply what is running.
fn replica_ratio(
    rules: &CostRules,
    transition: &Transition<'_>,
    before: Option<&Estimate>,
    after: &Estimate,
) -> Option<Finding> {
    let limit = rules.limits().replica_ratio?;
    let ratio = |estimate: &Estimate| -> Option<Ratio> {
        let replicas = estimate.replicas?;
        Ratio::new(replicas.worst.into(), u128::from(replicas.expected.max(1)))
    };
    let now = ratio(after).filter(|ratio| *ratio > limit)?;
    if before.and_then(ratio).is_some_and(|was| was >= now) {
        return None;
    }
    Some(Finding {
        path: transition.path(&Path::of_keys(&["spec", "replicas"])),
        expected: Some(format!("at most {limit} times as many replicas as run")),
        found: Some(format!("{now} times")),
        remedy: Some("lower the autoscaler's maximum, or run more replicas to begin with".to_owned()),
        ..finding("cost.replica-ratio", format!("this may grow to {now} times its replicas"))
    })
}
