//! The life of a hold after its claim: seen, changed, finished, gone; or never seen.
//!
//! Nothing here refuses: what exists is what it is. What changes nothing moves nothing, which is so for most events of
//! a watch.

use std::sync::Arc;

use jiff::Timestamp;
use tollgate_price::Charge;

use super::claim::check_charge;
use super::draft::Draft;
use super::seen::{self, Change};
use super::{Account, AccountError};
use crate::{Hold, HoldKey, Movement, Uid};

/// An object as it was seen to exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// its `metadata.uid`
    pub uid: Uid,
    /// what it takes
    pub charge: Charge,
    /// the budgets that it takes from
    pub budgets: Vec<Arc<str>>,
    /// its `metadata.resourceVersion` as a number, where it is one: it grows with every change, over all objects of a
    /// resource (KEP-5504). What is older than the last that was seen is passed over
    pub version: Option<u64>,
}

/// What a consistent read of one object said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// it exists, like this
    Exists(Observed),
    /// it exists and has run to its end; this is what it took while it ran
    Finished(Observed),
    /// there is none of that name
    Absent,
}

impl Account {
    /// An object was seen to exist. Where it takes something else than before, the oldest claim that this can be the
    /// outcome of has arrived, and those that are older on the same incarnation are overtaken; all others stay until they
    /// show or expire.
    ///
    /// # Errors
    /// It cannot be counted; the hold stays as it is.
    pub fn observe(
        &self,
        key: &HoldKey,
        observed: &Observed,
        at: Timestamp,
    ) -> Result<Vec<Movement>, AccountError> {
        check_charge(key, &observed.charge)?;
        self.change(key, at, |hold, at| seen::exists(hold, observed, at, None))
    }

    /// An object was seen to be gone. What was observed of it ends, and all claims on that incarnation; claims on others,
    /// and those that came without a UID, stay. Without a UID it is the incarnation that was observed.
    ///
    /// # Errors
    /// It cannot be counted; the hold stays as it is.
    pub fn gone(
        &self,
        key: &HoldKey,
        uid: Option<&Uid>,
        at: Timestamp,
    ) -> Result<Vec<Movement>, AccountError> {
        self.change(key, at, |hold, at| seen::gone(hold, uid, at))
    }

    /// An object was seen that has run to its end, such as a completed Job; `observed` says what it took while it ran.
    /// From now on it takes nothing, and what it took once is paid.
    ///
    /// # Errors
    /// It cannot be counted; the hold stays as it is.
    pub fn finished(
        &self,
        key: &HoldKey,
        observed: &Observed,
        at: Timestamp,
    ) -> Result<Vec<Movement>, AccountError> {
        check_charge(key, &observed.charge)?;
        self.change(key, at, |hold, at| seen::finished(hold, observed, at, None))
    }

    /// A consistent read of an object whose claims have expired, begun at `at`. Claims that had expired by then are
    /// dropped: they have arrived, or never will. What came after the read began stays as it is. Where the object was told
    /// to be gone since then, what was read is no news: read again.
    ///
    /// # Errors
    /// It cannot be counted; the hold stays as it is.
    pub fn verified(&self, key: &HoldKey, seen: &Seen, at: Timestamp) -> Result<Vec<Movement>, AccountError> {
        if let Seen::Exists(observed) | Seen::Finished(observed) = seen {
            check_charge(key, &observed.charge)?;
        }
        self.change(key, at, |hold, at| match seen {
            Seen::Exists(observed) => seen::exists(hold, observed, at, Some(at)),
            Seen::Finished(observed) => seen::finished(hold, observed, at, Some(at)),
            Seen::Absent => seen::absent(hold, at),
        })
    }

    fn change(
        &self,
        key: &HoldKey,
        at: Timestamp,
        of: impl FnOnce(Option<&Hold>, i64) -> Result<Change, AccountError>,
    ) -> Result<Vec<Movement>, AccountError> {
        let mut draft = Draft::new(self, at.as_second());
        draft.look_up(key);
        match of(draft.hold(key), draft.at)? {
            Change::None => Ok(Vec::new()),
            Change::To(hold, spent) => {
                draft.replace(key, hold, &spent)?;
                Ok(draft.into_movements())
            }
        }
    }
}
