//! Requests for certificates (RFC 2986).

use super::certificate::{SignatureAlgorithm, key_of};
use super::extension::{self, AlternativeNames, Extension};
use super::name::{self, Name};
use crate::crypto::asn1::{Element, Elements, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET, context_of};
use crate::crypto::key::PublicKey;

/// An attribute whose values are sets of identifiers and bytes.
pub(super) type Attribute<'d> = (Vec<i64>, Vec<Vec<(Vec<i64>, &'d [u8])>>);

/// A request, and the bytes it was read from.
#[derive(Clone, Debug)]
pub(super) struct Request<'d> {
    pub(super) raw: &'d [u8],
    pub(super) signed: &'d [u8],
    pub(super) version: i64,
    pub(super) raw_subject: &'d [u8],
    pub(super) subject: Name,
    pub(super) raw_key: &'d [u8],
    pub(super) key: PublicKey,
    pub(super) attributes: Vec<Attribute<'d>>,
    pub(super) extensions: Vec<Extension<'d>>,
    pub(super) names: AlternativeNames,
    pub(super) algorithm: SignatureAlgorithm,
    pub(super) signature: &'d [u8],
}

/// Reads a request.
pub(super) fn read(der: &[u8]) -> Result<Request<'_>, String> {
    let broken = || "asn1: structure error: certificate request".to_owned();
    let whole = Element::only(der).filter(|whole| whole.tag == SEQUENCE).ok_or_else(broken)?;
    let mut outer = whole.inside();
    let signed = outer.expect(SEQUENCE).ok_or_else(broken)?;
    let algorithm = outer.expect(SEQUENCE).ok_or_else(broken)?;
    let signature = outer.bits().ok_or_else(broken)?;
    let mut parts = signed.inside();
    let version = parts.small().ok_or_else(broken)?;
    let subject = parts.expect(SEQUENCE).ok_or_else(broken)?;
    let key_info = parts.expect(SEQUENCE).ok_or_else(broken)?;
    let given = parts.optional(context_of(0)).map(|given| given.inside());
    let mut attributes = Vec::new();
    let mut extensions = Vec::new();
    let mut rest = given.unwrap_or(Elements(&[]));
    while !rest.is_empty() {
        let element = rest.expect(SEQUENCE).ok_or_else(broken)?;
        // Those of another form are left aside, as Go does.
        attributes.extend(attribute(&element));
        let mut own = element.inside();
        let is_extensions = own
            .expect(OBJECT_IDENTIFIER)
            .and_then(|identifier| identifier.numbers())
            .is_some_and(|numbers| numbers == [1, 2, 840, 113_549, 1, 9, 14]);
        if is_extensions {
            let mut all = own.expect(SET).and_then(|set| set.inside().sequence()).ok_or_else(broken)?;
            while !all.is_empty() {
                extensions.push(extension::read(&all.expect(SEQUENCE).ok_or_else(broken)?)?);
            }
        }
    }
    let names = extensions.iter().find(|extension| extension.identifier == [2, 5, 29, 17]);
    let names = names.map(|names| extension::alternative_names(names.value)).transpose()?.unwrap_or_default();
    Ok(Request {
        raw: whole.whole,
        signed: signed.whole,
        version,
        raw_subject: subject.whole,
        subject: name::read(&subject)?,
        raw_key: key_info.whole,
        key: key_of(&key_info)?,
        attributes,
        extensions,
        names,
        algorithm: SignatureAlgorithm::read(&algorithm),
        signature,
    })
}

/// An attribute of extensions that all have the form that Go's type has: an identifier and a value without a mark.
fn attribute<'d>(element: &Element<'d>) -> Option<Attribute<'d>> {
    let mut parts = element.inside();
    let identifier = parts.expect(OBJECT_IDENTIFIER)?.numbers()?;
    let mut values = parts.expect(SET)?.inside();
    let mut sets = Vec::new();
    while !values.is_empty() {
        let mut set = values.sequence()?;
        let mut pairs = Vec::new();
        while !set.is_empty() {
            let mut pair = set.sequence()?;
            let identifier = pair.expect(OBJECT_IDENTIFIER)?.numbers()?;
            let value = pair.expect(OCTET_STRING)?.value;
            pairs.push((identifier, value));
        }
        sets.push(pairs);
    }
    Some((identifier, sets))
}
