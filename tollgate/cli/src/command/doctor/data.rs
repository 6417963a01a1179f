//! The data directory: is it there, are its keys ours alone, is the ledger right, is its checkpoint fresh?

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use tollgate_flow::audit;
use tollgate_ledger::VerifierKey;
use tollgate_store::Store;

use super::{Check, Outcome};
use crate::output::chain;

pub(super) fn checks(data: &Path) -> Vec<Check> {
    let found = directory(data);
    let there = matches!(found, Outcome::Good(_));
    let mut checks = vec![Check { what: "data", outcome: found }];
    if there {
        checks.push(Check { what: "keys", outcome: keys(data) });
        checks.push(Check { what: "ledger", outcome: ledger(data) });
        checks.push(Check { what: "checkpoint", outcome: checkpoint(data) });
        checks.push(Check { what: "gate", outcome: gate(data) });
    }
    checks
}

fn directory(data: &Path) -> Outcome {
    let shown = data.display();
    match fs::metadata(data) {
        Ok(metadata) if metadata.is_dir() => Outcome::Good(format!("`{shown}`")),
        Ok(_) => bad(format!("`{shown}` is no folder"), "name another with `--data`"),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Outcome::Note(format!("`{shown}` does not exist: no gate has run with it yet"))
        }
        Err(error) => bad(format!("`{shown}` cannot be read: {error}"), "run as the user that runs the gate"),
    }
}

fn keys(data: &Path) -> Outcome {
    let folder = data.join("keys");
    let secrets = ["ledger.key", "mask.key", "path.secret"];
    for (path, most) in
        std::iter::once((folder.clone(), 0o700)).chain(secrets.map(|name| (folder.join(name), 0o600)))
    {
        match fs::metadata(&path) {
            Err(error) => {
                return bad(
                    format!("`{}`: {error}", path.display()),
                    "put the folder `keys` back from its copy",
                );
            }
            Ok(metadata) if metadata.mode() & 0o077 != 0 => {
                let why = format!(
                    "`{}` can be reached by others (mode {:04o})",
                    path.display(),
                    metadata.mode() & 0o7777
                );
                return bad(why, &format!("chmod {most:o} {}", path.display()));
            }
            Ok(_) => {}
        }
    }
    Outcome::Good(format!("`{}`, readable by their owner alone", folder.display()))
}

fn ledger(data: &Path) -> Outcome {
    let key = fs::read_to_string(data.join("keys/ledger.pub")).ok();
    let key: Option<VerifierKey> = key.and_then(|text| text.trim_end().parse().ok());
    match audit(data, key.as_ref(), None) {
        Ok(audited) => {
            Outcome::Good(format!("{}, {} entries, all verified", audited.ledger.origin, audited.ledger.size))
        }
        Err(error) => bad(
            chain(&error),
            "keep the folder as it is, it is evidence; restore a copy elsewhere and verify that",
        ),
    }
}

fn checkpoint(data: &Path) -> Outcome {
    let size = Store::open_read_only(data).map_err(|error| chain(&error)).and_then(|reader| {
        let view = reader.view();
        let note = view.newest_checkpoint().map_err(|error| chain(&error))?;
        Ok((view.size().map_err(|error| chain(&error))?, note))
    });
    match size {
        Err(why) => bad(why, "tollgate log verify"),
        Ok((size, note)) => {
            let covered = note
                .and_then(|note| tollgate_ledger::Checkpoint::unverified(note.as_bytes()).ok())
                .map_or(0, |checkpoint| checkpoint.size);
            if covered == size {
                Outcome::Good(format!("covers all {size} entries"))
            } else {
                Outcome::Note(format!(
                    "covers {covered} of {size} entries; a running gate publishes within a second, a killed one when it starts again"
                ))
            }
        }
    }
}

/// Whether a gate runs here: it holds the lock.
fn gate(data: &Path) -> Outcome {
    let lock = fs::File::options().read(true).open(data.join("lock"));
    match lock.map(|file| file.try_lock_shared()) {
        Ok(Err(fs::TryLockError::WouldBlock)) => {
            Outcome::Good("runs, and holds the data directory".to_owned())
        }
        Ok(_) => Outcome::Note("no gate runs with this data directory".to_owned()),
        Err(error) => Outcome::Note(format!("nobody can tell whether one runs: {error}")),
    }
}

fn bad(why: String, help: &str) -> Outcome {
    Outcome::Bad { why, help: help.to_owned() }
}
