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
mod intersection;
mod json_text;
mod operand;
mod pattern;
mod pem;
mod quote;
mod registry;
mod shape;
mod signature;
#[cfg(test)]
mod testing;
mod uri;
pub mod walk;
mod whole;

// A family a line: a file with one `FAMILY`, listed in `registry`.
mod aggregate;
mod arithmetic;
mod array;
mod aws;
mod base64;
mod bits;
mod cast;
mod compare;
mod crypto;
mod engine;
mod glob;
mod graph;
mod graphql;
mod json;
mod json_schema;
mod jwt;
mod network;
mod object;
mod patch;
mod path;
mod range;
mod regex;
mod replace;
mod semver;
mod set;
mod sprintf;
mod string;
mod time;
mod trim;
mod types;
mod units;
mod urlquery;
mod uuid;

pub use call::{Call, Error, Meter};
pub use pattern::{Patterns, Pool, Regex};
pub use registry::{all, lookup};
pub use signature::{Body, Builtin, Function, Type};
