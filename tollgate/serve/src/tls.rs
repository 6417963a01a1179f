//! Certificates: from files that somebody renews, or our own.
//!
//! ```text
//! Files ──────────────────┐
//! Own ──make, renew──> files in <data>/tls ──read each second──> Certificates ──> ServerConfig of a new connection
//! ```
//!
//! INVARIANT: files that cannot be used never replace a configuration that can; it is said in the log and in a metric.

mod material;
mod own;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::SystemTime;

use tokio_rustls::rustls::{self, ServerConfig};
use tollgate_vocabulary::Timestamp;

use material::{Files, Material};

/// Where the server's certificate comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// PEM files, renewed by somebody else
    Files {
        /// the certificate and what chains it to its authority
        certificate: PathBuf,
        /// its private key
        key: PathBuf,
        /// the authority that clients verify it with, where it is no public one
        authority: Option<PathBuf>,
    },
    /// made by ourselves, in `<data>/tls`
    Own {
        /// names and addresses besides `localhost`, `127.0.0.1` and `::1`
        names: Vec<String>,
    },
}

/// Why there is no certificate to serve with.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// a file cannot be read
    #[error("cannot read `{}`", path.display())]
    Read {
        /// which
        path: PathBuf,
        /// why
        source: io::Error,
    },
    /// a file cannot be written
    #[error("cannot write `{}`", path.display())]
    Write {
        /// which
        path: PathBuf,
        /// why
        source: io::Error,
    },
    /// a file does not hold what it should
    #[error("`{}` holds no {expected} in PEM", path.display())]
    Pem {
        /// which
        path: PathBuf,
        /// what it should hold
        expected: &'static str,
    },
    /// the certificate cannot be used
    #[error("certificate `{}` and key `{}` cannot be used", certificate.display(), key.display())]
    Certificate {
        /// the certificate
        certificate: PathBuf,
        /// the key
        key: PathBuf,
        /// why
        source: rustls::Error,
    },
    /// the client authority cannot be used
    #[error("client authority `{}` cannot be used: {why}", path.display())]
    ClientAuthority {
        /// which
        path: PathBuf,
        /// why
        why: String,
    },
    /// no certificate can be made
    #[error("no certificate can be made")]
    Make(#[from] rcgen::Error),
    /// a name that no certificate can have
    #[error("`{0}` is neither a host name nor an address")]
    Name(String),
}

/// The certificates in use.
#[derive(Debug)]
pub(crate) struct Certificates {
    tls: Tls,
    own: PathBuf,
    files: Files,
    seen: Mutex<Vec<tollgate_vocabulary::Digest>>,
    current: RwLock<Arc<ServerConfig>>,
    broken: Mutex<Option<String>>,
}

impl Certificates {
    /// Reads the files, making our own first where none are given.
    pub(crate) fn open(tls: &Tls, client_ca: Option<&Path>, data: &Path) -> Result<Self, TlsError> {
        let own = data.join("tls");
        let files = match tls {
            Tls::Files { certificate, key, .. } => Files::new(certificate, key, client_ca),
            Tls::Own { names } => {
                own::ensure(&own, names, now())?;
                Files::new(&own.join(own::CERTIFICATE), &own.join(own::KEY), client_ca)
            }
        };
        let material = Material::read(&files)?;
        let current = RwLock::new(Arc::new(material.config(&files)?));
        let seen = Mutex::new(material.digests());
        Ok(Self { tls: tls.clone(), own, files, seen, current, broken: Mutex::default() })
    }

    /// What a new connection is served with.
    pub(crate) fn current(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The certificate that clients verify ours with: our own, or the one given; none for a public one.
    pub(crate) fn authority(&self) -> Result<Option<String>, TlsError> {
        let path = match &self.tls {
            Tls::Files { authority, .. } => authority.clone(),
            Tls::Own { .. } => Some(self.own.join(own::AUTHORITY)),
        };
        path.map(|path| std::fs::read_to_string(&path).map_err(|source| TlsError::Read { path, source }))
            .transpose()
    }

    /// Reads the files again and takes what changed; renews our own where that is due. True where something changed.
    pub(crate) fn reload(&self) -> bool {
        match self.try_reload() {
            Ok(Some(())) => {
                tracing::info!("certificates reloaded");
                self.set_broken(None);
                true
            }
            Ok(None) => false,
            Err(error) => {
                let why = chain(&error);
                if self.broken().as_ref() != Some(&why) {
                    tracing::error!(%why, "new certificate files cannot be used: the old ones stay in use");
                }
                self.set_broken(Some(why));
                false
            }
        }
    }

    /// Why the files are not those in use, if they are not.
    pub(crate) fn broken(&self) -> Option<String> {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn try_reload(&self) -> Result<Option<()>, TlsError> {
        if let Tls::Own { names } = &self.tls {
            own::ensure(&self.own, names, now())?;
        }
        let material = Material::read(&self.files)?;
        let digests = material.digests();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if *seen == digests {
            // What was read last is in use, or was found wanting already.
            return Ok(None);
        }
        seen.clone_from(&digests);
        let config = material.config(&self.files)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(config);
        Ok(Some(()))
    }

    fn set_broken(&self, why: Option<String>) {
        *self.broken.lock().unwrap_or_else(PoisonError::into_inner) = why;
    }
}

fn now() -> Timestamp {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_second(i64::try_from(now.as_secs()).unwrap_or(i64::MAX)).unwrap_or(Timestamp::MAX)
}

/// An error with its causes, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

#[cfg(test)]
mod tests;
