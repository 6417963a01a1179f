//! May it: the estate's rules, compiled once and asked by many.
//!
//! ```text
//! rule files ──> module (parse, METADATA) ──> resolve ──> check ──> PolicySet ──> judge(subject) ──> outcomes
//!            └─> data documents ──────────────────────────────────────┘    └────> run_tests
//! ```
//!
//! Invariants: a set that does not compile is no set; an outcome belongs to one rule, so that the error of one never
//! hides the findings of another; equal files and equal subjects give equal outcomes, whatever the order of files and
//! the number of threads.
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

mod coverage;
mod data;
mod document;
mod load;
mod mend;
mod metadata;
mod module;
mod outcome;
mod path;
mod reads;
mod rule;
mod set;
mod source;
mod subject;
mod testing;
mod told;
mod violation;

pub use coverage::{ConditionCoverage, Coverage, FileCoverage};
pub use load::{Dialect, LoadError, LoadHint, Refused, Related};
pub use mend::{Mended, mend};
pub use outcome::{Judgement, Outcome, RuleError, Violation, Weight};
pub use rule::{Head, Operations, Rule, Subresources};
pub use set::{Alone, Body, Condition, Explained, PolicySet, compile, load};
pub use source::{BuiltinErrors, InputForm, Options, PackageOptions, RuleFile};
pub use subject::{NamespaceFact, Subject, Surface};
pub use testing::{CaseResult, Tallies, Test, TestOutcome, TestResult};
pub use told::{Note, Seen, Told};
/// The checks of the load gate, each with a page in `docs/reference/checks`.
pub use tollgate_rego_check::{CODES as CHECKS, Code as Check, code as check_of};
