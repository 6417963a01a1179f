//! Code, run: a machine over slots, with everything that an evaluation may change in one place.
//!
//! INVARIANT: what a block changes on the way (what is collected, what is replaced, the frame) is as it was when it ends.

mod call;
mod compare;
mod data;
mod document;
mod machine;
mod replace;
mod step;
mod trace;
mod watch;

pub(crate) use machine::{Machine, Stop};
pub(crate) use trace::{Glance, Seen, Trace};
pub(crate) use watch::Watch;
pub use watch::{Attempt, Glimpse, Note, Outcome, Tally};
