//! Who asks, and how we know.

use std::collections::BTreeMap;

/// Who a change is asked by, as the API server's `userInfo` has it (authentication.k8s.io/v1 `UserInfo`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Principal {
    /// name, such as `system:serviceaccount:flux-system:kustomize-controller`
    pub username: String,
    /// an identifier that changes when the name is given to somebody else
    pub uid: String,
    /// groups in the order given
    pub groups: Vec<String>,
    /// further attributes
    pub extra: BTreeMap<String, Vec<String>>,
}

/// How the caller that brought a change proved itself. The principal is only as true as its caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authentication {
    /// a client certificate under the configured authority; its subject
    ClientCertificate {
        /// the subject's distinguished name (RFC 4514)
        subject: String,
    },
    /// it knew the unguessable path
    SecretPath,
    /// nothing: allowed on loopback only, and said in the entry
    Unauthenticated,
    /// the process itself: the command line, or the watch on the estate's files
    Local,
}

/// The principal and how its caller was authenticated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// who asks
    pub principal: Principal,
    /// how the caller was authenticated
    pub authentication: Authentication,
}

impl Authentication {
    /// The word that entries and reports use.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::ClientCertificate { .. } => "client-certificate",
            Self::SecretPath => "secret-path",
            Self::Unauthenticated => "unauthenticated",
            Self::Local => "local",
        }
    }
}
