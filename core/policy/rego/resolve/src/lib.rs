//! What the names of Rego mean.
//!
//! ```text
//! syntax::Module of every file ──resolve──> Program: rules with their locals, references that know what they refer to
//!                                    └────> problems: undefined functions, wrong arity, conflicts, recursion
//! ```
//! The tree stays that of the source: nothing is reordered or taken apart, so that whoever checks it can point at it.
//!
//! INVARIANT: in a [`tree::Program`] every name is a local of its rule, `input`, `data`, a builtin or a function that exists.
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

mod document;
mod import;
mod needs;
mod problem;
mod recursion;
mod rule;
mod scope;
mod term;
pub mod tree;
pub mod visit;

pub use document::Documents;
pub use needs::Needs;
pub use problem::Problem;
pub use rule::{query, resolve};
