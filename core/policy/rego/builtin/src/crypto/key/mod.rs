//! Keys: read from PEM, DER and JSON Web Keys; signatures, checked and made.
//!
//! ```text
//! certificate, PKIX ─┐                        ┌─ PKCS #1, PKCS #8, SEC 1
//!                    ├─> PublicKey   PrivateKey <─┤
//! JSON Web Key ──────┘                        └─ JSON Web Key
//! ```

pub(crate) mod jwk;
pub(crate) mod pkix;
pub(crate) mod private;
pub(crate) mod signature;

/// What a signature can be checked with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PublicKey {
    /// magnitudes without leading zeros
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
    /// an uncompressed point
    Ec {
        curve: Curve,
        point: Vec<u8>,
    },
    Ed25519(Vec<u8>),
    /// what both sides know
    Secret(Vec<u8>),
    /// none that checks a signature: a private one, or one for something else
    Useless,
}

/// What a signature can be made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PrivateKey {
    Rsa(Rsa),
    /// the scalar in full length, and an uncompressed point
    Ec {
        curve: Curve,
        scalar: Vec<u8>,
        point: Vec<u8>,
    },
    Ed25519 {
        seed: Vec<u8>,
        public: Vec<u8>,
    },
}

/// An RSA key's numbers, as magnitudes without leading zeros.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rsa {
    pub(crate) n: Vec<u8>,
    pub(crate) e: Vec<u8>,
    pub(crate) d: Vec<u8>,
    pub(crate) p: Vec<u8>,
    pub(crate) q: Vec<u8>,
    pub(crate) dp: Vec<u8>,
    pub(crate) dq: Vec<u8>,
    pub(crate) qi: Vec<u8>,
}

/// A curve of FIPS 186.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
}

impl Curve {
    /// By the name that JSON Web Keys have for it.
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::P256, Self::P384, Self::P521].into_iter().find(|curve| curve.name() == name)
    }

    /// By its object identifier.
    pub(crate) fn identified(dotted: &str) -> Option<Self> {
        match dotted {
            "1.2.840.10045.3.1.7" => Some(Self::P256),
            "1.3.132.0.34" => Some(Self::P384),
            "1.3.132.0.35" => Some(Self::P521),
            _ => None,
        }
    }

    /// What JSON Web Keys call it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        }
    }

    /// How many bytes a coordinate has.
    pub(crate) const fn size(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }
}

impl PrivateKey {
    /// The key that checks what this one signs.
    pub(crate) fn public(&self) -> PublicKey {
        match self {
            Self::Rsa(rsa) => PublicKey::Rsa { modulus: rsa.n.clone(), exponent: rsa.e.clone() },
            Self::Ec { curve, point, .. } => PublicKey::Ec { curve: *curve, point: point.clone() },
            Self::Ed25519 { public, .. } => PublicKey::Ed25519(public.clone()),
        }
    }
}
