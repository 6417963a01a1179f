//! The keys with which a token may be signed.

use super::SIGNATURE;
use super::token::Header;
use crate::crypto::key::signature::{Algorithm, holds};
use crate::crypto::key::{PublicKey, jwk, pkix};
use crate::crypto::x509;
use crate::{Call, Error, pem};

/// A key that is trusted, with what a set of keys says of it.
struct Key<'a> {
    id: &'a str,
    algorithm: &'a str,
    key: PublicKey,
}

/// All keys that are trusted.
pub(super) struct Trusted<'a>(Vec<Key<'a>>);

impl<'a> Trusted<'a> {
    /// A certificate or public key in PEM, a JSON Web Key, or a set of such.
    pub(super) fn of_certificate(call: &Call<'a, '_>, text: &str) -> Result<Self, Error> {
        call.meter.spend(crate::cost::of_text(text))?;
        let Some((block, rest)) = pem::first(text) else {
            return Self::of_keys(call, text);
        };
        let failed = |message: String| Error::Failed(message);
        if !rest.is_empty() {
            return Err(failed("extra data after a PEM certificate block".to_owned()));
        }
        let key = match block.label.as_str() {
            "CERTIFICATE" => x509::public_key(&block.bytes)
                .map_err(|error| failed(format!("failed to parse a PEM certificate: {error}")))?,
            "PUBLIC KEY" => pkix::read(&block.bytes)
                .map_err(|error| failed(format!("failed to parse a PEM public key: {error}")))?,
            _ => return Err(failed("failed to extract a Key from the PEM certificate".to_owned())),
        };
        Ok(Self(vec![Key { id: "", algorithm: "", key }]))
    }

    /// A secret that both sides know.
    pub(super) fn of_secret(secret: &str) -> Self {
        Self(vec![Key { id: "", algorithm: "", key: PublicKey::Secret(secret.as_bytes().to_vec()) }])
    }

    fn of_keys(call: &Call<'a, '_>, text: &str) -> Result<Self, Error> {
        let keys = jwk::read(call, text).map_err(|error| match error {
            Error::Failed(message) => Error::Failed(format!("failed to parse a JWK key (set): {message}")),
            other => other,
        })?;
        // Keys for other purposes than signatures are left aside.
        let signing =
            |key: &jwk::Jwk<'_>| key.algorithm.is_empty() || Algorithm::named(key.algorithm).is_some();
        let keys = keys.into_iter().filter(signing);
        Ok(Self(keys.map(|key| Key { id: key.id, algorithm: key.algorithm, key: key.public }).collect()))
    }

    /// Whether a key signed `text` as the header says.
    pub(super) fn accepts(
        &self,
        call: &Call<'_, '_>,
        header: &Header<'_>,
        text: &str,
        signature: &[u8],
    ) -> Result<bool, Error> {
        match Algorithm::named(header.algorithm) {
            Some(algorithm) => self.checks(call, header, algorithm, text, signature),
            None => Ok(false),
        }
    }

    /// Whether a key signed `text` by this algorithm: the one that the header names, else any that may.
    pub(super) fn checks(
        &self,
        call: &Call<'_, '_>,
        header: &Header<'_>,
        algorithm: Algorithm,
        text: &str,
        signature: &[u8],
    ) -> Result<bool, Error> {
        let named = self.0.iter().find(|key| !header.key.is_empty() && key.id == header.key);
        if let Some(named) = named {
            call.meter.spend(SIGNATURE)?;
            return Ok(holds(algorithm, &named.key, text.as_bytes(), signature));
        }
        for key in &self.0 {
            call.meter.spend(SIGNATURE)?;
            let may = key.algorithm.is_empty() || key.algorithm == header.algorithm;
            if may && holds(algorithm, &key.key, text.as_bytes(), signature) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
