//! Private keys in DER: PKCS #1 (RFC 8017), PKCS #8 (RFC 5208), SEC 1 (RFC 5915).

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING,
    EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
};

use super::{Curve, PrivateKey, Rsa};
use crate::crypto::asn1::{
    Element, Elements, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, context_of, write, write_unsigned,
};

/// The keys of all blocks that hold one; other blocks are skipped.
pub(crate) fn of_pem(text: &str) -> Result<Vec<PrivateKey>, String> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some((block, after)) = crate::pem::first(rest) {
        rest = after;
        match block.label.as_str() {
            "RSA PRIVATE KEY" => keys.push(pkcs1(&block.bytes)?),
            "PRIVATE KEY" => keys.push(pkcs8(&block.bytes)?),
            "EC PRIVATE KEY" => keys.push(sec1(&block.bytes)?),
            _ => {}
        }
    }
    Ok(keys)
}

/// Reads an `RSAPrivateKey` of two primes.
pub(crate) fn pkcs1(der: &[u8]) -> Result<PrivateKey, String> {
    let read = || {
        let mut key = Elements(der).sequence()?;
        key.small().filter(|version| *version == 0)?;
        let mut number = || key.unsigned();
        let (n, e, d, p, q) = (number()?, number()?, number()?, number()?, number()?);
        Some(PrivateKey::Rsa(Rsa { n, e, d, p, q, dp: number()?, dq: number()?, qi: number()? }))
    };
    read().ok_or_else(|| "x509: failed to parse PKCS#1 private key".to_owned())
}

/// Reads a `PrivateKeyInfo`.
pub(crate) fn pkcs8(der: &[u8]) -> Result<PrivateKey, String> {
    let broken = || "asn1: structure error: PKCS#8 private key".to_owned();
    let mut info = Elements(der).sequence().ok_or_else(broken)?;
    info.expect(INTEGER).ok_or_else(broken)?;
    let mut algorithm = info.sequence().ok_or_else(broken)?;
    let identifier = algorithm.expect(OBJECT_IDENTIFIER).and_then(|id| id.dotted()).ok_or_else(broken)?;
    let key = info.expect(OCTET_STRING).ok_or_else(broken)?.value;
    match identifier.as_str() {
        "1.2.840.113549.1.1.1" => pkcs1(key),
        "1.2.840.10045.2.1" => {
            let curve = algorithm.expect(OBJECT_IDENTIFIER).ok_or_else(broken)?;
            ec(key, Some(&curve))
        }
        "1.3.101.112" => {
            let seed = Element::only(key).filter(|seed| seed.tag == OCTET_STRING && seed.value.len() == 32);
            let seed = seed.ok_or_else(|| "x509: invalid Ed25519 private key".to_owned())?.value;
            let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| broken())?;
            Ok(PrivateKey::Ed25519 { seed: seed.to_vec(), public: pair.public_key().as_ref().to_vec() })
        }
        other => Err(format!("x509: PKCS#8 wrapping contained private key with unknown algorithm: {other}")),
    }
}

/// Reads an `ECPrivateKey`.
pub(crate) fn sec1(der: &[u8]) -> Result<PrivateKey, String> {
    ec(der, None)
}

fn ec(der: &[u8], outer: Option<&Element<'_>>) -> Result<PrivateKey, String> {
    let broken = || "x509: failed to parse EC private key".to_owned();
    let mut key = Elements(der).sequence().ok_or_else(broken)?;
    key.small().filter(|version| *version == 1).ok_or_else(broken)?;
    let given = key.expect(OCTET_STRING).ok_or_else(broken)?.value;
    let named = key.optional(context_of(0)).and_then(|element| element.inside().expect(OBJECT_IDENTIFIER));
    let identifier = outer.copied().or(named).ok_or_else(broken)?;
    let Some(curve) = identifier.dotted().as_deref().and_then(Curve::identified) else {
        return Err("x509: unknown elliptic curve".to_owned());
    };
    let given = crate::crypto::asn1::trim(given);
    let missing = curve.size().checked_sub(given.len()).ok_or_else(broken)?;
    let mut scalar = vec![0; missing];
    scalar.extend(given);
    let point = point(curve, &scalar, &identifier).ok_or_else(broken)?;
    Ok(PrivateKey::Ec { curve, scalar, point })
}

/// The public point of a scalar.
fn point(curve: Curve, scalar: &[u8], identifier: &Element<'_>) -> Option<Vec<u8>> {
    let algorithm = match curve {
        Curve::P256 => &ECDSA_P256_SHA256_FIXED_SIGNING,
        Curve::P384 => &ECDSA_P384_SHA384_FIXED_SIGNING,
        Curve::P521 => &ECDSA_P521_SHA512_FIXED_SIGNING,
    };
    let mut key = write(INTEGER, &[1]);
    key.extend(write(OCTET_STRING, scalar));
    key.extend(write(context_of(0), identifier.whole));
    let pair = EcdsaKeyPair::from_private_key_der(algorithm, &write(SEQUENCE, &key)).ok()?;
    Some(pair.public_key().as_ref().to_vec())
}

/// An RSA key as PKCS #1.
pub(crate) fn write_pkcs1(rsa: &Rsa) -> Vec<u8> {
    let mut key = write(INTEGER, &[0]);
    for number in [&rsa.n, &rsa.e, &rsa.d, &rsa.p, &rsa.q, &rsa.dp, &rsa.dq, &rsa.qi] {
        key.extend(write_unsigned(number));
    }
    write(SEQUENCE, &key)
}
