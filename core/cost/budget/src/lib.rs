//! Budgets, holds on them, and the arithmetic that never lets them be overspent.
//!
//! ```text
//! estate ──Budget::read──> Budget ──Budgets::new──> Budgets ──matching(Target)──> names of budgets
//!                                                      │
//! Claim ──────────────> Account::claim ────────────────┴──> Movements, or a Refusal with its sums
//! watch, time ────────> Account::observe, gone, verified, roll ──> Movements
//! Movements ──────────> Account::apply;  entries and rows, from which an Account is folded again
//! ```
//!
//! INVARIANTS: an [`Account`] moves by [`Movement`]s alone, so that folding them from an empty one gives it again; what
//! a budget holds is the sum over its holds of the part-wise maximum of their entries, never of their sum; a claim moves
//! all the budgets it names, or nothing; time that passes never releases what is held, and a clock that goes back never
//! gives back what has accrued. Nothing here reads a clock.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unreachable
    )
)]

mod account;
mod amount;
mod balance;
mod budget;
mod budgets;
mod entry;
mod growth;
mod hold;
mod key;
mod movement;
mod node;
mod period;
mod scope;
mod selector;
mod shortfall;
mod standing;
mod threshold;
mod uid;

pub use account::{
    Account, AccountError, Claim, ClaimError, Claimed, Discrepancy, Observed, Orphan, PENDING_CLAIMS,
    Refusal, Seen, Tally,
};
pub use amount::Amount;
pub use balance::Balance;
pub use budget::{Budget, Unbounded};
pub use budgets::{Budgets, BudgetsError};
pub use entry::Entry;
pub use growth::{Growth, GrowthLimit, Surge, SurgeLimit};
pub use hold::Hold;
pub use key::{HoldKey, Holder, ParseHoldKeyError};
pub use movement::{Movement, ReadMovementError, ReadRowError};
pub use node::Wrong;
pub use period::{Period, PeriodError};
pub use scope::{Matching, NamespaceLabels, Target};
pub use shortfall::{Limit, Shortfall};
pub use standing::{Standing, Use};
pub use threshold::{Threshold, Thresholds};
pub use uid::Uid;
