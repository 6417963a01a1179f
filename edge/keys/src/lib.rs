//! Keys of this installation, in files that only their owner reads.
//!
//! ```text
//! <dir>/keys/ledger.key    0600  Ed25519 seed: signs checkpoints and receipts
//! <dir>/keys/mask.key      0600  HMAC key: turns secret values into tokens
//! <dir>/keys/path.secret   0600  the unguessable part of the webhook's path
//! <dir>/keys/ledger.pub    0644  the note verifier key, to hand out
//! ```
//!
//! A secret file is one line, `tollgate-key/v1 <purpose> <base64 of 32 bytes>`. The purpose stands in the file so that no
//! key can be put in another's place. Files are made in one step, and read only if nobody else can read them.

mod file;
mod secret;

use std::io;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secret::Secret;
use tollgate_ledger::{Origin, ParseKeyError, SigningKey, VerifierKey};

const LEDGER: &str = "ledger.key";
const MASK: &str = "mask.key";
const PATH: &str = "path.secret";
const PUBLIC: &str = "ledger.pub";

/// The keys of one installation.
#[derive(Debug)]
pub struct Keyring {
    dir: PathBuf,
    verifier: VerifierKey,
    ledger: SigningKey,
    mask: Secret,
    path: Secret,
}

/// Keys that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// a file or folder cannot be read or made
    #[error("cannot use `{}`", path.display())]
    File {
        /// which
        path: PathBuf,
        /// why
        source: io::Error,
    },
    /// others can reach the secret
    #[error("`{}` is accessible by others (mode {mode:04o}): expected {expected:04o}, mend it with `chmod {expected:o}`", path.display())]
    Mode {
        /// which
        path: PathBuf,
        /// its permission bits
        mode: u32,
        /// what they must be within
        expected: u32,
    },
    /// not one line of our form, for this purpose
    #[error("`{}` is not `tollgate-key/v1 {purpose} <base64 of 32 bytes>`", path.display())]
    Format {
        /// which
        path: PathBuf,
        /// what the key is for
        purpose: &'static str,
    },
    /// some keys are there and others are gone: making new ones would hide the loss
    #[error("`{}` is missing beside other keys: put it back from a backup, or move the whole folder away", .0.display())]
    Missing(PathBuf),
    /// the public key's file cannot be read
    #[error("`{}` is not a verifier key", path.display())]
    Public {
        /// which
        path: PathBuf,
        /// why
        source: ParseKeyError,
    },
    /// the public key is another's
    #[error("`{}` holds `{found}`, the ledger key is `{expected}`", path.display())]
    OtherPublic {
        /// which
        path: PathBuf,
        /// the key that signs
        expected: Box<VerifierKey>,
        /// the key that is handed out
        found: Box<VerifierKey>,
    },
    /// the operating system gave no randomness
    #[error("no randomness from the operating system")]
    Random(#[source] io::Error),
}

impl Keyring {
    /// Reads the keys below a data directory, or makes them where there are none. Whether they were made.
    ///
    /// # Errors
    /// Unreadable, readable by others, malformed, incomplete, or the public key is another's.
    pub fn open_or_create(dir: &Path, origin: &Origin) -> Result<(Self, bool), KeyError> {
        let dir = dir.join("keys");
        file::make_folder(&dir)?;
        // the ledger key is made last: where it stands, all stand
        let secrets = [(PATH, "path"), (MASK, "mask"), (LEDGER, "ledger")];
        let created = !file::exists(&dir.join(LEDGER))?;
        if created && file::exists(&dir.join(PUBLIC))? {
            return Err(KeyError::Missing(dir.join(LEDGER)));
        }
        let [path, mask, ledger] = secrets.map(|(name, purpose)| open(&dir.join(name), purpose, created));
        let (path, mask, ledger) = (path?, mask?, ledger?);
        let ledger = SigningKey::from_bytes(ledger.bytes());
        let verifier = VerifierKey::new(origin.clone(), ledger.verifying_key());
        hand_out(&dir.join(PUBLIC), &verifier)?;
        Ok((Self { dir, verifier, ledger, mask, path }, created))
    }

    /// Where the keys are.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What signs checkpoints and receipts.
    #[must_use]
    pub const fn ledger(&self) -> &SigningKey {
        &self.ledger
    }

    /// What verifies them.
    #[must_use]
    pub const fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// The key of the tokens that stand for secret values.
    #[must_use]
    pub const fn mask(&self) -> &[u8; 32] {
        self.mask.bytes()
    }

    /// The unguessable part of the webhook's path: 43 characters of base64url.
    #[must_use]
    pub fn path_secret(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.path.bytes())
    }
}

fn open(path: &Path, purpose: &'static str, create: bool) -> Result<Secret, KeyError> {
    match file::read_secret(path)? {
        Some(text) => {
            Secret::parse(&text, purpose).ok_or_else(|| KeyError::Format { path: path.to_owned(), purpose })
        }
        None if create => {
            let secret = Secret::random().map_err(|error| KeyError::Random(io::Error::other(error)))?;
            file::create(path, secret.line(purpose).as_bytes(), 0o600)?;
            Ok(secret)
        }
        None => Err(KeyError::Missing(path.to_owned())),
    }
}

/// Writes the public key beside the secret one, or checks that the one there is ours.
fn hand_out(path: &Path, verifier: &VerifierKey) -> Result<(), KeyError> {
    let Some(text) = file::read(path)? else {
        return file::create(path, format!("{verifier}\n").as_bytes(), 0o644);
    };
    let found: VerifierKey =
        text.trim_end().parse().map_err(|source| KeyError::Public { path: path.to_owned(), source })?;
    if found == *verifier {
        return Ok(());
    }
    let (expected, found) = (Box::new(verifier.clone()), Box::new(found));
    Err(KeyError::OtherPublic { path: path.to_owned(), expected, found })
}

#[cfg(test)]
mod tests;
