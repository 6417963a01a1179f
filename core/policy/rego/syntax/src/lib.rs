//! Rego as it is written: what stands in a file, with the place of every part.
//!
//! ```text
//! bytes ──lexer──> tokens ──parser──> Module ──print──> text that parses to the same tree
//! ```
//! Both generations: v0 (before OPA 1.0) and v1, told apart for each file. Nothing is resolved here: what a name means
//! is the engine's business.
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

mod annotation;
mod error;
mod lexer;
mod parser;
mod place;
mod print;
mod token;
pub mod tree;

pub use annotation::{Annotation, Subject, annotations};
pub use error::SyntaxError;
pub use parser::{MAX_DEPTH, parse, parse_bytes, parse_query, parse_term};
pub use place::{LineIndex, Place};
pub use print::{print, print_term};
