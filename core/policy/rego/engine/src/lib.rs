//! Rego compiled and evaluated.
//!
//! ```text
//! files ──syntax──> modules ──resolve──> names ──lower──> atoms in order ──plan──> Program ──run──> solutions
//! ```
//! INVARIANT: a program is never changed; what an evaluation changes lives in its machine and its arena. Equal files,
//! data, input and time give equal answers, on any number of threads.
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

mod cause;
mod constant;
mod lower;
mod plan;
mod problem;
mod program;
mod run;
mod session;
mod watching;

pub use cause::Cause;
pub use plan::needed::Needed;
pub use plan::sight::{Condition, Head, Term};
pub use problem::Problem;
pub use program::{Bindings, Failure, File, Limits, Program, Settings, compile};
pub use run::{Attempt, Glimpse, Note, Outcome, Tally};
pub use session::{Answer, Entry, Input, Session, Tracing, Wrong, WrongKind};
pub use tollgate_rego_syntax::tree::Dialect;
pub use tollgate_rego_value::{Arena, Unprintable, Val};
pub use watching::{Watched, Watching};
