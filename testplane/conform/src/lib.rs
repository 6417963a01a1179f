//! How far our Rego is OPA's.
//!
//! ```text
//! recorded suites ────────────────┐
//! generated policies ──> OPA ─────┴─> Verdict <── our engine
//! ```

pub mod differential;
pub mod engine;
pub mod gatekeeper;
pub mod json;
pub mod opa;
pub mod report;
pub mod verdict;
