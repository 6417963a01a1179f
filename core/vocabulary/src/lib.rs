//! The words that all parts of Tollgate share, without behaviour.
//!
//! A word stands here when two crates that may not know each other must mean the same thing by it. What is done
//! with a word (reading, judging, recording) lives elsewhere; nothing here does IO, reads a clock or allocates in
//! hash order.
//!
//! ```text
//! manifest ─┐                       ┌─ ledger
//! policy  ──┼──> vocabulary <───────┤
//! gate    ──┘                       └─ edge, tollgate
//! ```
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

mod actor;
mod digest;
mod fact;
mod finding;
mod money;
mod operation;
mod path;
mod value;

pub use actor::{Actor, Authentication, Principal};
pub use digest::{Digest, ParseDigestError};
pub use fact::{Fact, ObjectName, Question, Source};
pub use finding::{Effect, ExceptionNote, Finding, Judge, Origin, PolicyPlace, RuleId, Severity};
pub use jiff::Timestamp;
pub use money::{Currency, Money, MoneyError, Ratio, Rounding};
pub use operation::Operation;
pub use path::{ParsePathError, Path, Step};
pub use value::{DuplicateKey, Map, Number, Value};
