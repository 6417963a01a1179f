//! What is written: Kubernetes YAML and JSON as objects with places.
//!
//! One reader for every caller (command line, admission, Git): what is judged in one place is what is judged in all.
//!
//! ```text
//! bytes ──> yaml (with spans) ─┐
//!                              ├──> Value ──> mask ──> Object + Spans + refusals
//! bytes ──> json (fast)       ─┘
//! ```
//!
//! Two kinds of trouble. What cannot be read at all (syntax, limits, encoding) is a [`ReadError`] and nothing comes
//! out. What can be read in more than one way (a key twice, `yes`, `0777`) comes out as `kubectl` reads it, with a
//! [`Refusal`] that denies it.
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

pub mod canonical;
mod object;
mod span;

pub use object::{Identity, Object};
pub use span::{Located, Position, Span, SpanTree, Spans};
