//! What becomes of one hold when something was seen of its object: pure steps from hold to hold.
//!
//! ```text
//! claims, oldest first:   [ a  b  c  d ]      seen = c
//!                           └──┴──┘  └── later than what was seen: stays
//!                           arrived, or overtaken: dropped, but for claims on other incarnations
//! ```
//!
//! INVARIANTS: what takes nothing any more is kept until it is gone, so that nothing old can take its place; an entry that ends is paid for once, as one incarnation: what was observed if it was observed, else the
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
    let known = is_known(hold, now) || old.is_some_and(|old| is_newer(old, now, read));
    let same = old.filter(|old| old.uid() == Some(&now.uid));
    let (mut kept, mut dropped): (Vec<&Entry>, Vec<&Entry>) = (claims.iter().collect(), Vec::new());
    // What takes as much as before may have changed in its status only, and is the outcome of nothing.
    let news = same.map_or(!now.charge.is_zero(), |same| same.charge() != now.charge);
    if news && !known {
        arrive(&mut kept, &mut dropped, now);
    }
    if let Some(read) = read {
        dropped.extend(kept.extract_if(.., |claim| claim.expires() <= Some(read)));
    }
    // A read may be ahead of the watch, which then tells of versions between: they are old.
    let unchanged = match same.filter(|_| read.is_some()) {
        Some(same) => Some(same.at_least(now.version)),
        None => old.cloned(),
    };
    if known && dropped.is_empty() && unchanged.as_ref() == old {
        return Ok(Change::None);
    }
    let kept: Vec<Entry> = kept.into_iter().cloned().collect();
    let mut spent = Spent::default();
    // Claims on an incarnation of which nothing else is known: it may have run, and never been seen.
    let foreign = |claim: &Entry| !claim.may_be(&now.uid) && old.is_none_or(|old| old.uid() != claim.uid());
    spent.end(dropped.iter().copied().filter(|claim| foreign(claim)), at)?;
    if known {
        return Ok(Change::To(Hold::of(unchanged, kept), spent));
    }
    let own = dropped.iter().filter(|claim| claim.may_be(&now.uid)).map(|claim| claim.since());
    let begun = own.min().unwrap_or(at);
    let (since, seen) = match same {
        Some(same) => {
            let paid = spent.lessen(same, now, at)?;
            // What took nothing, such as a suspended Job, begins anew; what is paid so far is not paid twice.
            let since = if same.charge().is_zero() { begun } else { same.since() };
            (if paid { at } else { since }, same.seen().unwrap_or(at))
        }
        None => {
            spent.end(old, at)?;
            // Whatever was asked for before this was known, was asked for beside it.
            (begun, claims.iter().map(Entry::since).fold(at, i64::max))
        }
    };
    let entry = Entry::observed(now.uid.clone(), &now.charge, &now.budgets, since, seen, now.version);
    Ok(Change::To(Hold::of(Some(entry), kept), spent))
}

/// Drops the oldest claim that `now` can be the outcome of, and all older ones on the same incarnation: the API server
/// asks again for what was overtaken (it stores a change only on the version that it was admitted for). A claim to
/// create another incarnation can still arrive once this one is gone.
fn arrive<'a>(kept: &mut Vec<&'a Entry>, dropped: &mut Vec<&'a Entry>, now: &Observed) {
    let outcome = |claim: &&Entry| claim.may_be(&now.uid) && claim.equals(&now.charge, &now.budgets);
    let Some(arrived) = kept.iter().position(outcome) else { return };
    // One without a UID before one with it: the first may be of another object, which can still come once this is gone.
    let (mut with, mut without) = (false, false);
    for claim in kept.iter().filter(|claim| outcome(claim)) {
        without |= claim.uid().is_none() && !with;
        with |= claim.uid().is_some();
    }
    if with && without {
        return;
    }
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

/// It ran to its end, and took what `now` says while it ran. What is left of it takes nothing.
pub(super) fn finished(
    hold: Option<&Hold>,
    now: &Observed,
    at: i64,
    read: Option<i64>,
) -> Result<Change, AccountError> {
    let Some(before) = hold else { return Ok(Change::None) };
    if let Some(old) = before.observed() {
        // Which of two incarnations is the later one, only versions or a read can tell.
        let can_tell = read.is_some() || old.version().and(now.version).is_some();
        if old.uid() != Some(&now.uid) && !can_tell {
            return Ok(Change::None);
        }
        if is_newer(old, now, read) {
            return exists(hold, now, at, read);
        }
    }
    let (running, mut spent) = match exists(hold, now, at, read)? {
        Change::None => (hold.cloned(), Spent::default()),
        Change::To(running, spent) => (running, spent),
    };
    let ran = running.as_ref().and_then(Hold::observed);
    spent.end(ran, at)?;
    let claims = running.iter().flat_map(Hold::claims);
    let claims: Vec<Entry> = claims.filter(|claim| claim.uid() != Some(&now.uid)).cloned().collect();
    let old = before.observed().filter(|old| old.uid() == Some(&now.uid) && old.charge().is_zero());
    match old {
        Some(_) if *claims == *before.claims() => Ok(Change::None),
        Some(old) => Ok(Change::To(Hold::of(Some(old.clone()), claims), spent)),
        None => Ok(Change::To(Hold::of(ran.map(Entry::stopped), claims), spent)),
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

/// Whether what was seen last is newer than `now`: by version, or else because it is another incarnation that was first
/// seen after the read of `now` began.
fn is_newer(old: &Entry, now: &Observed, read: Option<i64>) -> bool {
    match (old.version(), now.version) {
        (Some(old), Some(now)) => now < old,
        _ => read.is_some_and(|read| old.uid() != Some(&now.uid) && old.seen() >= Some(read)),
    }
}

/// Whether `now` says nothing that was not seen before, or nothing of what never took anything.
fn is_known(hold: Option<&Hold>, now: &Observed) -> bool {
    let Some(hold) = hold else { return now.charge.is_zero() };
    hold.observed().is_some_and(|old| {
        let nothing = now.charge.is_zero() && old.charge().is_zero();
        old.uid() == Some(&now.uid) && (nothing || old.equals(&now.charge, &now.budgets))
    })
}
