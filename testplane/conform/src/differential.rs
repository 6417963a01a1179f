//! Generated policies, evaluated by us and by OPA itself: where the answers differ, one of us is wrong.
//!
//! ```text
//! seed ──> Policy, inputs ─┬─> oracle (OPA as a library) ─┬─> equal, listed, or a difference ──> made small
//!                          └─> our engine                ─┘
//! ```

mod author;
mod call;
mod compare;
mod fault;
mod known;
mod listed;
mod literal;
mod minimise;
mod oracle;
mod policy;
mod random;
mod rule;
mod run;
mod term;
mod world;

pub use compare::{Compared, Difference, Kind, compare, ours};
pub use listed::{Listed, ListedError};
pub use minimise::minimise;
pub use oracle::{NOW, Oracle, OracleError};
pub use policy::{Clause, Module, Policy, Rule};
pub use random::Random;
pub use run::{Tally, run};

/// The policy of this seed; one in eight has a fault.
#[must_use]
pub fn policy(seed: u64) -> Policy {
    let mut policy = rule::write(seed);
    let mut random = Random::new(!seed);
    if random.chance(12) {
        fault::inject(&mut random, &mut policy);
    }
    policy
}
