//! One resource of a pod while its containers are added up.

use tollgate_vocabulary::Path;

use super::Part;
use crate::{EstimateProblem, Field, Quantity};

/// Sums of one resource; `worst` beside `expected` in each.
#[derive(Default)]
pub(super) struct Sum {
    /// containers and sidecars, which run side by side
    steady: Pair,
    /// sidecars that were started so far
    sidecars: Pair,
    /// the most that an init container needs with the sidecars before it
    init: Pair,
    /// a container says how much it wants
    pub(super) said: bool,
    /// a container may be raised to whatever a node has, by this policy
    pub(super) free: Option<Field>,
    /// the requests of such containers
    pub(super) free_places: Vec<Path>,
    /// so may one that says nothing itself, so that its request is that
    pub(super) free_unsaid: bool,
    pub(super) parts: Vec<Part>,
    /// what makes the worst more than what is expected; only for an explanation
    pub(super) raised_by: Vec<Field>,
}

/// What is expected, and at worst.
#[derive(Clone, Copy, Default)]
pub(super) struct Pair {
    pub(super) expected: Quantity,
    pub(super) worst: Quantity,
}

impl Pair {
    fn plus(self, other: Self) -> Result<Self, EstimateProblem> {
        let plus = |a: Quantity, b| a.plus(b).ok_or(EstimateProblem::Overflow);
        Ok(Self { expected: plus(self.expected, other.expected)?, worst: plus(self.worst, other.worst)? })
    }

    fn or_more(self, other: Self) -> Self {
        Self { expected: self.expected.max(other.expected), worst: self.worst.max(other.worst) }
    }
}

impl Sum {
    /// A container that runs as long as the pod.
    pub(super) fn add_main(&mut self, wanted: Pair) -> Result<(), EstimateProblem> {
        self.steady = self.steady.plus(wanted)?;
        Ok(())
    }

    /// An init container that stays. With those before it, it never needs more than the steady sum.
    pub(super) fn add_sidecar(&mut self, wanted: Pair) -> Result<(), EstimateProblem> {
        self.steady = self.steady.plus(wanted)?;
        self.sidecars = self.sidecars.plus(wanted)?;
        Ok(())
    }

    /// An init container that ends before the next one begins.
    pub(super) fn add_init(&mut self, wanted: Pair) -> Result<(), EstimateProblem> {
        self.init = self.init.or_more(wanted.plus(self.sidecars)?);
        Ok(())
    }

    /// What the pod needs.
    pub(super) fn total(&self) -> Pair {
        self.steady.or_more(self.init)
    }
}
