//! Settles what is contended, in ledger order, inside the recording transaction.
//!
//! ```text
//! Judged + State ──settle──> Verdict + Effects ──State::apply──> State of the next
//! ```
//!
//! [`State`] is true only in its serial place: nobody else reads it, and every change of it is an effect in an entry,
//! so that folding the entries of a ledger gives the state again.

mod effect;
mod money;

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_budget::Account;
use tollgate_vocabulary::{Digest, Effect, Finding, Judge, Origin, Path, RuleId, Severity, Timestamp};

pub use effect::{Effects, ReadEffectsError, StateChange};

use crate::{Bundle, Claim, Judged, Ruling, Verdict};

/// Quotes that are forgotten when another is redeemed.
const FORGOTTEN: usize = 8;

/// What is contended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// the bundle in force
    pub bundle: Option<Digest>,
    /// by principal: the window that is counted, and how many changes were allowed in it
    pub rates: BTreeMap<String, Window>,
    /// what is held on budgets, and what they have spent
    pub account: Account,
    /// quotes that were redeemed and still hold, by the digest of their text
    pub quotes: BTreeMap<Digest, Redeemed>,
}

/// A quote that was redeemed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redeemed {
    /// the incarnation that redeemed it
    pub by: Arc<str>,
    /// until when it holds, and so must be remembered; in seconds since 1970
    pub expires: i64,
}

/// Changes counted in one window of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// when it began, in seconds since 1970
    pub start: i64,
    /// changes allowed in it
    pub count: u64,
}

/// The bundle changed between judging and settling: judge again under the one in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("judged under bundle {judged}, but {in_force} is in force")]
pub struct Superseded {
    /// the bundle it was judged under
    pub judged: Digest,
    /// the bundle in force
    pub in_force: Digest,
}

/// The verdict on a change that was judged under `bundle`, and what it does to the state. Pure: the time is the change's
/// own. What is no live change does nothing to the state.
///
/// # Errors
/// [`Superseded`] where another bundle is in force by now.
pub fn settle(judged: &Judged, state: &State, bundle: &Bundle) -> Result<(Verdict, Effects), Superseded> {
    if let Some(in_force) = state.bundle.filter(|digest| *digest != judged.bundle) {
        return Err(Superseded { judged: judged.bundle, in_force });
    }
    let mut findings = judged.findings.clone();
    let mut changes = Vec::new();
    for claim in &judged.claims {
        match claim {
            Claim::Rate { principal, changes: limit, window } => {
                let counted = count(state.rates.get(principal), judged.at, *window);
                if counted.count > *limit {
                    findings.push(too_many(principal, *limit, *window));
                } else {
                    changes.push(StateChange::Rate { principal: principal.clone(), window: counted });
                }
            }
            Claim::Money { .. } => {}
            Claim::Quote { subject, quote, by, expires } => match state.quotes.get(quote) {
                // Asked again for the same incarnation: an API server that got no answer does so.
                Some(redeemed) if redeemed.by == *by => {}
                Some(redeemed) => findings.push(used(*subject, redeemed)),
                None => {
                    changes.extend(forgotten(state, judged.at));
                    let redeemed = Redeemed { by: Arc::clone(by), expires: expires.as_second() };
                    changes.push(StateChange::Quote { quote: *quote, redeemed: Some(redeemed) });
                }
            },
        }
    }
    let money = money::settle(judged, &state.account, bundle);
    findings.extend(money.findings);
    changes.extend(money.movements.into_iter().map(StateChange::Money));
    let verdict = Verdict::of(judged.subjects, findings, judged.judged.clone());
    // What is refused takes nothing, and what is only asked about neither.
    let effects = if judged.live && verdict.ruling == Ruling::Allow {
        Effects::new(changes)
    } else {
        Effects::default()
    };
    Ok((verdict, effects))
}

impl State {
    /// The state after `effects`.
    pub fn apply(&mut self, effects: &Effects) {
        for change in effects.changes() {
            match change {
                StateChange::Bundle(digest) => self.bundle = Some(*digest),
                StateChange::Rate { principal, window } => {
                    self.rates.insert(principal.clone(), *window);
                }
                StateChange::Money(movement) => self.account.apply(movement),
                StateChange::Quote { quote, redeemed: Some(redeemed) } => {
                    self.quotes.insert(*quote, redeemed.clone());
                }
                StateChange::Quote { quote, redeemed: None } => drop(self.quotes.remove(quote)),
            }
        }
    }
}

/// The window that `at` falls into, one change more in it. Windows lie on multiples of their length, so that a clock
/// that goes back cannot open one twice.
fn count(last: Option<&Window>, at: Timestamp, length: i64) -> Window {
    let start = at.as_second().div_euclid(length.max(1)).saturating_mul(length.max(1));
    match last {
        Some(last) if last.start >= start => {
            Window { start: last.start, count: last.count.saturating_add(1) }
        }
        _ => Window { start, count: 1 },
    }
}

/// Quotes that hold no more need not be remembered: they are refused for that. A few at a time.
fn forgotten(state: &State, at: Timestamp) -> impl Iterator<Item = StateChange> {
    let over = state.quotes.iter().filter(move |(_, redeemed)| redeemed.expires <= at.as_second());
    over.take(FORGOTTEN).map(|(quote, _)| StateChange::Quote { quote: *quote, redeemed: None })
}

fn used(subject: usize, redeemed: &Redeemed) -> Finding {
    Finding {
        rule: RuleId::new("cost.quote"),
        origin: Origin::Judge(Judge::Cost),
        effect: Effect::Deny,
        severity: Severity::High,
        message: format!("its quote was redeemed before, by `{}`", redeemed.by),
        subject,
        path: Path::of_keys(&["metadata", "annotations"]),
        expected: Some("a quote of its own".to_owned()),
        found: None,
        remedy: Some("check it again with `tollgate check --quote`".to_owned()),
        policy: None,
        exception: None,
    }
}

fn too_many(principal: &str, limit: u64, window: i64) -> Finding {
    Finding {
        rule: RuleId::new("gate.rate"),
        origin: Origin::Gate,
        effect: Effect::Deny,
        severity: Severity::Medium,
        message: format!("whoever asks ({principal}) has made {limit} changes in this window already"),
        subject: 0,
        path: Path::root(),
        expected: Some(format!("at most {limit} changes in {window} s")),
        found: Some(format!("change {}", limit.saturating_add(1))),
        remedy: Some("wait for the next window, or raise `[rate]` in tollgate.toml".to_owned()),
        policy: None,
        exception: None,
    }
}
