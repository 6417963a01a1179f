//! Movements: all that an account ever does, and how they are kept.
//!
//! ```text
//! Movement ──to_value──> effects of an entry ──of_value──> Movement ──apply──> Account
//! Account  ──rows──────> key and bytes in the store ──read_row──> Account
//! ```
//!
//! INVARIANT: a movement carries the whole of what it puts, never a difference, so that doing it twice is doing it once.

mod row;
mod value;

use std::sync::Arc;

use crate::{Balance, Growth, Hold, HoldKey};

pub use row::ReadRowError;

/// One change of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Movement {
    /// what is held for an object, from here on
    Hold {
        /// the object
        key: HoldKey,
        /// its hold; nothing where it ends
        hold: Option<Hold>,
    },
    /// how a budget stands, from here on
    Balance {
        /// the budget
        budget: Arc<str>,
        /// its balance; nothing where it is no budget any more
        balance: Option<Box<Balance>>,
    },
    /// what a principal added in its window, from here on
    Growth {
        /// who, as a keyed token
        principal: Arc<str>,
        /// the window; nothing where it is over
        window: Option<Growth>,
    },
}

/// A value that is no movement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is no movement of an account: {0}")]
pub struct ReadMovementError(pub(crate) String);
