//! How far our Rego is OPA's.
//!
//! ```text
//! recorded suites ────────────────┐
//! generated policies ──> OPA ─────┴─> Verdict <── our engine
//! ```

pub mod differential;
pub mod engine;
pub mod json;
pub mod opa;
pub mod verdict;
