//! Certificates, requests and keys as values: with the fields that Go's types have, as `encoding/json` writes them.

use std::net::IpAddr;

use jiff::civil::DateTime;
use tollgate_rego_value::Val;

use super::certificate::{Certificate, dotted};
use super::extension::{AlternativeNames, Extension, Subtrees};
use super::name::Name;
use super::request::Request;
use crate::base64_text::standard;
use crate::crypto::asn1::trim;
use crate::crypto::decimal::decimal;
use crate::crypto::key::{PrivateKey, PublicKey, Rsa};
use crate::uri::{self, Uri};
use crate::{Call, Error};

type Made<'a> = Result<Val<'a>, Error>;

/// Makes values in one arena.
#[derive(Clone, Copy)]
pub(super) struct View<'c, 'a, 'm>(pub(super) &'c Call<'a, 'm>);

impl<'a> View<'_, 'a, '_> {
    /// A certificate; with its URIs as text too where that is asked for.
    pub(super) fn certificate(self, certificate: &Certificate<'_>, with_uris: bool) -> Made<'a> {
        self.0.meter.spend(64 + crate::cost::of_bytes(certificate.raw.len()) * 4)?;
        let known = &certificate.known;
        let names = &known.names;
        let zero = |number: Option<i64>| Val::Bool(number == Some(0));
        let policies = known.policies.as_deref();
        let mut entries = vec![
            ("Raw", self.bytes(certificate.raw)?),
            ("RawTBSCertificate", self.bytes(certificate.signed)?),
            ("RawSubjectPublicKeyInfo", self.bytes(certificate.raw_key)?),
            ("RawSubject", self.bytes(certificate.raw_subject)?),
            ("RawIssuer", self.bytes(certificate.raw_issuer)?),
            ("Signature", self.bytes(certificate.signature)?),
            ("SignatureAlgorithm", Val::Int(certificate.algorithm.0)),
            ("PublicKeyAlgorithm", key_algorithm(&certificate.key)),
            ("PublicKey", self.public_key(&certificate.key)?),
            ("Version", Val::Int(certificate.version)),
            ("SerialNumber", self.number(&certificate.serial)?),
            ("Issuer", self.name(&certificate.issuer)?),
            ("Subject", self.name(&certificate.subject)?),
            ("NotBefore", self.time(&certificate.not_before)?),
            ("NotAfter", self.time(&certificate.not_after)?),
            ("KeyUsage", Val::Int(known.key_usage)),
            ("Extensions", self.extensions(&certificate.extensions)?),
            ("ExtraExtensions", Val::Null),
            ("UnhandledCriticalExtensions", self.identifiers(&known.unhandled)?),
            ("ExtKeyUsage", self.list_or_null(known.purposes.iter().map(|number| Ok(Val::Int(*number))))?),
            ("UnknownExtKeyUsage", self.identifiers(&known.unknown_purposes)?),
            ("BasicConstraintsValid", Val::Bool(known.basic.is_some())),
            ("IsCA", Val::Bool(known.basic == Some(true))),
            ("MaxPathLen", Val::Int(known.path_length)),
            ("MaxPathLenZero", Val::Bool(known.basic.is_some() && known.path_length == 0)),
            ("SubjectKeyId", self.bytes_or_null(known.subject_key.as_deref())?),
            ("AuthorityKeyId", self.bytes_or_null(known.authority_key.as_deref())?),
            ("OCSPServer", self.texts(&known.ocsp)?),
            ("IssuingCertificateURL", self.texts(&known.issuers)?),
            ("PermittedDNSDomainsCritical", Val::Bool(known.constraints_critical)),
            ("CRLDistributionPoints", self.texts(&known.distribution)?),
            (
                "PolicyIdentifiers",
                match policies {
                    Some(policies) => self.list(policies.iter().map(|policy| self.identifier(policy)))?,
                    None => Val::Null,
                },
            ),
            (
                "Policies",
                match policies {
                    Some(policies) => {
                        self.list_or_null(policies.iter().map(|policy| self.text(&dotted(policy))))?
                    }
                    None => Val::Null,
                },
            ),
            (
                "PolicyMappings",
                self.list_or_null(known.mappings.iter().map(|(issuer, subject)| {
                    self.object(vec![
                        ("IssuerDomainPolicy", self.text(issuer)?),
                        ("SubjectDomainPolicy", self.text(subject)?),
                    ])
                }))?,
            ),
            ("InhibitAnyPolicy", Val::Int(known.any_policy.unwrap_or_default())),
            ("InhibitAnyPolicyZero", zero(known.any_policy)),
            ("InhibitPolicyMapping", Val::Int(known.policy_mapping.unwrap_or_default())),
            ("InhibitPolicyMappingZero", zero(known.policy_mapping)),
            ("RequireExplicitPolicy", Val::Int(known.explicit_policy.unwrap_or_default())),
            ("RequireExplicitPolicyZero", zero(known.explicit_policy)),
        ];
        entries.extend(self.names(names)?);
        for (kind, trees) in [("Permitted", &known.permitted), ("Excluded", &known.excluded)] {
            entries.extend(self.subtrees(kind, trees)?);
        }
        if with_uris {
            entries.push(("URIStrings", self.texts(&names.uri)?));
        }
        self.object(entries)
    }

    /// A request for a certificate.
    pub(super) fn request(self, request: &Request<'_>) -> Made<'a> {
        self.0.meter.spend(64 + crate::cost::of_bytes(request.raw.len()) * 4)?;
        let attributes = request.attributes.iter().map(|(identifier, values)| {
            let sets = values.iter().map(|set| {
                self.list(set.iter().map(|pair| {
                    self.object(vec![("Type", self.identifier(&pair.0)?), ("Value", self.bytes(pair.1)?)])
                }))
            });
            self.object(vec![("Type", self.identifier(identifier)?), ("Value", self.list(sets)?)])
        });
        let mut entries = vec![
            ("Raw", self.bytes(request.raw)?),
            ("RawTBSCertificateRequest", self.bytes(request.signed)?),
            ("RawSubjectPublicKeyInfo", self.bytes(request.raw_key)?),
            ("RawSubject", self.bytes(request.raw_subject)?),
            ("Version", Val::Int(request.version)),
            ("Signature", self.bytes(request.signature)?),
            ("SignatureAlgorithm", Val::Int(request.algorithm.0)),
            ("PublicKeyAlgorithm", key_algorithm(&request.key)),
            ("PublicKey", self.public_key(&request.key)?),
            ("Subject", self.name(&request.subject)?),
            ("Attributes", self.list_or_null(attributes)?),
            ("Extensions", self.extensions(&request.extensions)?),
            ("ExtraExtensions", Val::Null),
        ];
        entries.extend(self.names(&request.names)?);
        self.object(entries)
    }

    /// A certificate chain and its key.
    pub(super) fn pair(self, chain: &[Vec<u8>], key: &PrivateKey, leaf: &Certificate<'_>) -> Made<'a> {
        self.object(vec![
            ("Certificate", self.list(chain.iter().map(|certificate| self.bytes(certificate)))?),
            ("PrivateKey", self.private_key(key)?),
            ("SupportedSignatureAlgorithms", Val::Null),
            ("OCSPStaple", Val::Null),
            ("SignedCertificateTimestamps", Val::Null),
            ("Leaf", self.certificate(leaf, false)?),
        ])
    }

    /// A private key.
    pub(super) fn private_key(self, key: &PrivateKey) -> Made<'a> {
        self.0.meter.spend(64)?;
        match key {
            PrivateKey::Rsa(Rsa { n, e, d, p, q, dp, dq, qi }) => {
                let primes = [self.number(p)?, self.number(q)?];
                let computed = vec![
                    ("Dp", self.number(dp)?),
                    ("Dq", self.number(dq)?),
                    ("Qinv", self.number(qi)?),
                    ("CRTValues", self.0.arena.array(&[])?),
                ];
                self.object(vec![
                    ("N", self.number(n)?),
                    ("E", self.number(e)?),
                    ("D", self.number(d)?),
                    ("Primes", self.0.arena.array(&primes)?),
                    ("Precomputed", self.object(computed)?),
                ])
            }
            PrivateKey::Ec { scalar, point, .. } => {
                let mut entries = self.point(point)?;
                entries.push(("D", self.number(scalar)?));
                self.object(entries)
            }
            PrivateKey::Ed25519 { seed, public } => self.bytes(&[seed.as_slice(), public].concat()),
        }
    }

    fn public_key(self, key: &PublicKey) -> Made<'a> {
        match key {
            PublicKey::Rsa { modulus, exponent } => {
                self.object(vec![("N", self.number(modulus)?), ("E", self.number(exponent)?)])
            }
            PublicKey::Ec { point, .. } => self.object(self.point(point)?),
            PublicKey::Ed25519(bytes) => self.bytes(bytes),
            PublicKey::Secret(_) | PublicKey::Useless => Ok(Val::Null),
        }
    }

    fn point(self, point: &[u8]) -> Result<Vec<(&'static str, Val<'a>)>, Error> {
        let coordinates = point.get(1..).unwrap_or_default();
        let (x, y) = coordinates.split_at_checked(coordinates.len() / 2).unwrap_or_default();
        Ok(vec![("Curve", self.object(Vec::new())?), ("X", self.number(x)?), ("Y", self.number(y)?)])
    }

    fn name(self, name: &Name) -> Made<'a> {
        let all = |number| self.list_or_null(name.values(number).map(|value| self.text(value)));
        let last = |number| self.text(name.values(number).last().unwrap_or_default());
        let names = name.0.iter().map(|attribute| {
            self.object(vec![
                ("Type", self.identifier(&attribute.identifier)?),
                ("Value", self.text(&attribute.value)?),
            ])
        });
        self.object(vec![
            ("Country", all(6)?),
            ("Organization", all(10)?),
            ("OrganizationalUnit", all(11)?),
            ("Locality", all(7)?),
            ("Province", all(8)?),
            ("StreetAddress", all(9)?),
            ("PostalCode", all(17)?),
            ("SerialNumber", last(5)?),
            ("CommonName", last(3)?),
            ("Names", self.list_or_null(names)?),
            ("ExtraNames", Val::Null),
        ])
    }

