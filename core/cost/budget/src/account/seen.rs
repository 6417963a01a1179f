//! What becomes of one hold when something was seen of its object: pure steps from hold to hold.
//!
//! ```text
//! claims, oldest first:   [ a  b  c  d ]      seen = c
//!                           └──┴──┘  └── later than what was seen: stays
//!                           arrived, or overtaken: dropped, but for claims on other incarnations
//! ```
//!
//! INVARIANT: an entry that ends is paid for once, as one incarnation: what was observed if it was observed, else the
//! most of what was asked for.

use super::AccountError;
use super::life::Observed;
use super::spent::Spent;
use crate::{Entry, Hold, Uid};

/// What becomes of a hold.
pub(super) enum Change {
    /// nothing
    None,
    /// this, and what is paid for runs that ended
    To(Option<Hold>, Spent),
}

/// It exists as `now`. With `read`, the time at which a consistent read began, claims that had expired by then go.
pub(super) fn exists(
    hold: Option<&Hold>,
    now: &Observed,
    at: i64,
    read: Option<i64>,
) -> Result<Change, AccountError> {
    let old = hold.and_then(Hold::observed);
    let claims = hold.map(Hold::claims).unwrap_or_default();
    let overdue = |claim: &&Entry| read.is_some_and(|read| claim.expires() <= Some(read));
    let (mut dropped, mut kept): (Vec<&Entry>, Vec<&Entry>) = claims.iter().partition(overdue);
    let known = is_known(old, now) || old.is_some_and(|old| is_newer(old, now, read));
    if known && dropped.is_empty() {
        return Ok(Change::None);
    }
    let same = old.filter(|old| old.uid() == Some(&now.uid));
    // What takes as much as before may have changed in its status only, and is the outcome of nothing.
    if !known && same.is_none_or(|same| same.charge() != now.charge) {
        arrive(&mut kept, &mut dropped, now);
    }
    let kept: Vec<Entry> = kept.into_iter().cloned().collect();
    let mut spent = Spent::default();
    // Claims on an incarnation of which nothing else is known: it may have run, and never been seen.
    let foreign = |claim: &Entry| !claim.may_be(&now.uid) && old.is_none_or(|old| old.uid() != claim.uid());
    spent.end(dropped.iter().copied().filter(|claim| foreign(claim)), at)?;
    if known {
        return Ok(Change::To(Hold::of(old.cloned(), kept), spent));
    }
    let (since, seen) = match same {
        Some(same) => {
            spent.lessen(same, now, at)?;
            (same.since(), same.seen().unwrap_or(at))
        }
        None => {
            spent.end(old, at)?;
            let own = dropped.iter().filter(|claim| claim.may_be(&now.uid));
            (own.map(|claim| claim.since()).min().unwrap_or(at), at)
        }
    };
    let entry = (!now.charge.is_zero())
        .then(|| Entry::observed(now.uid.clone(), &now.charge, &now.budgets, since, seen, now.version));
    Ok(Change::To(Hold::of(entry, kept), spent))
}

/// Drops the oldest claim that `now` can be the outcome of, and all older ones on the same incarnation: the API server
/// asks again for what was overtaken (it stores a change only on the version that it was admitted for). A claim to
/// create another incarnation can still arrive once this one is gone.
fn arrive<'a>(kept: &mut Vec<&'a Entry>, dropped: &mut Vec<&'a Entry>, now: &Observed) {
    let outcome = |claim: &&Entry| claim.may_be(&now.uid) && claim.equals(&now.charge, &now.budgets);
    let Some(arrived) = kept.iter().position(outcome) else { return };
    let mut place = 0;
    kept.retain(|claim| {
        let overtaken = place < arrived && claim.uid() == Some(&now.uid);
        let stays = place != arrived && !overtaken;
        if !stays {
            dropped.push(claim);
        }
        place += 1;
        stays
    });
}

/// It ran to its end, and took what `now` says while it ran: it was there, and is gone.
pub(super) fn finished(
    hold: Option<&Hold>,
    now: &Observed,
    at: i64,
    read: Option<i64>,
) -> Result<Change, AccountError> {
    if let Some(old) = hold.and_then(Hold::observed) {
        // Which of two incarnations is the later one, only versions or a read can tell.
        let can_tell = read.is_some() || old.version().and(now.version).is_some();
        if old.uid() != Some(&now.uid) && !can_tell {
            return Ok(Change::None);
        }
        if is_newer(old, now, read) {
            return exists(hold, now, at, read);
        }
    }
    let (hold, mut spent) = match exists(hold, now, at, read)? {
        Change::None => (hold.cloned(), Spent::default()),
        Change::To(hold, spent) => (hold, spent),
    };
    match gone(hold.as_ref(), Some(&now.uid), at)? {
        Change::None => Ok(Change::To(hold, spent)),
        Change::To(hold, paid) => {
            spent.plus(paid)?;
            Ok(Change::To(hold, spent))
        }
    }
}

/// The incarnation `uid`, or whichever was observed, is gone.
pub(super) fn gone(hold: Option<&Hold>, uid: Option<&Uid>, at: i64) -> Result<Change, AccountError> {
    let Some(hold) = hold else { return Ok(Change::None) };
    let Some(uid) = uid.or_else(|| hold.observed().and_then(Entry::uid)) else { return Ok(Change::None) };
    end(hold, |entry| entry.uid() != Some(uid), at)
}

/// A consistent read that began at `at` found none. What is known to be younger than the read stays.
pub(super) fn absent(hold: Option<&Hold>, at: i64) -> Result<Change, AccountError> {
    let Some(hold) = hold else { return Ok(Change::None) };
    end(hold, |entry| entry.seen() >= Some(at) || entry.expires() > Some(at), at)
}

fn end(hold: &Hold, stays: impl Fn(&Entry) -> bool, at: i64) -> Result<Change, AccountError> {
    if hold.entries().all(&stays) {
        return Ok(Change::None);
    }
    let mut spent = Spent::default();
    match hold.observed() {
        Some(observed) if !stays(observed) => spent.end([observed], at)?,
        _ => spent.end(hold.claims().iter().filter(|claim| !stays(claim)), at)?,
    }
    let observed = hold.observed().filter(|observed| stays(observed)).cloned();
    let claims = hold.claims().iter().filter(|claim| stays(claim)).cloned().collect();
    Ok(Change::To(Hold::of(observed, claims), spent))
}

/// Whether what was seen last is newer than `now`: by version, or because it is another incarnation that was
/// seen after the read of `now` began.
fn is_newer(old: &Entry, now: &Observed, read: Option<i64>) -> bool {
    let by_version = old.version().zip(now.version).is_some_and(|(old, now)| now < old);
    let by_read = read.is_some_and(|read| old.uid() != Some(&now.uid) && old.seen() >= Some(read));
    by_version || by_read
}

/// Whether `now` says nothing that was not seen before.
fn is_known(old: Option<&Entry>, now: &Observed) -> bool {
    old.map_or(now.charge.is_zero(), |old| {
        old.uid() == Some(&now.uid) && old.equals(&now.charge, &now.budgets)
    })
}
