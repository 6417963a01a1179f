//! Claims: what a change would take, checked against all budgets that it names before any of it moves.
//!
//! ```text
//! claim ──its hold with the claim in it──> what grows, of which budget ──> the limits on that ──> all fit: movements
//!                                                                                      └── one does not: Refusal
//! ```
//!
//! INVARIANT: a limit is checked where the claim makes its sum larger, and only there: shrinking passes, also over the
//! limit, and releases nothing before it is seen.

use std::sync::Arc;

use jiff::Timestamp;
use tollgate_price::Charge;
use tollgate_vocabulary::{Effect, Money};

use super::draft::Draft;
use super::limit::Step;
use super::{Account, AccountError};
use crate::{Balance, Budgets, Entry, Growth, GrowthLimit, Hold, HoldKey, Movement, Shortfall, Surge, Uid};

/// How many claims of one object may be on their way at once. More that grow are refused, so that nobody can make an
/// entry of the ledger as long as they like.
pub const PENDING_CLAIMS: usize = 32;

/// What a change would take for one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// the object
    pub key: HoldKey,
    /// its `metadata.uid`, where it has one
    pub uid: Option<Uid>,
    /// what it would take
    pub charge: Charge,
    /// the budgets that it is of, by name
    pub budgets: Vec<Arc<str>>,
    /// who asks, as a keyed token
    pub principal: Arc<str>,
    /// in how many seconds it must have shown; longer than a request can take
    pub expires_after: i64,
    /// how fast things of `principal` may grow
    pub growth: Option<GrowthLimit>,
}

/// What granted claims come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claimed {
    /// what to do
    pub movements: Vec<Movement>,
    /// thresholds passed that do not deny
    pub notes: Vec<Shortfall>,
}

/// Why claims are not granted. Nothing moved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// limits of budgets that would be passed
    pub shortfalls: Vec<Shortfall>,
    /// limits on growth that would be passed
    pub surges: Vec<Surge>,
    /// objects with [`PENDING_CLAIMS`] claims on their way
    pub crowded: Vec<HoldKey>,
    /// thresholds passed that do not deny
    pub notes: Vec<Shortfall>,
}

/// Why claims are not granted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// there is not enough
    #[error("there is not enough left")]
    Refused(Box<Refusal>),
    /// they cannot be counted
    #[error(transparent)]
    Account(#[from] AccountError),
}

impl Account {
    /// What one claim comes to. All its budgets must fit.
    ///
    /// # Errors
    /// It does not fit, or cannot be counted. Nothing moved.
    pub fn claim(&self, claim: &Claim, budgets: &Budgets, at: Timestamp) -> Result<Claimed, ClaimError> {
        self.claim_all(std::slice::from_ref(claim), budgets, at)
    }

    /// What the claims of one change come to, each after those before it. All of them must fit, or none moves.
    ///
    /// # Errors
    /// They do not fit, or cannot be counted. Nothing moved.
    pub fn claim_all(
        &self,
        claims: &[Claim],
        budgets: &Budgets,
        at: Timestamp,
    ) -> Result<Claimed, ClaimError> {
        self.all(claims, budgets, at, Span::Rest)
    }

    /// The same, as if each budget's period began now and nothing of it were spent: what something comes to that nobody
    /// asks for yet, whatever the day of the month. Nothing of it is to be done.
    ///
    /// # Errors
    /// They do not fit, or cannot be counted.
    pub fn plan_all(
        &self,
        claims: &[Claim],
        budgets: &Budgets,
        at: Timestamp,
    ) -> Result<Claimed, ClaimError> {
        self.all(claims, budgets, at, Span::Whole)
    }

    fn all(
        &self,
        claims: &[Claim],
        budgets: &Budgets,
        at: Timestamp,
        span: Span,
    ) -> Result<Claimed, ClaimError> {
        let mut draft = Draft::new(self, at.as_second());
        let mut refusal = Refusal::default();
        for claim in claims {
            one(&mut draft, claim, budgets, span, &mut refusal)?;
        }
        let Refusal { shortfalls, surges, crowded, notes } = &mut refusal;
        if shortfalls.is_empty() && surges.is_empty() && crowded.is_empty() {
            let notes = std::mem::take(notes);
            Ok(Claimed { movements: draft.into_movements(), notes })
        } else {
            Err(ClaimError::Refused(Box::new(refusal)))
        }
    }
}

/// Which hours of its period a claim is counted over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Span {
    /// those that are left
    Rest,
    /// all of them
    Whole,
}