    fn names(self, names: &AlternativeNames) -> Result<Vec<(&'static str, Val<'a>)>, Error> {
        let addresses = names.address.iter().map(|address| self.text(&show_address(address)));
        Ok(vec![
            ("DNSNames", self.texts(&names.dns)?),
            ("EmailAddresses", self.texts(&names.email)?),
            ("IPAddresses", self.list_or_null(addresses)?),
            ("URIs", self.list_or_null(names.uri.iter().map(|text| self.uri(&uri::read(text))))?),
        ])
    }

    fn uri(self, uri: &Uri) -> Made<'a> {
        let user = if uri.has_user { self.object(Vec::new())? } else { Val::Null };
        self.object(vec![
            ("Scheme", self.text(&uri.scheme)?),
            ("Opaque", self.text(&uri.opaque)?),
            ("User", user),
            ("Host", self.text(&uri.host)?),
            ("Path", self.text(&uri.path)?),
            ("RawPath", self.text(&uri.raw_path)?),
            ("ForceQuery", Val::Bool(uri.force_query)),
            ("RawQuery", self.text(&uri.raw_query)?),
            ("Fragment", self.text(&uri.fragment)?),
            ("RawFragment", self.text(&uri.raw_fragment)?),
            ("OmitHost", Val::Bool(uri.omit_host)),
        ])
    }

    fn subtrees(self, kind: &str, trees: &Subtrees) -> Result<Vec<(&'static str, Val<'a>)>, Error> {
        let permitted = kind == "Permitted";
        let pick = |a: &'static str, b: &'static str| if permitted { a } else { b };
        let ranges = trees.address.iter().map(|(address, mask)| {
            self.object(vec![("IP", self.text(&show_bytes(address))?), ("Mask", self.bytes(mask)?)])
        });
        Ok(vec![
            (pick("PermittedDNSDomains", "ExcludedDNSDomains"), self.texts(&trees.dns)?),
            (pick("PermittedEmailAddresses", "ExcludedEmailAddresses"), self.texts(&trees.email)?),
            (pick("PermittedIPRanges", "ExcludedIPRanges"), self.list_or_null(ranges)?),
            (pick("PermittedURIDomains", "ExcludedURIDomains"), self.texts(&trees.uri)?),
        ])
    }

    fn extensions(self, extensions: &[Extension<'_>]) -> Made<'a> {
        self.list_or_null(extensions.iter().map(|extension| {
            self.object(vec![
                ("Id", self.identifier(&extension.identifier)?),
                ("Critical", Val::Bool(extension.critical)),
                ("Value", self.bytes(extension.value)?),
            ])
        }))
    }

    fn identifiers(self, identifiers: &[Vec<i64>]) -> Made<'a> {
        self.list_or_null(identifiers.iter().map(|identifier| self.identifier(identifier)))
    }

    fn identifier(self, numbers: &[i64]) -> Made<'a> {
        self.list(numbers.iter().map(|number| Ok(Val::Int(*number))))
    }

    fn texts(self, texts: &[String]) -> Made<'a> {
        self.list_or_null(texts.iter().map(|text| self.text(text)))
    }

    fn time(self, time: &DateTime) -> Made<'a> {
        let (date, clock) = (time.date(), time.time());
        self.text(&format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            date.year(),
            date.month(),
            date.day(),
            clock.hour(),
            clock.minute(),
            clock.second()
        ))
    }

    /// A magnitude as a number.
    fn number(self, bytes: &[u8]) -> Made<'a> {
        // Quadratic, but keys are small.
        let bytes = trim(bytes);
        self.0.meter.spend(u64::try_from(bytes.len() / 8).unwrap_or(u64::MAX).saturating_pow(2))?;
        let text = decimal(bytes);
        match text.parse() {
            Ok(number) => Ok(Val::Int(number)),
            Err(_) => Ok(Val::Number(self.0.arena.text(&text)?)),
        }
    }

    fn bytes(self, bytes: &[u8]) -> Made<'a> {
        self.text(&standard(bytes))
    }

    fn bytes_or_null(self, bytes: Option<&[u8]>) -> Made<'a> {
        bytes.map_or(Ok(Val::Null), |bytes| self.bytes(bytes))
    }

    fn text(self, text: &str) -> Made<'a> {
        Ok(self.0.arena.string(text)?)
    }

    fn object(self, entries: Vec<(&'static str, Val<'a>)>) -> Made<'a> {
        Ok(self
            .0
            .arena
            .object(entries.into_iter().map(|(name, value)| (Val::String(name), value)).collect())?)
    }

    pub(super) fn list(self, items: impl Iterator<Item = Made<'a>>) -> Made<'a> {
        Ok(self.0.arena.array(&items.collect::<Result<Vec<_>, _>>()?)?)
    }

    /// A list; `null` where it is empty, as Go writes lists that nothing was added to.
    fn list_or_null(self, items: impl Iterator<Item = Made<'a>>) -> Made<'a> {
        let items = items.collect::<Result<Vec<_>, _>>()?;
        if items.is_empty() { Ok(Val::Null) } else { Ok(self.0.arena.array(&items)?) }
    }
}

/// Go's number for a kind of key.
const fn key_algorithm<'a>(key: &PublicKey) -> Val<'a> {
    Val::Int(match key {
        PublicKey::Rsa { .. } => 1,
        PublicKey::Ec { .. } => 3,
        PublicKey::Ed25519(_) => 4,
        PublicKey::Secret(_) | PublicKey::Useless => 0,
    })
}

fn show_address(address: &IpAddr) -> String {
    address.to_canonical().to_string()
}

fn show_bytes(bytes: &[u8]) -> String {
    let address = match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(IpAddr::from),
        _ => <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from),
    };
    address.map_or_else(String::new, |address| show_address(&address))
}
