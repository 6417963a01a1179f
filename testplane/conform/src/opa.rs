//! OPA's own suite in the form of swift-opa: folders of JSON files with `cases`.
//!
//! ```text
//! DIR/**/*.json ──> Case ──> engine ──> Outcome ──> listing, table, `N passed, N failed, N refused`
//! ```

mod case;
mod run;

pub use case::{Case, SuiteError, Want, read};
pub use run::run;
