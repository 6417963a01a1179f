//! What is wrong with prices, and where.
//!
//! INVARIANT: what a file says is shown cut to [`SHOWN`] characters, and without control characters.

use std::sync::Arc;

use tollgate_vocabulary::{Currency, MoneyError, Ratio, Timestamp};

use crate::{Key, RowPlace, Unit};

/// Characters of what is written that a message repeats.
const SHOWN: usize = 60;

/// Errors that come out at once: more help nobody, and a stranger's file could hold millions.
pub(crate) const MOST: usize = 1000;

/// Something wrong with prices, at its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{}", place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default(), self.message())]
pub struct BookError {
    /// where; nothing where it is about no row at all
    pub place: Option<RowPlace>,
    /// which column or key, where it is about one
    pub column: Option<Arc<str>>,
    /// what
    pub problem: Problem,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// bytes that are no text
    #[error("the file is not UTF-8")]
    Encoding,
    /// neither a header nor a table
    #[error("there are no prices")]
    Empty,
    /// a quoted field without its end
    #[error("a quoted field is not closed")]
    OpenQuote,
    /// a quote where none may be
    #[error("a quote stands inside a field: quote the whole field, and write each quote in it twice")]
    StrayQuote,
    /// more bytes than a value may have
    #[error("longer than {0} bytes")]
    TooLong(usize),
    /// NUL, a tab, a line break
    #[error("has a control character")]
    Control,
    /// more fields than anything has
    #[error("more than {0} fields")]
    TooManyFields(usize),
    /// more or fewer fields than the header
    #[error("{found} fields, but the header names {expected}")]
    FieldCount {
        /// columns of the header
        expected: usize,
        /// fields of this row
        found: usize,
    },
    /// no column of that name is known
    #[error("no column or key is called that; there are {0}")]
    Unknown(String),
    /// a table where a value belongs
    #[error("is a table, but a value belongs here: quote a name with a dot, as in `[node.\"m7i.xlarge\"]`")]
    Nested,
    /// a node that has neither cores, memory nor GPUs
    #[error("the node has neither cpu, memory nor gpu")]
    EmptyNode,
    /// the same column again
    #[error("stands twice in the header")]
    RepeatedColumn,
    /// a column that every file must have
    #[error("the column is missing")]
    MissingColumn,
    /// a value that every row must have
    #[error("is missing")]
    MissingValue,
    /// a value that means nothing here
    #[error("`{found}` is not {expected}")]
    Value {
        /// what stands there
        found: String,
        /// what may
        expected: String,
    },
    /// no amount, or no currency
    #[error(transparent)]
    Money(MoneyError),
    /// less than nothing
    #[error("`{0}` is negative")]
    Negative(String),
    /// nothing, where something must be
    #[error("is zero")]
    Zero,
    /// a unit that the resource is not measured in
    #[error("`{resource}` is not priced by {unit}, but by {fitting}")]
    Unit {
        /// of what
        resource: String,
        /// the unit
        unit: Unit,
        /// units that fit
        fitting: String,
    },
    /// a row that never holds
    #[error("holds until {until}, which is not after {from}, from when it holds")]
    NeverValid {
        /// from when
        from: Timestamp,
        /// until when
        until: Timestamp,
    },
    /// the same again
    #[error("{key}: stands twice, first at {first}")]
    Twice {
        /// of what
        key: Box<Key>,
        /// where it stands first
        first: RowPlace,
    },
    /// two prices for one thing at one time
    #[error("{key}: contradicts {first}, which has another price for the same time")]
    Contradiction {
        /// of what
        key: Box<Key>,
        /// where the other price stands
        first: RowPlace,
    },
    /// two units in one price
    #[error("{key}: is priced by {unit}, but by {other} at {first}, for the same time")]
    MixedUnit {
        /// of what
        key: Box<Key>,
        /// the unit
        unit: Unit,
        /// the other unit
        other: Unit,
        /// where the other unit stands
        first: RowPlace,
    },
    /// tiers that leave out what they begin with
    #[error(
        "{key}: the first tier begins at {from}, not at 0 (tiers of one price all hold from and until the same time)"
    )]
    Tier {
        /// of what
        key: Box<Key>,
        /// where the first tier begins
        from: Ratio,
    },
    /// two currencies in one book
    #[error("is in {currency}, but {first} is in {other}: a book has one currency")]
    MixedCurrency {
        /// the currency
        currency: Currency,
        /// the other one
        other: Currency,
        /// where the other one stands
        first: RowPlace,
    },
    /// every price of it lies in the past
    #[error("{key}: has no price any more, the last held until {until}")]
    Expired {
        /// of what
        key: Box<Key>,
        /// until when the last price held
        until: Timestamp,
    },
    /// not TOML
    #[error("{0}")]
    Syntax(String),
    /// so many errors that the rest is not told
    #[error("too many errors: the rest is not told")]
    TooMany,
}

impl BookError {
    /// What is wrong, with its column and without its place, for whoever shows the place in another way.
    #[must_use]
    pub fn message(&self) -> String {
        match &self.column {
            Some(column) => format!("{column}: {}", self.problem),
            None => self.problem.to_string(),
        }
    }

    pub(crate) fn at(place: &RowPlace, problem: Problem) -> Self {
        Self { place: Some(place.clone()), column: None, problem }
    }
}

impl From<MoneyError> for Problem {
    fn from(error: MoneyError) -> Self {
        Self::Money(match error {
            MoneyError::Currency(text) => MoneyError::Currency(shown(&text)),
            MoneyError::Number(text) => MoneyError::Number(shown(&text)),
            MoneyError::TooFine(text) => MoneyError::TooFine(shown(&text)),
            other => other,
        })
    }
}

/// What is written, as a message may repeat it.
pub(crate) fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(SHOWN).flat_map(char::escape_debug).collect();
    // `escape_debug` escapes quotes too, which needs no escape here.
    short = short.replace("\\\"", "\"").replace("\\'", "'");
    if text.chars().nth(SHOWN).is_some() {
        short.push_str("..");
    }
    short
}
