//! What Kubernetes objects cost: expected, at worst, at the peak, and what has no bound or no price.
//!
//! ```text
//! objects ──World::around──> Around ─┐
//! prices ────────PriceBook ──────────┤
//! nodes.yaml ────NodePools ──────────┼─> Estimator::estimate(object) ──> Estimate ──> charge, unbounded, unpriced
//! fractions ─────GpuFractions ───────┘             explain(object) ──> ... and an Explanation, number by number
//! ```
//!
//! INVARIANTS: exact fractions until one rounding at the end; what has no price or no bound is listed, never a silent
//! zero; `worst >= expected`; what Kubernetes would refuse is an error with its field, never a guess.
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

mod around;
mod cap;
mod cron;
mod error;
mod estimate;
mod estimator;
mod exact;
mod explanation;
mod fact;
mod field;
mod fraction;
mod kind;
mod node;
mod pod;
mod pool;
mod quantity;
mod quota;
mod rate;
mod target;
mod workload;
mod world;

pub use around::{Around, Owner};
pub use error::{EstimateError, EstimateProblem};
pub use estimate::{Estimate, Replicas};
pub use estimator::Estimator;
pub use explanation::{Explanation, Figure, Per, PriceSource};
pub use fact::{autoscaled, is_custom, may_cost};
pub use field::{Beside, Field, Source};
pub use fraction::{FractionError, GpuFractions};
pub use pool::{NodePools, PoolError, PoolProblem};
pub use quantity::{Quantity, QuantityError};
pub use world::World;
