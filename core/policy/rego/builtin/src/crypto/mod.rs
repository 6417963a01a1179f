//! Cryptography: hashes, keys, certificates.

pub(crate) mod asn1;
pub(crate) mod decimal;
pub(crate) mod hash;
pub(crate) mod key;
pub(crate) mod x509;
