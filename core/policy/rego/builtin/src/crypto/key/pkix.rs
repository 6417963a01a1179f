//! Public keys as certificates carry them (RFC 5280, 4.1.2.7; RFC 3279; RFC 5480; RFC 8410).

use super::{Curve, PublicKey};
use crate::crypto::asn1::{Element, Elements, OBJECT_IDENTIFIER, trim};

/// Reads a `SubjectPublicKeyInfo`.
pub(crate) fn read(der: &[u8]) -> Result<PublicKey, String> {
    let broken = || "x509: malformed public key".to_owned();
    let mut info = Element::only(der).filter(|element| element.tag == 0x30).ok_or_else(broken)?.inside();
    let mut algorithm = info.sequence().ok_or_else(broken)?;
    let identifier = algorithm.expect(OBJECT_IDENTIFIER).and_then(|id| id.dotted()).ok_or_else(broken)?;
    let key = info.bits().ok_or_else(broken)?;
    match identifier.as_str() {
        "1.2.840.113549.1.1.1" => rsa(key).ok_or_else(|| "x509: invalid RSA public key".to_owned()),
        "1.2.840.10045.2.1" => {
            let curve = algorithm.expect(OBJECT_IDENTIFIER).and_then(|id| id.dotted());
            let curve = curve.ok_or_else(|| "x509: invalid ECDSA parameters".to_owned())?;
            let Some(curve) = Curve::identified(&curve) else {
                return Err("x509: unsupported elliptic curve".to_owned());
            };
            if key.first() != Some(&4) || key.len() != 1 + 2 * curve.size() {
                return Err("x509: failed to unmarshal elliptic curve point".to_owned());
            }
            Ok(PublicKey::Ec { curve, point: key.to_vec() })
        }
        "1.3.101.112" if key.len() == 32 => Ok(PublicKey::Ed25519(key.to_vec())),
        "1.3.101.112" => Err("x509: wrong Ed25519 public key size".to_owned()),
        "1.2.840.10040.4.1" | "1.3.101.110" => Ok(PublicKey::Useless),
        _ => Err("x509: unknown public key algorithm".to_owned()),
    }
}

/// Reads an `RSAPublicKey`.
fn rsa(der: &[u8]) -> Option<PublicKey> {
    let mut key = Elements(der).sequence()?;
    let (modulus, exponent) = (key.unsigned()?, key.unsigned()?);
    if modulus.is_empty() || exponent.is_empty() {
        return None;
    }
    Some(PublicKey::Rsa { modulus: trim(&modulus).to_vec(), exponent })
}
