//! Audits a data directory: rebuilds the ledger from its bytes, and the settled state from its effects.

use std::path::Path;

use tollgate_gate::{Effects, State};
use tollgate_ledger::{Kind, VerifierKey};
use tollgate_store::{Report, StoredEntry, VerifyError, verify_with};

use crate::record::batch::rows;

/// What an audit went over.
#[derive(Debug)]
pub struct Audited {
    /// what the store found right
    pub ledger: Report,
    /// pieces of settled state that the effects give again
    pub state: usize,
}

/// What is wrong first.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// in the ledger
    #[error("the ledger does not verify")]
    Ledger(#[source] VerifyError),
    /// the state is not what the effects give
    #[error(
        "the settled state `{key}` is not what the entries' effects give: expected {expected}, found {found}"
    )]
    State {
        /// which piece
        key: String,
        /// what folding the effects gives
        expected: String,
        /// what is kept
        found: String,
    },
}

/// Rebuilds everything, and says what is wrong first.
///
/// # Errors
/// The first thing wrong.
pub fn audit(
    dir: &Path,
    key: Option<&VerifierKey>,
    checkpoint: Option<&Path>,
) -> Result<Audited, AuditError> {
    let mut state = State::default();
    let mut replay = |entry: &StoredEntry| {
        if moves_state(entry.kind()) {
            let effects = Effects::from_bytes(&entry.effects.bytes).map_err(|error| error.to_string())?;
            state.apply(&effects);
        }
        Ok(())
    };
    let ledger = verify_with(dir, key, checkpoint, &mut replay).map_err(AuditError::Ledger)?;
    let mut expected = rows(&state);
    expected.sort();
    compare(&ledger.state, &expected)?;
    Ok(Audited { ledger, state: expected.len() })
}

/// Kinds of entries whose effects are those of the gate.
const fn moves_state(kind: Kind) -> bool {
    matches!(kind, Kind::Decision | Kind::BundleActivation | Kind::Settlement | Kind::Expiry | Kind::RollOver)
}

fn compare(found: &[(String, Vec<u8>)], expected: &[(String, Vec<u8>)]) -> Result<(), AuditError> {
    if found == expected {
        return Ok(());
    }
    let text = |value: Option<&Vec<u8>>| {
        value.map_or_else(|| "nothing".to_owned(), |value| format!("`{}`", String::from_utf8_lossy(value)))
    };
    let value =
        |rows: &[(String, Vec<u8>)], key: &str| text(rows.iter().find(|row| row.0 == key).map(|row| &row.1));
    let mut keys: Vec<&String> = found.iter().chain(expected).map(|row| &row.0).collect();
    keys.sort();
    let differs = keys.into_iter().find(|key| value(found, key) != value(expected, key));
    let key = differs.cloned().unwrap_or_default();
    Err(AuditError::State { expected: value(expected, &key), found: value(found, &key), key })
}
