//! What a Terraform plan costs, offline, from `terraform show -json PLAN` (OpenTofu writes the same).
//!
//! ```text
//! bytes ──plan──> Plan: changes (before, after, what is unknown), configuration (what is written, providers' regions)
//!                   └──estimate──> a Sheet for each side of each change ──kind──> items and gaps
//!                                    items ──price──> lines (field x row) ──> figures, delta, totals
//! ```
//!
//! INVARIANTS: a value that the plan marks as sensitive is gone once the plan is read; what is known only after apply,
//! has no price or no bound is listed and never counted as nothing in silence; the same plan and prices give the same
//! estimate.
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

mod address;
mod aws;
mod azure;
mod configuration;
mod error;
mod estimate;
mod figures;
mod free;
mod google;
mod item;
mod kind;
mod line;
mod link;
mod place;
mod plan;
mod price;
mod sheet;
mod values;
mod view;

pub use error::{Foreign, PlanError};
pub use estimate::{Coverage, PlanEstimate, ResourceEstimate, estimate};
pub use figures::Figures;
pub use kind::priced_types;
pub use line::{Line, Outcome, Side, Why};
pub use plan::{Action, Plan};
