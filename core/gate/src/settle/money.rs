//! Settles claims on budgets: all of a change fit, or none of them is held.

use tollgate_budget::{
    Account, ClaimError, Claimed, HoldKey, Limit, Movement, Refusal, Shortfall, Surge, SurgeLimit,
};
use tollgate_vocabulary::{Effect, Finding, Judge, Origin, Path, RuleId, Severity};

use crate::cost::CostRules;
use crate::{Bundle, Claim, Judged};

/// What the claims of a change come to.
#[derive(Default)]
pub(super) struct Settled {
    pub(super) findings: Vec<Finding>,
    pub(super) movements: Vec<Movement>,
}

pub(super) fn settle(judged: &Judged, account: &Account, bundle: &Bundle) -> Settled {
    let Some(rules) = bundle.cost() else { return Settled::default() };
    let claims: Vec<(usize, tollgate_budget::Claim)> = judged
        .claims
        .iter()
        .filter_map(|claim| match claim {
            Claim::Money { subject, claim, .. } => Some((*subject, (**claim).clone())),
            Claim::Rate { .. } | Claim::Quote { .. } => None,
        })
        .collect();
    if claims.is_empty() {
        return Settled::default();
    }
    let (subjects, claims): (Vec<usize>, Vec<_>) = claims.into_iter().unzip();
    let of = |key: &HoldKey| {
        let of_key = claims.iter().zip(&subjects).find(|(claim, _)| claim.key == *key);
        of_key.map_or(0, |(_, subject)| *subject)
    };
    let settled = if judged.planned {
        account.plan_all(&claims, &rules.budgets, judged.at)
    } else {
        account.claim_all(&claims, &rules.budgets, judged.at)
    };
    match settled {
        Ok(Claimed { movements, notes }) => {
            let findings = notes.iter().map(|note| Finding { subject: of(&note.key), ..passed(note, rules) });
            // A change that takes effect has one subject: what of it is not held moves nothing.
            let held = judged.claims.iter().all(|claim| !matches!(claim, Claim::Money { held: false, .. }));
            Settled { findings: findings.collect(), movements: if held { movements } else { Vec::new() } }
        }
        Err(ClaimError::Refused(refusal)) => {
            let Refusal { shortfalls, surges, crowded, notes } = *refusal;
            let passed = shortfalls
                .iter()
                .chain(&notes)
                .map(|at| Finding { subject: of(&at.key), ..passed(at, rules) });
            let surged = surges.iter().map(|surge| Finding { subject: of(&surge.key), ..surged(surge) });
            let crowded = crowded.iter().map(|key| Finding { subject: of(key), ..too_many(key) });
            Settled { findings: passed.chain(surged).chain(crowded).collect(), movements: Vec::new() }
        }
        Err(ClaimError::Account(error)) => {
            let finding = finding("cost.unreadable", format!("what this takes cannot be counted: {error}"));
            let subject = subjects.first().copied().unwrap_or(0);
            Settled { findings: vec![Finding { subject, ..finding }], movements: Vec::new() }
        }
    }
}

/// A limit of a budget that would be passed, with the arithmetic.
fn passed(shortfall: &Shortfall, rules: &CostRules) -> Finding {
    let budget = rules.budgets.find(&shortfall.budget);
    let owner = budget.map_or_else(|| "its owner".to_owned(), |budget| format!("`{}`", budget.owner));
    let (what, remedy) = match shortfall.limit {
        Limit::Expected { .. } => {
            ("is passed", "ask for less, give something back, or have the amount raised by")
        }
        Limit::Worst => (
            "could be passed too far",
            "lower what it may grow to (an autoscaler's maximum), or have `exposure` raised by",
        ),
        Limit::Peak => ("is passed in the dearest hour", "run less at once, or have `peakPerHour` raised by"),
        Limit::Gpus => ("has no GPUs left", "ask for fewer GPUs, or have `gpus` raised by"),
    };
    Finding {
        effect: shortfall.effect,
        expected: Some(format!("at most {}", shortfall.most)),
        found: Some(shortfall.total.to_string()),
        remedy: Some(format!("{remedy} {owner}")),
        policy: budget.map(|budget| budget.place.clone()),
        ..finding(
            &format!("budget.{}", shortfall.budget),
            format!("budget `{}` {what}: {shortfall}", shortfall.budget),
        )
    }
}

/// One identity that makes too much in too little time.
fn surged(surge: &Surge) -> Finding {
    let rule = match surge.limit {
        SurgeLimit::PerHour { .. } => "cost.growth",
        SurgeLimit::Objects { .. } => "cost.fan-out",
    };
    Finding {
        remedy: Some("wait for the next window, or have the limit in `[cost.limits]` raised".to_owned()),
        ..finding(rule, format!("whoever asks ({}) adds too much at once: {surge}", surge.principal))
    }
}

fn too_many(key: &HoldKey) -> Finding {
    let message = format!("too many changes of `{key}` are on their way");
    Finding {
        remedy: Some("wait until those before have shown in the cluster".to_owned()),
        ..finding("cost.crowded", message)
    }
}

fn finding(rule: &str, message: String) -> Finding {
    Finding {
        rule: RuleId::new(rule),
        origin: Origin::Judge(Judge::Cost),
        effect: Effect::Deny,
        severity: Severity::High,
        message,
        subject: 0,
        path: Path::root(),
        expected: None,
        found: None,
        remedy: None,
        policy: None,
        exception: None,
    }
}
