//! The load gate: what is wrong with rules that resolve.
//!
//! ```text
//! Program ──Graph: which rules use which──┬──infer: types──────────────────┐
//!                                         ├──shape: Kubernetes fields──────┤
//!                                         ├──condition: doubles, constants─┼──exemption: comments──> Allowed
//!                                         ├──name: unused, hiding──────────┤
//!                                         ├──call: deprecated builtins─────┤
//!                                         └──document: what `data` lacks───┘
//! text, Module, problems ──fix──> Edit
//! ```
//! INVARIANT: an error is said only of what is wrong for every input; what may be meant is a warning. The word of each
//! check has a page in `docs/reference/checks`.
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
mod code;
mod condition;
mod document;
mod exemption;
mod fix;
mod gate;
mod graph;
mod infer;
mod kind;
mod name;
mod order;
mod problem;
mod shape;
mod walk;

pub use call::remedy;
pub use code::{CODES, Code, Severity, of as code};
pub use exemption::Allowed;
pub use fix::{Edit, applied, fixes, modernized};
pub use gate::{Files, check};
pub use problem::{Problem, Related};
