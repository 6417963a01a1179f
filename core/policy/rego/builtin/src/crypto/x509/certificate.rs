//! Certificates (RFC 5280, 4.1).

use std::collections::BTreeSet;

use jiff::civil::DateTime;

use super::extension::{self, Extension, Known};
use super::name::{self, Name};
use crate::crypto::asn1::{Element, Elements, OBJECT_IDENTIFIER, SEQUENCE, context, context_of};
use crate::crypto::key::{PublicKey, pkix};
use crate::quote::quoted;

/// A certificate, and the bytes it was read from.
#[derive(Clone, Debug)]
pub(super) struct Certificate<'d> {
    pub(super) raw: &'d [u8],
    pub(super) signed: &'d [u8],
    pub(super) version: i64,
    /// a magnitude
    pub(super) serial: Vec<u8>,
    pub(super) algorithm: SignatureAlgorithm,
    pub(super) raw_issuer: &'d [u8],
    pub(super) issuer: Name,
    pub(super) not_before: DateTime,
    pub(super) not_after: DateTime,
    pub(super) raw_subject: &'d [u8],
    pub(super) subject: Name,
    pub(super) raw_key: &'d [u8],
    pub(super) key: PublicKey,
    pub(super) extensions: Vec<Extension<'d>>,
    pub(super) known: Known,
    pub(super) signature: &'d [u8],
}

/// How something is signed, by Go's number for it; 0 where it is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SignatureAlgorithm(pub(super) i64);

/// Reads certificates that follow each other.
pub(super) fn read_all(der: &[u8]) -> Result<Vec<Certificate<'_>>, String> {
    let mut rest = Elements(der);
    let mut found = Vec::new();
    while !rest.is_empty() {
        let element = rest.expect(SEQUENCE).ok_or("x509: malformed certificate")?;
        found.push(read(&element)?);
    }
    Ok(found)
}

fn read<'d>(whole: &Element<'d>) -> Result<Certificate<'d>, String> {
    let malformed = |what: &str| format!("x509: malformed {what}");
    let mut outer = whole.inside();
    let signed = outer.expect(SEQUENCE).ok_or_else(|| malformed("tbs certificate"))?;
    let mut parts = signed.inside();
    let version = match parts.optional(context_of(0)) {
        Some(version) => version.inside().small().filter(|version| *version >= 0),
        None => Some(0),
    };
    let version = version.ok_or_else(|| malformed("version"))? + 1;
    if version > 3 {
        return Err("x509: invalid version".to_owned());
    }
    let serial = parts.unsigned().ok_or_else(|| malformed("serial number"))?;
    let inner_algorithm =
        parts.expect(SEQUENCE).ok_or_else(|| malformed("signature algorithm identifier"))?;
    let algorithm = outer.expect(SEQUENCE).ok_or_else(|| malformed("algorithm identifier"))?;
    if inner_algorithm.value != algorithm.value {
        return Err("x509: inner and outer signature algorithm identifiers don't match".to_owned());
    }
    let issuer = parts.expect(SEQUENCE).ok_or_else(|| malformed("issuer"))?;
    let mut validity = parts.sequence().ok_or_else(|| malformed("validity"))?;
    let (not_before, not_after) = (time(&mut validity)?, time(&mut validity)?);
    let subject = parts.expect(SEQUENCE).ok_or_else(|| malformed("issuer"))?;
    let key_info = parts.expect(SEQUENCE).ok_or_else(|| malformed("spki"))?;
    let key = key_of(&key_info)?;
    let mut extensions = Vec::new();
    if version > 1 {
        let _ = (parts.optional(context(1)), parts.optional(context(2)));
    }
    if version == 3
        && let Some(outer) = parts.optional(context_of(3))
    {
        let mut all = outer.inside().sequence().ok_or_else(|| malformed("extensions"))?;
        let mut seen = BTreeSet::new();
        while !all.is_empty() {
            let extension = extension::read(&all.expect(SEQUENCE).ok_or_else(|| malformed("extension"))?)?;
            if !seen.insert(extension.identifier.clone()) {
                let identifier = dotted(&extension.identifier);
                let identifier = quoted(&identifier);
                return Err(format!("x509: certificate contains duplicate extension with OID {identifier}"));
            }
            extensions.push(extension);
        }
    }
    let signature = outer.bits().ok_or_else(|| malformed("signature"))?;
    Ok(Certificate {
        raw: whole.whole,
        signed: signed.whole,
        version,
        serial,
        algorithm: SignatureAlgorithm::read(&algorithm),
        raw_issuer: issuer.whole,
        issuer: name::read(&issuer)?,
        not_before,
        not_after,
        raw_subject: subject.whole,
        subject: name::read(&subject)?,
        raw_key: key_info.whole,
        key,
        known: extension::known(&extensions)?,
        extensions,
        signature,
    })
}

