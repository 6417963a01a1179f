//! Rego's builtin functions: their types, and what they do.
//!
//! A function is pure: values in, a value or an error out. What it may spend is metered in steps by its caller; time
//! is the change's own. A name that is here without a function is refused at load, with the reason.
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

mod call;
mod signature;

pub use call::{Call, Error, Meter};
pub use signature::{Body, Builtin, Function, Type};