/// Adds a claim to the draft, or what is against it to the refusal.
fn one(
    draft: &mut Draft<'_>,
    claim: &Claim,
    budgets: &Budgets,
    span: Span,
    refusal: &mut Refusal,
) -> Result<(), AccountError> {
    check_charge(&claim.key, &claim.charge)?;
    draft.look_up(&claim.key);
    let hold = draft.hold(&claim.key);
    if hold.is_none() && claim.charge.is_zero() {
        return Ok(());
    }
    let next = pending(hold, claim, draft.at);
    let (mut moved, mut passed) = (Vec::new(), Vec::new());
    for name in &claim.budgets {
        let budget = budgets.find(name).ok_or_else(|| AccountError::NoBudget(Arc::clone(name)))?;
        let on = |hold: Option<&Hold>| hold.map_or(Ok(None), |hold| hold.charge_on(name));
        let (before, after) = (on(hold)?, on(next.as_ref().or(hold))?);
        if after != before {
            let balance = draft.open(budget)?.at(draft.at)?;
            let (counted, at) = match span {
                Span::Rest => (balance, draft.at),
                Span::Whole => {
                    let (accrued, as_of) = (Money::zero(budget.currency()), balance.period.start);
                    (Balance { accrued, as_of, ..balance }, as_of)
                }
            };
            Step { budget, balance: counted, before, after }.check(&claim.key, at, &mut passed)?;
            moved.push((Arc::clone(&budget.name), balance.changed(before, after, None)?));
        }
    }
    let grows = !moved.is_empty();
    let (denied, notes): (Vec<_>, Vec<_>) =
        passed.into_iter().partition(|passed: &Shortfall| passed.effect == Effect::Deny);
    refusal.notes.extend(notes);
    let growth = grown(draft, claim, hold)?;
    let crowded = next.as_ref().is_some_and(|next| next.claims().len() > PENDING_CLAIMS);
    if !denied.is_empty() || growth.is_err() || (crowded && grows) {
        refusal.shortfalls.extend(denied);
        refusal.surges.extend(growth.err().unwrap_or_default());
        refusal.crowded.extend((crowded && grows).then(|| claim.key.clone()));
        return Ok(());
    }
    // One too many that does not grow passes all the same: what is held is enough for it.
    if next.is_some() && !crowded {
        draft.put(&claim.key, next, moved);
    }
    if let Ok(Some(window)) = growth {
        draft.set_growth(Arc::clone(&claim.principal), window);
    }
    Ok(())
}

/// The hold with the claim on its way; nothing where it asks for what is there.
fn pending(hold: Option<&Hold>, claim: &Claim, at: i64) -> Option<Hold> {
    let expires = at.saturating_add(claim.expires_after);
    let mut claims = hold.map(Hold::claims).unwrap_or_default().to_vec();
    let observed = hold.and_then(Hold::observed);
    let same =
        |entry: &Entry| entry.uid() == claim.uid.as_ref() && entry.equals(&claim.charge, &claim.budgets);
    match claims.last_mut() {
        // Something else of the object changed, or it is admitted again: one outcome settles both. Two that have no UID
        // may be two objects, one after the other.
        Some(last) if claim.uid.is_some() && same(last) => *last = last.extended(expires),
        None if observed.is_some_and(same) => return None,
        _ => claims.push(Entry::claimed(claim.uid.clone(), &claim.charge, &claim.budgets, at, expires)),
    }
    Hold::of(observed.cloned(), claims)
}

/// The principal's window after the claim, where it is counted and the claim adds to it; or the limits that are against.
fn grown(
    draft: &Draft<'_>,
    claim: &Claim,
    hold: Option<&Hold>,
) -> Result<Result<Option<Growth>, Vec<Surge>>, AccountError> {
    let Some(limit) = &claim.growth else { return Ok(Ok(None)) };
    let currency = claim.charge.currency();
    let before = hold.map_or(Ok(None), Hold::peak)?.unwrap_or(Money::zero(currency));
    let added = before.or_more(claim.charge.peak)?.minus(before)?;
    let created = hold.is_none();
    if added.is_zero() && !created {
        return Ok(Ok(None));
    }
    let window = Growth::counted(draft.growth(&claim.principal), draft.at, limit.window, currency);
    let surge = |limit_passed| Surge {
        key: claim.key.clone(),
        principal: Arc::clone(&claim.principal),
        window: limit.window,
        limit: limit_passed,
    };
    let grown = window.grown(added, created, limit)?;
    Ok(grown.map(Some).map_err(|passed| passed.into_iter().map(surge).collect()))
}

/// That no part of a charge is less than nothing: it would make room that nobody gave.
pub(super) fn check_charge(key: &HoldKey, charge: &Charge) -> Result<(), AccountError> {
    let Charge { expected, worst, peak, .. } = charge;
    let parts = [expected.per_hour, expected.once, worst.per_hour, worst.once, *peak];
    if parts.into_iter().any(Money::is_negative) {
        return Err(AccountError::Negative(key.clone()));
    }
    Ok(())
}
