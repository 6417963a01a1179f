//! Signatures by the names of JSON Web Algorithms (RFC 7518, 3).
//!
//! Only signatures that the same key and text always give are made: those of ECDSA and RSA-PSS are random.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{self as aws, EcdsaVerificationAlgorithm, RsaParameters, RsaPublicKeyComponents};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Sha256, Sha384, Sha512};

use super::{Curve, PrivateKey, PublicKey, private};
use crate::crypto::asn1::{SEQUENCE, write, write_unsigned};

/// How something is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Hmac(Hash),
    RsaPkcs1(Hash),
    RsaPss(Hash),
    Ecdsa(Hash),
    EdDsa,
}

/// Which of SHA-2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Algorithm {
    /// By its name, such as `RS256`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        if name == "EdDSA" {
            return Some(Self::EdDsa);
        }
        let (kind, bits) = name.split_at_checked(2)?;
        let hash = match bits {
            "256" => Hash::Sha256,
            "384" => Hash::Sha384,
            "512" => Hash::Sha512,
            _ => return None,
        };
        match kind {
            "HS" => Some(Self::Hmac(hash)),
            "RS" => Some(Self::RsaPkcs1(hash)),
            "PS" => Some(Self::RsaPss(hash)),
            "ES" => Some(Self::Ecdsa(hash)),
            _ => None,
        }
    }
}

/// Whether `signature` is `key`'s for `text`. One of ECDSA is two numbers of equal length.
pub(crate) fn holds(algorithm: Algorithm, key: &PublicKey, text: &[u8], signature: &[u8]) -> bool {
    match (algorithm, key) {
        (Algorithm::Hmac(hash), PublicKey::Secret(secret)) => {
            let code = code(hash, secret, text);
            code.len() == signature.len()
                && code.iter().zip(signature).fold(0, |all, (a, b)| all | (a ^ b)) == 0
        }
        (Algorithm::RsaPkcs1(hash), PublicKey::Rsa { modulus, exponent }) => {
            rsa_holds(pkcs1(hash), modulus, exponent, text, signature)
        }
        (Algorithm::RsaPss(hash), PublicKey::Rsa { modulus, exponent }) => {
            rsa_holds(pss(hash), modulus, exponent, text, signature)
        }
        (Algorithm::Ecdsa(_), PublicKey::Ec { .. }) => {
            let (r, s) = signature.split_at_checked(signature.len() / 2).unwrap_or_default();
            let mut pair = write_unsigned(r);
            pair.extend(write_unsigned(s));
            ecdsa_holds(algorithm, key, text, &write(SEQUENCE, &pair))
        }
        (Algorithm::EdDsa, PublicKey::Ed25519(point)) => {
            aws::UnparsedPublicKey::new(&aws::ED25519, point).verify(text, signature).is_ok()
        }
        _ => false,
    }
}

/// Whether `signature`, a sequence of two integers, is `key`'s for `text`.
pub(crate) fn ecdsa_holds(algorithm: Algorithm, key: &PublicKey, text: &[u8], signature: &[u8]) -> bool {
    let (Algorithm::Ecdsa(hash), PublicKey::Ec { curve, point }) = (algorithm, key) else { return false };
    aws::UnparsedPublicKey::new(ecdsa(*curve, hash), point).verify(text, signature).is_ok()
}

/// The code of `text` by a secret.
pub(crate) fn code(hash: Hash, secret: &[u8], text: &[u8]) -> Vec<u8> {
    // Any length of key will do, so that nothing is ever without a code.
    match hash {
        Hash::Sha256 => Hmac::<Sha256>::new_from_slice(secret)
            .map(|mac| mac.chain_update(text).finalize().into_bytes().to_vec()),
        Hash::Sha384 => Hmac::<Sha384>::new_from_slice(secret)
            .map(|mac| mac.chain_update(text).finalize().into_bytes().to_vec()),
        Hash::Sha512 => Hmac::<Sha512>::new_from_slice(secret)
            .map(|mac| mac.chain_update(text).finalize().into_bytes().to_vec()),
    }
    .unwrap_or_default()
}

