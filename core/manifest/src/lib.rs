//! What is written: Kubernetes YAML and JSON as objects with places.
//!
//! One reader for every caller (command line, admission, Git): what is judged in one place is what is judged in all.
//!
//! ```text
//! file ─────> yaml or json (with spans) ──> Value ──> mask ──> Object + SpanTree + refusals
//! request ──> json (fast, no spans) ──────> Value ──> mask
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
mod doubt;
mod file;
pub mod json;
pub mod kinds;
mod limits;
mod mask;
mod metadata;
mod object;
mod refusal;
mod scalar;
mod span;
mod template;
mod timestamp;
mod yaml;

pub use file::{Other, OtherReason, Reading, Written, read, read_documents, read_values};
pub use limits::{Limits, ReadError};
pub use mask::{Mask, MaskPath, ParseMaskPathError};
pub use object::{Identity, Object};
pub use refusal::Refusal;
pub use span::{Located, Position, Span, SpanTree, Spans};
pub use template::looks_like_template;
