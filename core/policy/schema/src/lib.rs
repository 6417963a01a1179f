//! What fields the built-in kinds of Kubernetes have, and of what type.
//!
//! ```text
//! kubernetes.txt, admission.txt ──table, at first use──> Definition ──of, kinds──> Object ──field──> Type ──> ..
//! ```
//! `kubernetes.txt` is made from an API server's OpenAPI document by `cargo run -p tollgate-schema --example table`,
//! `admission.txt` is written by hand, since no document describes an AdmissionReview. Kinds that users define are not
//! here: of them nothing is said.
//!
//! INVARIANT: whatever the API server accepts in a built-in kind has a field here; a test compares with the document.
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

mod object;
mod spelling;
mod table;

pub use object::{Field, Kind, Object, Type, kinds, named, of};
pub use spelling::did_you_mean;