/// The signature of `text` by a private key.
pub(crate) fn sign(algorithm: Algorithm, key: &PrivateKey, text: &[u8]) -> Result<Vec<u8>, String> {
    match (algorithm, key) {
        (Algorithm::RsaPkcs1(hash), PrivateKey::Rsa(rsa)) => {
            let refused = |_| "the RSA key is not one to sign with: it has 2048 bits or more and all of n, e, d, p, q, dp, dq, qi";
            let pair = aws::RsaKeyPair::from_der(&private::write_pkcs1(rsa)).map_err(refused)?;
            let mut signature = vec![0; pair.public_modulus_len()];
            // Of the random source nothing gets into this kind of signature.
            pair.sign(pkcs1_signing(hash), &SystemRandom::new(), text, &mut signature)
                .map_err(|_| "the RSA key does not sign")?;
            Ok(signature)
        }
        (Algorithm::EdDsa, PrivateKey::Ed25519 { seed, .. }) => {
            let pair =
                aws::Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| "the Ed25519 key is broken")?;
            Ok(pair.sign(text).as_ref().to_vec())
        }
        (Algorithm::Ecdsa(_) | Algorithm::RsaPss(_), _) => {
            Err("signatures of ECDSA and RSA-PSS are random: sign with HS256, RS256 or EdDSA".to_owned())
        }
        _ => Err("the key is not one for the header's algorithm".to_owned()),
    }
}

fn rsa_holds(parameters: &'static RsaParameters, n: &[u8], e: &[u8], text: &[u8], signature: &[u8]) -> bool {
    RsaPublicKeyComponents { n, e }.verify(parameters, text, signature).is_ok()
}

const fn pkcs1(hash: Hash) -> &'static RsaParameters {
    match hash {
        Hash::Sha256 => &aws::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        Hash::Sha384 => &aws::RSA_PKCS1_2048_8192_SHA384,
        Hash::Sha512 => &aws::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
    }
}

const fn pkcs1_signing(hash: Hash) -> &'static aws::RsaSignatureEncoding {
    match hash {
        Hash::Sha256 => &aws::RSA_PKCS1_SHA256,
        Hash::Sha384 => &aws::RSA_PKCS1_SHA384,
        Hash::Sha512 => &aws::RSA_PKCS1_SHA512,
    }
}

const fn pss(hash: Hash) -> &'static RsaParameters {
    match hash {
        Hash::Sha256 => &aws::RSA_PSS_2048_8192_SHA256,
        Hash::Sha384 => &aws::RSA_PSS_2048_8192_SHA384,
        Hash::Sha512 => &aws::RSA_PSS_2048_8192_SHA512,
    }
}

const fn ecdsa(curve: Curve, hash: Hash) -> &'static EcdsaVerificationAlgorithm {
    match (curve, hash) {
        (Curve::P256, Hash::Sha256) => &aws::ECDSA_P256_SHA256_ASN1,
        (Curve::P256, Hash::Sha384) => &aws::ECDSA_P256_SHA384_ASN1,
        (Curve::P256, Hash::Sha512) => &aws::ECDSA_P256_SHA512_ASN1,
        (Curve::P384, Hash::Sha256) => &aws::ECDSA_P384_SHA256_ASN1,
        (Curve::P384, Hash::Sha384) => &aws::ECDSA_P384_SHA384_ASN1,
        (Curve::P384, Hash::Sha512) => &aws::ECDSA_P384_SHA512_ASN1,
        (Curve::P521, Hash::Sha256) => &aws::ECDSA_P521_SHA256_ASN1,
        (Curve::P521, Hash::Sha384) => &aws::ECDSA_P521_SHA384_ASN1,
        (Curve::P521, Hash::Sha512) => &aws::ECDSA_P521_SHA512_ASN1,
    }
}
