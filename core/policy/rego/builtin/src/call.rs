//! What a function is given beside its arguments, and how it fails.

use std::cell::Cell;

use tollgate_rego_value::{Arena, DEPTH, Full, NumberError, ReadError, Unprintable, Val};

use crate::Patterns;

/// What one call is given.
pub struct Call<'a, 'm> {
    /// where results live
    pub arena: &'a Arena,
    /// what may be spent
    pub meter: &'m Meter,
    /// the compiled patterns
    pub patterns: &'m Patterns<'m>,
    /// the change's own time, in nanoseconds since 1970-01-01T00:00:00Z
    pub now: i64,
}

impl<'a> Call<'a, '_> {
    /// Spends a step for each of so many values.
    pub(crate) fn spend(&self, values: usize) -> Result<(), Error> {
        self.meter.spend(u64::try_from(values).unwrap_or(u64::MAX))
    }

    /// Spends a step for each 64 bytes.
    pub(crate) fn spend_text(&self, bytes: usize) -> Result<(), Error> {
        self.spend(bytes.wrapping_shr(6))
    }

    /// How long a text may be that is made now, in bytes.
    pub(crate) fn room(&self) -> usize {
        usize::try_from(self.meter.left().saturating_mul(64)).unwrap_or(usize::MAX).min(MOST)
    }

    /// A string with a copy of `text`, paid for.
    pub(crate) fn string(&self, text: &str) -> Result<Val<'a>, Error> {
        self.spend_text(text.len())?;
        Ok(self.arena.string(text)?)
    }

    /// A list with a copy of `items`, paid for.
    pub(crate) fn array(&self, items: &[Val<'a>]) -> Result<Val<'a>, Error> {
        self.spend(items.len())?;
        Ok(self.arena.array(items)?)
    }

    /// A set of `items`, paid for.
    pub(crate) fn set(&self, items: Vec<Val<'a>>) -> Result<Val<'a>, Error> {
        self.spend(items.len())?;
        Ok(self.arena.set(items)?)
    }

    /// An object of `entries`, paid for. Of entries with equal keys the last one stays.
    pub(crate) fn object(&self, entries: Vec<(Val<'a>, Val<'a>)>) -> Result<Val<'a>, Error> {
        self.spend(entries.len())?;
        Ok(self.arena.object(entries)?)
    }
}

/// No text that a function makes is longer, in bytes.
const MOST: usize = 1 << 26;

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

impl From<NumberError> for Error {
    fn from(error: NumberError) -> Self {
        match error {
            NumberError::Full => Self::Limit,
            other => Self::Failed(other.message().to_owned()),
        }
    }
}

impl From<Unprintable> for Error {
    fn from(error: Unprintable) -> Self {
        match error {
            Unprintable::TooDeep => Self::deep(),
            Unprintable::TooLong => Self::Limit,
        }
    }
}

impl From<ReadError> for Error {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Invalid(message) => Self::Failed(message),
            ReadError::TooDeep => Self::deep(),
            ReadError::TooBig => Self::Failed("invalid number: number too big".to_owned()),
            ReadError::Full => Self::Limit,
        }
    }
}

impl Error {
    /// That a value nests deeper than functions go.
    pub(crate) fn deep() -> Self {
        Self::Failed(format!("value nests deeper than {DEPTH} levels"))
    }
}
