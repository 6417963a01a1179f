//! What Rego computes with: values that live in an arena or are looked at where they stand.
//!
//! ```text
//! vocabulary::Value (input, data) ──Val::of──> Val ──builtins──> Val ──to_document──> vocabulary::Value
//!                        borrowed, nothing copied ┘
//! ```
//! A `Val` is `Copy`: what it refers to belongs to the arena of one evaluation, or to documents that outlive it.
//!
//! INVARIANT: sets and objects are sorted by [`Val`]'s order and hold nothing twice; an integer that fits is always
//! [`Val::Int`], never `Val::Number`.
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

mod arena;
pub mod arithmetic;
mod collection;
mod decimal;
mod float;
mod json;
mod number;
mod order;
mod print;
mod reader;
mod val;

#[cfg(test)]
mod tests;

pub use arena::{Arena, Full};
pub use collection::{Array, Object, Set};
pub use json::{DEPTH, Lines, Unprintable};
pub use num_bigint::{BigInt, BigUint, Sign};
pub use number::NumberError;
pub use reader::{ReadError, read};
pub use val::{Kind, Val};