/// The key of a `SubjectPublicKeyInfo`; one of an unknown kind is useless, and no error.
pub(super) fn key_of(info: &Element<'_>) -> Result<PublicKey, String> {
    match pkix::read(info.whole) {
        Err(message) if message.ends_with("unknown public key algorithm") => Ok(PublicKey::Useless),
        other => other,
    }
}

impl SignatureAlgorithm {
    /// By its identifier and, for RSA-PSS, by the hash among its parameters.
    pub(super) fn read(element: &Element<'_>) -> Self {
        let mut parts = element.inside();
        let identifier =
            parts.expect(OBJECT_IDENTIFIER).and_then(|identifier| identifier.dotted()).unwrap_or_default();
        Self(match identifier.as_str() {
            "1.2.840.113549.1.1.4" => 2,
            "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" => 3,
            "1.2.840.113549.1.1.11" => 4,
            "1.2.840.113549.1.1.12" => 5,
            "1.2.840.113549.1.1.13" => 6,
            "1.2.840.10040.4.3" => 7,
            "2.16.840.1.101.3.4.3.2" => 8,
            "1.2.840.10045.4.1" => 9,
            "1.2.840.10045.4.3.2" => 10,
            "1.2.840.10045.4.3.3" => 11,
            "1.2.840.10045.4.3.4" => 12,
            "1.3.101.112" => 16,
            "1.2.840.113549.1.1.10" => pss_hash(&mut parts).unwrap_or(0),
            _ => 0,
        })
    }
}

fn pss_hash(parts: &mut Elements<'_>) -> Option<i64> {
    let hash = parts
        .sequence()?
        .optional(context_of(0))?
        .inside()
        .sequence()?
        .expect(OBJECT_IDENTIFIER)?
        .dotted()?;
    match hash.as_str() {
        "2.16.840.1.101.3.4.2.1" => Some(13),
        "2.16.840.1.101.3.4.2.2" => Some(14),
        "2.16.840.1.101.3.4.2.3" => Some(15),
        _ => None,
    }
}

fn time(parts: &mut Elements<'_>) -> Result<DateTime, String> {
    let unsupported = || "x509: unsupported time format".to_owned();
    let element = parts.next().ok_or_else(unsupported)?;
    let text = std::str::from_utf8(element.value).map_err(|_| unsupported())?;
    let (name, text) = match element.tag {
        0x17 => {
            let of_1900 = text.get(..2).is_some_and(|year| year >= "50");
            ("UTCTime", format!("{}{text}", if of_1900 { "19" } else { "20" }))
        }
        0x18 => ("GeneralizedTime", text.to_owned()),
        _ => return Err(unsupported()),
    };
    let read = || {
        let digits = text.strip_suffix('Z').filter(|digits| digits.len() == 14)?;
        let part = |from: usize, to: usize| {
            digits.get(from..to).filter(|part| part.bytes().all(|b| b.is_ascii_digit()))
        };
        let small = |from: usize, to: usize| part(from, to)?.parse::<i8>().ok();
        let year = part(0, 4)?.parse::<i16>().ok()?;
        DateTime::new(year, small(4, 6)?, small(6, 8)?, small(8, 10)?, small(10, 12)?, small(12, 14)?, 0).ok()
    };
    read().ok_or_else(|| format!("x509: malformed {name}"))
}

/// An identifier's numbers in dots.
pub(super) fn dotted(identifier: &[i64]) -> String {
    let numbers: Vec<_> = identifier.iter().map(ToString::to_string).collect();
    numbers.join(".")
}
