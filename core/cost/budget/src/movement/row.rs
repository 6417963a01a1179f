//! An account as rows of the store: a key for each hold, balance and window, and its canonical bytes.

use std::sync::Arc;

use tollgate_manifest::{Limits, canonical, json};
use tollgate_vocabulary::Value;

use super::value::{balance_value, growth_value, hold_value, read_balance, read_growth, read_hold};
use super::{Movement, ReadMovementError};
use crate::Account;

/// Keys of balances, growth and holds begin with these; in this order, so that rows sorted by key bring the names of
/// budgets before the holds that share them.
const BALANCE: &str = "balance/";
const GROWTH: &str = "growth/";
const HOLD: &str = "hold/";

/// A row that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the row `{key}` cannot be read: {why}")]
pub struct ReadRowError {
    /// its key
    pub key: String,
    /// what is wrong with it
    pub why: String,
}

impl Movement {
    /// The row that this movement writes; no bytes where it deletes it.
    #[must_use]
    pub fn row(&self) -> (String, Option<Vec<u8>>) {
        let bytes = |value: Value| canonical::bytes(&value);
        match self {
            Self::Hold { key, hold } => (format!("{HOLD}{key}"), hold.as_ref().map(hold_value).map(bytes)),
            Self::Balance { budget, balance } => {
                (format!("{BALANCE}{budget}"), balance.as_deref().map(balance_value).map(bytes))
            }
            Self::Growth { principal, window } => {
                (format!("{GROWTH}{principal}"), window.as_ref().map(growth_value).map(bytes))
            }
        }
    }

    /// Reads a row. Nothing where its key is not one of an account.
    ///
    /// # Errors
    /// The key is one, and the row cannot be read.
    pub fn of_row(key: &str, bytes: &[u8]) -> Result<Option<Self>, ReadRowError> {
        let wrong = |why: String| ReadRowError { key: key.to_owned(), why };
        let because = |error: ReadMovementError| wrong(error.0);
        let value = || json::read(bytes, &Limits::default()).map_err(|error| wrong(error.to_string()));
        if let Some(name) = key.strip_prefix(HOLD) {
            let key = name.parse().map_err(|error: crate::ParseHoldKeyError| wrong(error.to_string()))?;
            let hold = Some(read_hold(&value()?).map_err(because)?);
            return Ok(Some(Self::Hold { key, hold }));
        }
        if let Some(name) = key.strip_prefix(BALANCE) {
            let (budget, balance) =
                (Arc::from(name), Some(Box::new(read_balance(&value()?).map_err(because)?)));
            return Ok(Some(Self::Balance { budget, balance }));
        }
        if let Some(name) = key.strip_prefix(GROWTH) {
            let (principal, window) = (Arc::from(name), Some(read_growth(&value()?).map_err(because)?));
            return Ok(Some(Self::Growth { principal, window }));
        }
        Ok(None)
    }
}

impl Account {
    /// All rows that this account is kept as, sorted by key.
    pub fn rows(&self) -> impl Iterator<Item = (String, Vec<u8>)> {
        let bytes = |value: Value| canonical::bytes(&value);
        let balances = self
            .balances()
            .map(move |(name, balance)| (format!("{BALANCE}{name}"), bytes(balance_value(balance))));
        let growth = self
            .growth()
            .map(move |(principal, window)| (format!("{GROWTH}{principal}"), bytes(growth_value(window))));
        let holds = self.holds().map(move |(key, hold)| (format!("{HOLD}{key}"), bytes(hold_value(hold))));
        balances.chain(growth).chain(holds)
    }

    /// Takes a row in. Says no where its key is not one of an account.
    ///
    /// # Errors
    /// The key is one, and the row cannot be read.
    pub fn read_row(&mut self, key: &str, bytes: &[u8]) -> Result<bool, ReadRowError> {
        let movement = Movement::of_row(key, bytes)?;
        Ok(movement.is_some_and(|movement| {
            self.apply(&movement);
            true
        }))
    }
}
