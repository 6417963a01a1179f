//! What a function is given beside its arguments, and how it fails.

use std::cell::Cell;

use tollgate_rego_value::{Arena, Full};

/// What one call is given.
pub struct Call<'a, 'm> {
    /// where results live
    pub arena: &'a Arena,
    /// what may be spent
    pub meter: &'m Meter,
    /// the change's own time, in nanoseconds since 1970-01-01T00:00:00Z
    pub now: i64,
}

/// Counts steps down to a limit.
#[derive(Debug)]
pub struct Meter(Cell<u64>);

/// Why a call gives no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// there is none, and nothing is wrong
    Undefined,
    /// an argument is of the wrong type: its position from 0, what it is, what it must be
    Type(String),
    /// an argument or the operation is wrong, such as a division by zero
    Failed(String),
    /// a limit on steps or memory is reached
    Limit,
}

impl Meter {
    /// A meter that allows `limit` steps.
    #[must_use]
    pub const fn new(limit: u64) -> Self {
        Self(Cell::new(limit))
    }

    /// Spends `steps`: about one for each value touched, or each 64 bytes.
    ///
    /// # Errors
    /// The limit is reached.
    #[inline]
    pub fn spend(&self, steps: u64) -> Result<(), Error> {
        match self.0.get().checked_sub(steps) {
            Some(left) => {
                self.0.set(left);
                Ok(())
            }
            None => Err(Error::Limit),
        }
    }

    /// How many steps are left.
    #[must_use]
    pub const fn left(&self) -> u64 {
        self.0.get()
    }
}

impl From<Full> for Error {
    fn from(Full: Full) -> Self {
        Self::Limit
    }
}
