//! Gatekeeper's ConstraintTemplates and Constraints: read, checked, matched, and asked as Gatekeeper 3.23 does.
//!
//! ```text
//! files ──> Document ──┬─> Template (Rego sources, schema of parameters) ─┐
//!                      ├─> Constraint (criteria, parameters, enforcement) ┴─> Library
//!                      └─> Suite (cases as `gator verify` reads them)           │
//! request ──> Review ──> ConstraintSet::judge: Criteria::matches ──> Program::about ──> Asking::ask
//! ```
//!
//! Invariants: what Gatekeeper would refuse is refused when it is loaded, with its place and what mends it; nothing is
//! matched by default where a fact is missing ([`Match::NeedsNamespace`]); equal files give equal libraries, whatever
//! their order. Values come from `tollgate-manifest`, whose limits bound how deep they nest, and with it every
//! recursion here.
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

mod constraint;
mod criteria;
mod document;
mod enforcement;
mod inventory;
mod library;
mod node;
mod package;
mod problem;
mod program;
mod review;
mod schema;
mod selector;
mod set;
mod source;
mod spelling;
pub mod suite;
mod template;
mod violation;
mod wildcard;

pub use constraint::Constraint;
pub use criteria::{Criteria, KindFilter, Match, Scope, Unmatched};
pub use document::Document;
pub use enforcement::{Action, Enforcement, Point};
pub use inventory::{Inventory, InventoryError};
pub use library::Library;
pub use problem::{Grade, Place, Problem};
pub use program::{AskError, Asking, Found, Program, Settings};
pub use review::{NamespaceFact, Origin, Review, ReviewError};
pub use schema::{Schema, SchemaError};
pub use selector::{LabelSelector, Operator, Requirement};
pub use set::{Answer, ConstraintSet, Judged};
pub use source::Source;
pub use template::{Operations, Template};
pub use tollgate_rego::Limits;
pub use violation::{ShapeError, Violation};
pub use wildcard::Wildcard;
