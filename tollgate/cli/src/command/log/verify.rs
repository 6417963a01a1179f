//! `tollgate log verify`: rebuilds everything from the entries; exit code 1 and the first thing wrong, or what was
//! found right.

use std::fmt::Write as _;
use std::path::Path;

use tollgate_flow::{AuditError, Audited, audit};
use tollgate_ledger::VerifierKey;
use tollgate_store::{OpenError, VerifyError};

use crate::exit::Exit;
use crate::output::{Failure, chain, print, visible};
use crate::progress::Progress;

pub(super) fn run(data: &Path, key: Option<&str>, checkpoint: Option<&Path>) -> Result<Exit, Failure> {
    let beside = data.join("keys/ledger.pub");
    let (key, whose) = match key {
        Some(key) => (Some(key_of(key)?), "the key given"),
        None if beside.is_file() => {
            (Some(key_of(&beside.display().to_string())?), "the key beside the ledger")
        }
        None => (None, "no key"),
    };
    if let Some(missing) = checkpoint.filter(|path| !path.is_file()) {
        return Err(format!("`{}` does not exist", missing.display()).into());
    }
    let progress = Progress::begin("verifying".to_owned());
    let audited = audit(data, key.as_ref(), checkpoint);
    drop(progress);
    match audited {
        Ok(audited) => {
            print(&told(&audited, whose, checkpoint))?;
            Ok(Exit::Allow)
        }
        Err(error) if is_missing(&error) => Err(error.into()),
        Err(error) => {
            say!("error: {}", visible(&chain(&error)));
            Ok(Exit::Deny)
        }
    }
}

fn told(audited: &Audited, whose: &str, checkpoint: Option<&Path>) -> String {
    let Audited { ledger, state } = audited;
    let mut text = format!("ok: log {}, {} entries, root {}\n", ledger.origin, ledger.size, ledger.root);
    let mut rows = vec![
        format!("{} entries hashed into the tree again, each with what it commits to", ledger.size),
        format!("{} bodies deleted, each with its tombstone", ledger.redacted),
        format!("{} pieces of content match their digests", ledger.content),
        format!("{state} pieces of settled state follow from the entries' effects"),
        format!("{} tiles and bundles match the entries", ledger.files),
    ];
    rows.push(match &ledger.published {
        Some(published) => {
            format!("{} checkpoints match, the newest of {} entries", ledger.checkpoints, published.size)
        }
        None => "no checkpoint is published yet".to_owned(),
    });
    rows.push(if ledger.signatures {
        format!("signatures verified with {whose}")
    } else {
        "signatures not verified: no key (`--key`)".to_owned()
    });
    if let Some(checkpoint) = checkpoint {
        rows.push(format!("the ledger still holds all that `{}` covers", checkpoint.display()));
    }
    for row in rows {
        let _ = writeln!(text, "  {row}");
    }
    text
}

/// A verifier key as text, or in a file.
fn key_of(text: &str) -> Result<VerifierKey, Failure> {
    if let Ok(key) = text.parse() {
        return Ok(key);
    }
    let written = std::fs::read_to_string(text)
        .map_err(|error| format!("`{text}` is neither a verifier key nor a file that holds one: {error}"))?;
    written.trim_end().parse().map_err(|error| format!("`{text}` holds no verifier key: {error}").into())
}

/// There is no ledger at all, which is no finding about one.
fn is_missing(error: &AuditError) -> bool {
    let AuditError::Ledger(VerifyError::Open(open)) = error else { return false };
    matches!(open, OpenError::File { source, .. } if source.kind() == std::io::ErrorKind::NotFound)
}
