//! Figures and reasons in words.

use tollgate_flow::{Changed, CostLine};
use tollgate_manifest::Identity;
use tollgate_vocabulary::{Money, Rounding};

/// `Deployment shop/api`
pub(super) fn name(identity: &Identity) -> String {
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

/// A month as expected; a dash where there is nothing.
pub(super) fn month(line: Option<&CostLine>) -> String {
    line.map_or_else(|| "-".to_owned(), |line| cents(line.estimate.expected_month()))
}

/// Why an object costs something else, in a few words; nothing where the figures say all.
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
        let each = |month: Money, replicas: u64| {
            let part = tollgate_vocabulary::Ratio::new(1, replicas.into())?;
            month.times(part, Rounding::HalfUp).ok()
        };
        let was = each(before.expected_month(), was.expected).map(cents);
        let is = each(after.expected_month(), is.expected).map(cents);
        if let (Some(was), Some(is)) = (was, is)
            && was != is
        {
            reasons.push(format!("each {was} -> {is}"));
        }
    }
    if before.charge.gpus != after.charge.gpus {
        reasons.push(format!("GPUs {} -> {}", before.charge.gpus, after.charge.gpus));
    }
    for (word, was, is) in [
        ("without a bound", before.unbounded.len(), after.unbounded.len()),
        ("without a price", before.unpriced.len(), after.unpriced.len()),
    ] {
        if was != is {
            reasons.push(format!("{word} {was} -> {is}"));
        }
    }
    if before.capped != after.capped {
        let cap = |cap: Option<Money>| cap.map_or_else(|| "none".to_owned(), cents);
        reasons.push(format!("cap {} -> {}", cap(before.capped), cap(after.capped)));
    }
    reasons.join(", ")
}
