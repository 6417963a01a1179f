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

mod base64_text;
mod call;
mod cost;
mod json_text;
#[expect(dead_code, reason = "families to come use the rest")]
mod operand;
mod pem;
mod quote;
mod registry;
#[expect(dead_code, reason = "families to come use the rest")]
mod shape;
mod signature;
#[cfg(test)]
mod testing;
mod uri;
mod whole;

// A family a line: a file with one `FAMILY`, listed in `registry`.
mod aws;
mod crypto;
mod graphql;
mod json_schema;
mod jwt;
mod network;
mod time;
mod types;
mod urlquery;
mod uuid;

pub use call::{Call, Error, Meter};
pub use registry::{all, lookup};
pub use signature::{Body, Builtin, Function, Type};
