//! Why a figure is what it is: a tree of words, numbers and the places they come from.
//!
//! ```text
//! Estimator::explain ──> Explanation ──to_text(locate)──> lines, with file and line where `locate` knows them
//! ```

mod text;

use std::fmt;

use tollgate_price::{Row, RowPlace};
use tollgate_vocabulary::Money;

use crate::Field;

/// One line of an explanation, and the lines that it rests on. Empty where no explanation was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    /// what it is about: `3 replicas`, `cpu`
    pub label: String,
    /// the arithmetic in words and numbers; may be empty
    pub arithmetic: String,
    /// what it comes to
    pub figure: Option<Figure>,
    /// the fields that its numbers come from
    pub fields: Vec<Field>,
    /// the price rows that they come from
    pub prices: Vec<PriceSource>,
    /// what it rests on
    pub below: Vec<Explanation>,
}

/// What a line comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// how much
    pub amount: Money,
    /// for how long
    pub per: Per,
}

/// How long an amount pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// for an hour
    Hour,
    /// for a month of 730 hours
    Month,
    /// for all of it
    Once,
}

/// The price row that a number comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceSource {
    /// where it is written
    pub place: RowPlace,
    /// what it says
    pub title: String,
}

impl Per {
    const fn words(self) -> &'static str {
        match self {
            Self::Hour => " an hour",
            Self::Month => " a month",
            Self::Once => " in all",
        }
    }
}

impl Explanation {
    pub(crate) fn of(label: impl Into<String>) -> Self {
        Self { label: label.into(), ..Self::default() }
    }

    pub(crate) fn saying(mut self, arithmetic: impl Into<String>) -> Self {
        self.arithmetic = arithmetic.into();
        self
    }

    pub(crate) fn by_field(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }

    pub(crate) fn by_fields(mut self, fields: impl IntoIterator<Item = Field>) -> Self {
        self.fields.extend(fields);
        self
    }

    pub(crate) fn by(mut self, row: &Row) -> Self {
        self.prices.push(PriceSource { place: row.place.clone(), title: row.to_string() });
        self
    }

    pub(crate) const fn coming_to(mut self, amount: Money, per: Per) -> Self {
        self.figure = Some(Figure { amount, per });
        self
    }

    pub(crate) fn resting_on(mut self, below: Vec<Self>) -> Self {
        self.below = below;
        self
    }

    /// Whether nothing is explained.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.label.is_empty() && self.below.is_empty()
    }
}

/// `0.0158055 USD an hour`.
impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.amount, self.per.words())
    }
}
