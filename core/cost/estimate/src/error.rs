//! Why an object cannot be estimated.

use tollgate_vocabulary::{MoneyError, Path};

use crate::{Field, QuantityError};

/// Something that an estimate needs and that says nothing Kubernetes would take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}`: {problem}")]
pub struct EstimateError {
    /// where
    pub field: Field,
    /// what
    pub problem: EstimateProblem,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EstimateProblem {
    /// no whole number
    #[error("`{0}` is no whole number")]
    NotWhole(String),
    /// less than nothing
    #[error("`{0}` is less than nothing")]
    Negative(String),
    /// more than the field can hold
    #[error("`{0}` is more than this field can hold")]
    TooLarge(String),
    /// a number or percentage was wanted
    #[error("`{0}` is neither a whole number nor a percentage such as `25%`")]
    NotSurge(String),
    /// no Kubernetes quantity
    #[error(transparent)]
    Quantity(#[from] QuantityError),
    /// a part of a device
    #[error("`{0}` is no whole number, and `{1}` is given in whole units only")]
    NotWholeDevice(String, String),
    /// another type of value
    #[error("must be {0}")]
    Type(&'static str),
    /// something without which there is nothing to estimate
    #[error("is missing")]
    Missing,
    /// a word that Kubernetes does not know there
    #[error("`{found}` is none of {known}")]
    Word {
        /// what stands there
        found: String,
        /// what could
        known: &'static str,
    },
    /// a minimum above the maximum
    #[error("{0} is more than the maximum, {1}")]
    Range(u64, u64),
    /// no schedule
    #[error("`{schedule}` is no schedule: {problem}")]
    Schedule {
        /// what stands there
        schedule: String,
        /// what is wrong with it
        problem: String,
    },
    /// a cap that is no amount
    #[error("is no amount a month: {0}")]
    Cap(MoneyError),
    /// a cap below zero
    #[error("`{0}` is no amount a month: it is less than nothing")]
    NegativeCap(String),
    /// figures that no amount can hold
    #[error("what this costs is more than an amount can be")]
    Overflow,
}

/// A figure that does not fit belongs to the whole object. Currencies are never mixed: a book has one.
impl From<MoneyError> for EstimateError {
    fn from(_: MoneyError) -> Self {
        Self { field: Field::of_object(Path::root()), problem: EstimateProblem::Overflow }
    }
}
