//! Signing quotes, and believing those of others.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tollgate_gate::quote::Quote;
use tollgate_ledger::{Note, Origin, SigningKey, VerifierKey};
use tollgate_vocabulary::{Fact, Source, Timestamp, Value};

/// A quote as an annotation carries it.
///
/// # Errors
/// It holds what a signed note cannot hold.
pub fn sign_quote(quote: &Quote, origin: &Origin, key: &SigningKey) -> Result<String, String> {
    let note = Note::sign(quote.to_text(), origin, key).map_err(|error| error.to_string())?;
    Ok(STANDARD.encode(note.to_string()))
}

/// The fact about an annotation: the text that was signed, where one of `keys` signed it.
pub(crate) fn quote_fact(annotation: &str, keys: &[VerifierKey], at: Timestamp) -> Fact {
    let unavailable = |why: &str| Fact::Unavailable { why: why.into() };
    let Ok(bytes) = STANDARD.decode(annotation) else { return unavailable("it is not base64") };
    let Ok(note) = Note::parse(&bytes) else { return unavailable("it is no signed note") };
    match keys.iter().find_map(|key| note.verify(key).ok()) {
        Some(text) => {
            Fact::Known { value: Arc::new(Value::from(text)), observed_at: at, source: Source::Change }
        }
        None => unavailable("nobody who may has signed it"),
    }
}
