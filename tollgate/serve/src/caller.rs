//! Who asks for an admission. A review is a claim until its caller proves to be the API server.
//!
//! ```text
//! client authority set ──> a client certificate under it, always
//! else /admit/<secret>  ──> the secret, compared in constant time
//! else /admit           ──> on loopback only, and the entry says `unauthenticated`
//! ```

use std::net::SocketAddr;

use subtle::ConstantTimeEq as _;
use tollgate_flow::Caller;
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

/// The other end of a connection.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    /// where it is
    pub(crate) address: SocketAddr,
    /// the subject of its certificate, verified in the handshake (RFC 4514)
    pub(crate) certificate: Option<String>,
}

/// How callers of this server prove themselves.
#[derive(Clone, Debug)]
pub(crate) struct Callers {
    /// whether client certificates are verified here
    pub(crate) certificates: bool,
    /// whether nobody but this machine can connect
    pub(crate) loopback: bool,
    /// what makes the path unguessable
    pub(crate) secret: String,
}

/// Who asked has proved nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Forged {
    /// no client certificate
    #[error("a client certificate is required here; this connection brought none")]
    NoCertificate,
    /// a path that is not ours
    #[error("this is not the path of the webhook")]
    WrongPath,
    /// the plain path, where strangers can connect
    #[error(
        "`/admit` answers on loopback only: give the API server the unguessable path, or a client certificate \
         (`--client-ca`)"
    )]
    Open,
}

impl Callers {
    /// Who asks: `secret` is what the path ended in, if anything.
    pub(crate) fn authenticate(&self, peer: &Peer, secret: Option<&str>) -> Result<Caller, Forged> {
        let right = secret.map(|secret| bool::from(secret.as_bytes().ct_eq(self.secret.as_bytes())));
        match (self.certificates, &peer.certificate, right) {
            (_, _, Some(false)) => Err(Forged::WrongPath),
            (true, Some(subject), _) => Ok(Caller::ClientCertificate { subject: subject.clone() }),
            (true, None, _) => Err(Forged::NoCertificate),
            (false, _, Some(true)) => Ok(Caller::SecretPath),
            (false, _, None) if self.loopback && peer.address.ip().is_loopback() => {
                Ok(Caller::Unauthenticated)
            }
            (false, _, None) => Err(Forged::Open),
        }
    }
}

/// The subject of a certificate that was verified. One that cannot be read counts as none.
pub(crate) fn subject_of(certificate: &[u8]) -> Option<String> {
    let certificate = Certificate::from_der(certificate).ok()?;
    Some(certificate.tbs_certificate().subject().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn callers(certificates: bool, loopback: bool) -> Callers {
        Callers { certificates, loopback, secret: "s3cret".to_owned() }
    }

    fn peer(address: &str, certificate: Option<&str>) -> Peer {
        Peer { address: address.parse().expect("an address"), certificate: certificate.map(str::to_owned) }
    }

    #[test]
    fn the_secret_path_proves_its_caller() {
        let far = peer("192.0.2.1:1", None);
        assert_eq!(callers(false, false).authenticate(&far, Some("s3cret")), Ok(Caller::SecretPath));
        for wrong in ["", "s3cre", "s3crets", "S3CRET"] {
            assert_eq!(callers(false, true).authenticate(&far, Some(wrong)), Err(Forged::WrongPath));
        }
    }

    #[test]
    fn the_plain_path_answers_on_loopback_only() {
        let (near, far) = (peer("127.0.0.1:1", None), peer("192.0.2.1:1", None));
        assert_eq!(callers(false, true).authenticate(&near, None), Ok(Caller::Unauthenticated));
        assert_eq!(callers(false, false).authenticate(&near, None), Err(Forged::Open));
        assert_eq!(callers(false, true).authenticate(&far, None), Err(Forged::Open));
    }

    #[test]
    fn where_certificates_are_required_nothing_else_will_do() {
        let (with, without) = (peer("127.0.0.1:1", Some("CN=api")), peer("127.0.0.1:1", None));
        let proved = Ok(Caller::ClientCertificate { subject: "CN=api".to_owned() });
        assert_eq!(callers(true, true).authenticate(&with, None), proved);
        assert_eq!(callers(true, true).authenticate(&with, Some("s3cret")), proved);
        assert_eq!(callers(true, true).authenticate(&with, Some("guess")), Err(Forged::WrongPath));
        assert_eq!(callers(true, true).authenticate(&without, None), Err(Forged::NoCertificate));
        assert_eq!(callers(true, true).authenticate(&without, Some("s3cret")), Err(Forged::NoCertificate));
    }
}
