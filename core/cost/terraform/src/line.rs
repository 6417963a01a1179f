//! Why a resource costs what it does: which fields, times which row; and what could not be counted, and why.

use std::fmt;

use tollgate_price::{Key, RowPlace, Unit};
use tollgate_vocabulary::{Money, Path, Ratio};

use crate::Figures;

/// One step of an explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// of the resource before the change, or after it
    pub side: Side,
    /// the fields that it follows from; `["ADDRESS"].field` where it is another resource's
    pub fields: Vec<Path>,
    /// what a price is asked for
    pub key: Option<Key>,
    /// what came of it
    pub outcome: Outcome,
}

/// Before the change, or after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// before
    Before,
    /// after
    After,
}

/// What came of looking for a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// a figure
    Priced {
        /// the row of the price; the first of its tiers
        row: RowPlace,
        /// what the price is of
        unit: Unit,
        /// the price of one unit, in the first tier
        price: Money,
        /// how many tiers the price has
        tiers: usize,
        /// how many pieces, GiB or cores are expected
        expected: Ratio,
        /// how many there may be; zero where another line of several instance types is the dearest
        worst: Ratio,
        /// what that comes to
        figures: Figures,
    },
    /// no row answers
    Unpriced,
    /// the row that answers is of another unit than it is counted in
    Unit {
        /// the row
        row: RowPlace,
        /// its unit
        unit: Unit,
    },
    /// nobody knows yet, or can
    Unknown(Why),
    /// there is no bound to it
    Unbounded,
}

/// Why something is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Why {
    /// the plan says so
    #[error("known only after apply")]
    AfterApply,
    /// it may not be shown, so nothing is made of it
    #[error("sensitive")]
    Sensitive,
    /// nothing is written, and what the cloud then takes is not known
    #[error("not set")]
    NotSet,
    /// text where a number should be, or the like
    #[error("not a value that this field can have")]
    Unreadable,
    /// a number, or what it comes to, does not fit
    #[error("too large")]
    TooLarge,
    /// what it refers to is not in the plan, or cannot be told from others
    #[error("refers to what is not in the plan")]
    NotFound,
    /// nothing is known about the price of this type or setting
    #[error("not supported")]
    Unsupported,
}

impl Side {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
        }
    }
}

/// `after: instance_type: instance aws us-east-1 m7i.large: 2 (at worst 5) x 0.1008 USD per hour (prices.csv:2)`.
impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.side.word())?;
        for (at, field) in self.fields.iter().filter(|field| !field.is_root()).enumerate() {
            write!(f, "{}{field}", if at == 0 { ": " } else { ", " })?;
        }
        if let Some(key) = &self.key {
            write!(f, ": {key}")?;
        }
        write!(f, ": {}", self.outcome)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Priced { row, unit, price, tiers, expected, worst, figures } => {
                write!(f, "{expected}")?;
                if worst > expected {
                    write!(f, " (at worst {worst})")?;
                }
                write!(f, " x {price} per {unit}")?;
                if *tiers > 1 {
                    write!(f, " and {} more tiers", tiers - 1)?;
                }
                write!(f, " ({row}) = {} a month", figures.expected_month)?;
                if figures.worst_month != figures.expected_month {
                    write!(f, ", at worst {}", figures.worst_month)?;
                }
                Ok(())
            }
            Self::Unpriced => f.write_str("no price"),
            Self::Unit { row, unit } => {
                write!(f, "its price is per {unit}, which it is not counted in ({row})")
            }
            Self::Unknown(why) => write!(f, "{why}"),
            Self::Unbounded => f.write_str("no bound"),
        }
    }
}
