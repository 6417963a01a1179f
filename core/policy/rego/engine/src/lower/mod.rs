//! Rules taken apart: from terms to atoms in an order in which each finds bound what it needs.
//!
//! ```text
//! resolved rule ──term──> atoms as written ──order──> atoms, each after what it needs
//!                                             └────> problems: unsafe variables
//! ```
//! Calls, references and comprehensions within a term get a slot of their own and are evaluated before it, as OPA
//! does: `not f(input.x)` fails where `input.x` is missing.

pub(crate) mod atom;
pub(crate) mod order;
mod role;
mod rule;
mod term;

pub(crate) use rule::{Lowered, lower, lower_query};
