//! How fast one identity makes things grow: what it added to the dearest hour, and how many objects, in a window of time.
//!
//! INVARIANT: windows lie on multiples of their length, so that a clock that goes back cannot open one twice.

use std::fmt;
use std::sync::Arc;

use tollgate_vocabulary::{Currency, Money, MoneyError, Rounding};

use crate::HoldKey;
use crate::amount::money_text;

/// What one principal added in one window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Growth {
    /// when the window began, in seconds since 1970
    pub start: i64,
    /// what was added to the cost of the dearest hour
    pub per_hour: Money,
    /// objects that cost something and were not held before
    pub objects: u64,
}

/// How much one principal may add in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrowthLimit {
    /// to the cost of the dearest hour, at most
    pub per_hour: Option<Money>,
    /// objects that cost something, at most
    pub objects: Option<u64>,
    /// the window's length in seconds
    pub window: i64,
}

/// A claim that would let a principal's things grow too fast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surge {
    /// the object that was asked for
    pub key: HoldKey,
    /// whose limit it is
    pub principal: Arc<str>,
    /// the window's length in seconds
    pub window: i64,
    /// what it would pass
    pub limit: SurgeLimit,
}

/// The limit that a surge would pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SurgeLimit {
    /// on what is added to the cost of the dearest hour
    PerHour {
        /// the limit
        most: Money,
        /// what was added in the window before
        before: Money,
        /// what the claim adds
        added: Money,
    },
    /// on objects
    Objects {
        /// the limit
        most: u64,
        /// how many there were in the window before
        before: u64,
    },
}

impl Growth {
    /// The window that `at` falls into, as far as it was counted.
    pub(crate) fn counted(last: Option<&Self>, at: i64, length: i64, currency: Currency) -> Self {
        let length = length.max(1);
        let start = at.div_euclid(length).saturating_mul(length);
        match last {
            Some(last) if last.start >= start && last.per_hour.currency() == currency => *last,
            _ => Self { start, per_hour: Money::zero(currency), objects: 0 },
        }
    }

    /// The window after so much more, or the limits that this would pass.
    pub(crate) fn grown(
        self,
        added: Money,
        created: bool,
        limit: &GrowthLimit,
    ) -> Result<Result<Self, Vec<SurgeLimit>>, MoneyError> {
        let per_hour = self.per_hour.plus(added)?;
        let objects = self.objects.saturating_add(u64::from(created));
        let mut passed = Vec::new();
        if let Some(most) = limit.per_hour
            && !added.is_zero()
            && per_hour.compare(most)?.is_gt()
        {
            passed.push(SurgeLimit::PerHour { most, before: self.per_hour, added });
        }
        if let Some(most) = limit.objects.filter(|most| created && objects > *most) {
            passed.push(SurgeLimit::Objects { most, before: self.objects });
        }
        Ok(if passed.is_empty() { Ok(Self { per_hour, objects, ..self }) } else { Err(passed) })
    }
}

/// `3 USD an hour more after 12 USD within 600 s is over 14 USD`.
impl fmt::Display for Surge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let window = self.window;
        match self.limit {
            SurgeLimit::PerHour { most, before, added } => {
                let text =
                    |money: Money| format!("{} {}", money_text(money, Rounding::HalfUp), money.currency());
                let (most, before, added) = (text(most), text(before), text(added));
                write!(f, "{added} an hour more after {before} within {window} s is over {most}")
            }
            SurgeLimit::Objects { most, before } => {
                write!(f, "one object more after {before} within {window} s is over {most}")
            }
        }
    }
}
