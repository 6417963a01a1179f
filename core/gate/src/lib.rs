//! The one decision. Every change goes the same way, whatever brought it.
//!
//! ```text
//! Change ──judge(facts, bundle)──> Judged ──settle(state)──> Verdict + Effects ──> decision body
//!    ^            │
//!    └── Need ────┘   the shell gathers what is asked for, and judges again from the start
//! ```
//!
//! [`judge()`] and [`settle()`] are pure: equal inputs give equal bytes on every surface. What holds still is judged;
//! what is contended is settled, in ledger order, by whoever holds the recording transaction.
//!
//! INVARIANT: no finding is ever lost between a judge and the verdict, and the verdict is the hardest of them.
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

mod bundle;
mod change;
mod config;
mod cost;
pub mod decision;
mod exception;
mod fact;
mod judge;
pub mod quote;
mod review;
mod settle;
mod verdict;

pub use bundle::{Bundle, BundleError, Examined, Problem};
pub use change::{Change, DryRun, Home, Phase, Resource, Subject, Surface};
pub use config::{Config, ConfigError, CostConfig, CostLimits, Ignore, Mode, Rate};
pub use cost::CostRules;
pub use exception::Exception;
pub use fact::Facts;
pub use judge::{
    Claim, Evidence, Judged, Observation, OfSubject, Step, SubjectCost, join, judge, judge_subject, observe,
};
pub use review::{Review, ReviewError};
pub use settle::{Effects, ReadEffectsError, Redeemed, State, StateChange, Superseded, Window, settle};
pub use tollgate_policy::{PolicySet, Related, Rule, RuleFile};
pub use verdict::{Ruling, Verdict};
