//! A certificate's extensions (RFC 5280, 4.2).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::crypto::asn1::{
    BIT_STRING, BOOLEAN, Element, Elements, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, context,
    context_of,
};

/// An extension as it stands.
#[derive(Clone, Debug)]
pub(super) struct Extension<'d> {
    pub(super) identifier: Vec<i64>,
    pub(super) critical: bool,
    pub(super) value: &'d [u8],
}

/// Other names of a subject.
#[derive(Clone, Debug, Default)]
pub(super) struct AlternativeNames {
    pub(super) dns: Vec<String>,
    pub(super) email: Vec<String>,
    pub(super) address: Vec<IpAddr>,
    pub(super) uri: Vec<String>,
}

/// What names a certificate authority may speak for, or may not.
#[derive(Clone, Debug, Default)]
pub(super) struct Subtrees {
    pub(super) dns: Vec<String>,
    pub(super) email: Vec<String>,
    /// an address and a mask of equal length
    pub(super) address: Vec<(Vec<u8>, Vec<u8>)>,
    pub(super) uri: Vec<String>,
}

/// What is known of all extensions together.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    pub(super) key_usage: i64,
    /// whether it is a certificate authority; nothing where that is not said
    pub(super) basic: Option<bool>,
    /// -1 where there is no limit
    pub(super) path_length: i64,
    pub(super) names: AlternativeNames,
    pub(super) permitted: Subtrees,
    pub(super) excluded: Subtrees,
    pub(super) constraints_critical: bool,
    pub(super) distribution: Vec<String>,
    pub(super) authority_key: Option<Vec<u8>>,
    pub(super) subject_key: Option<Vec<u8>>,
    pub(super) explicit_policy: Option<i64>,
    pub(super) policy_mapping: Option<i64>,
    pub(super) any_policy: Option<i64>,
    /// known purposes by Go's numbers
    pub(super) purposes: Vec<i64>,
    pub(super) unknown_purposes: Vec<Vec<i64>>,
    pub(super) policies: Option<Vec<Vec<i64>>>,
    pub(super) mappings: Vec<(String, String)>,
    pub(super) ocsp: Vec<String>,
    pub(super) issuers: Vec<String>,
    pub(super) unhandled: Vec<Vec<i64>>,
}

/// Reads one extension.
pub(super) fn read<'d>(element: &Element<'d>) -> Result<Extension<'d>, String> {
    let mut parts = element.inside();
    let identifier = parts.expect(OBJECT_IDENTIFIER).and_then(|id| id.numbers());
    let identifier = identifier.ok_or("x509: malformed extension OID field")?;
    let critical = parts.optional(BOOLEAN).is_some_and(|critical| critical.value == [0xff]);
    let value = parts.expect(OCTET_STRING).ok_or("x509: malformed extension value field")?.value;
    Ok(Extension { identifier, critical, value })
}

/// What the extensions say.
pub(super) fn known(extensions: &[Extension<'_>]) -> Result<Known, String> {
    let mut known = Known::default();
    for extension in extensions {
        let handled = known.add(extension)?;
        if extension.critical && !handled {
            known.unhandled.push(extension.identifier.clone());
        }
    }
    Ok(known)
}

impl Known {
    fn add(&mut self, extension: &Extension<'_>) -> Result<bool, String> {
        let mut value = Elements(extension.value);
        match extension.identifier.as_slice() {
            [2, 5, 29, 14] => {
                if extension.critical {
                    return Err("x509: subject key identifier incorrectly marked critical".to_owned());
                }
                let key = value.expect(OCTET_STRING).ok_or("x509: invalid subject key identifier")?;
                self.subject_key = Some(key.value.to_vec());
            }
            [2, 5, 29, 15] => self.key_usage = key_usage(value).ok_or("x509: invalid key usage")?,
            [2, 5, 29, 17] => {
                self.names = alternative_names(extension.value)?;
                let names = &self.names;
                return Ok(!(names.dns.is_empty()
                    && names.email.is_empty()
                    && names.address.is_empty()
                    && names.uri.is_empty()));
            }
            [2, 5, 29, 19] => {
                let (authority, length) = basic(value).ok_or("x509: invalid basic constraints")?;
                (self.basic, self.path_length) = (Some(authority), length);
            }
            [2, 5, 29, 30] => return self.constraints(extension),
            [2, 5, 29, 31] => {
                self.distribution = distribution(value).ok_or("x509: invalid CRL distribution points")?
            }
            [2, 5, 29, 32] => {
                self.policies = Some(policies(value).ok_or("x509: invalid certificate policies")?)
            }
            [2, 5, 29, 33] => {
                self.mappings = mappings(value).ok_or("x509: invalid policy mappings extension")?
            }
            [2, 5, 29, 35] => {
                if extension.critical {
                    return Err("x509: authority key identifier incorrectly marked critical".to_owned());
                }
                let mut parts = value.sequence().ok_or("x509: invalid authority key identifier")?;
                self.authority_key = parts.optional(context(0)).map(|key| key.value.to_vec());
            }
            [2, 5, 29, 36] => {
                let invalid = || "x509: invalid policy constraints extension".to_owned();
                let mut parts = value.sequence().ok_or_else(invalid)?;
                let mut small =
                    |tag| parts.optional(tag).map(|number| number.small().ok_or_else(invalid)).transpose();
                (self.explicit_policy, self.policy_mapping) = (small(context(0))?, small(context(1))?);
            }
            [2, 5, 29, 37] => self.purposes(value).ok_or("x509: invalid extended key usages")?,
            [2, 5, 29, 54] => {
                self.any_policy = Some(value.small().ok_or("x509: invalid inhibit any policy extension")?);
            }
            [1, 3, 6, 1, 5, 5, 7, 1, 1] => {
                if extension.critical {
                    return Err("x509: authority info access incorrectly marked critical".to_owned());
                }
                self.access(value).ok_or("x509: invalid authority info access")?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn purposes(&mut self, mut value: Elements<'_>) -> Option<()> {
        let mut purposes = value.sequence()?;
        while !purposes.is_empty() {
            let purpose = purposes.expect(OBJECT_IDENTIFIER)?.numbers()?;
            match purpose_number(&purpose) {
                Some(number) => self.purposes.push(number),
                None => self.unknown_purposes.push(purpose),
            }
        }
        Some(())
    }

    fn access(&mut self, mut value: Elements<'_>) -> Option<()> {
        let mut descriptions = value.sequence()?;
        while !descriptions.is_empty() {
            let mut description = descriptions.sequence()?;
            let method = description.expect(OBJECT_IDENTIFIER)?.numbers()?;
            let Some(place) = description.optional(context(6)) else { continue };
            match method.as_slice() {
                [1, 3, 6, 1, 5, 5, 7, 48, 1] => self.ocsp.push(lossy(place.value)),
                [1, 3, 6, 1, 5, 5, 7, 48, 2] => self.issuers.push(lossy(place.value)),
                _ => {}
            }
        }
        Some(())
    }

    fn constraints(&mut self, extension: &Extension<'_>) -> Result<bool, String> {
        let invalid = || "x509: invalid NameConstraints extension".to_owned();
        let top = Element::only(extension.value).filter(|top| top.tag == SEQUENCE).ok_or_else(invalid)?;
        let mut parts = top.inside();
        let (permitted, excluded) = (parts.optional(context_of(0)), parts.optional(context_of(1)));
        if !parts.is_empty() {
            return Err(invalid());
        }
        let is_empty = |part: &Option<Element<'_>>| part.is_none_or(|part| part.value.is_empty());
        if is_empty(&permitted) && is_empty(&excluded) {
            return Err("x509: empty name constraints extension".to_owned());
        }
        let mut handled = true;
        let mut read = |part: Option<Element<'_>>| {
            part.map_or(Ok(Subtrees::default()), |part| {
                let (subtrees, all) = subtrees(part.inside())?;
                handled &= all;
                Ok::<_, String>(subtrees)
            })
        };
        (self.permitted, self.excluded) = (read(permitted)?, read(excluded)?);
        self.constraints_critical = extension.critical;
        Ok(handled)
    }
}

/// Reads a subject's other names.
pub(super) fn alternative_names(der: &[u8]) -> Result<AlternativeNames, String> {
    let invalid = || "x509: invalid subject alternative names".to_owned();
    let mut names = Elements(der).sequence().ok_or_else(invalid)?;
    let mut found = AlternativeNames::default();
    while !names.is_empty() {
        let name = names.next().ok_or_else(invalid)?;
        let text = |what: &str| {
            if name.value.is_ascii() {
                Ok(lossy(name.value))
            } else {
                Err(format!("x509: SAN {what} is malformed"))
            }
        };
        match name.tag {
            0x81 => found.email.push(text("rfc822Name")?),
            0x82 => found.dns.push(text("dNSName")?),
            0x86 => found.uri.push(text("uniformResourceIdentifier")?),
            0x87 => {
                let length = name.value.len();
                let address = address(name.value);
                found.address.push(
                    address.ok_or_else(|| format!("x509: cannot parse IP address of length {length}"))?,
                );
            }
            _ => {}
        }
    }
    Ok(found)
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(|bytes| Ipv4Addr::from(bytes).into()),
        16 => <[u8; 16]>::try_from(bytes).ok().map(|bytes| Ipv6Addr::from(bytes).into()),
        _ => None,
    }
}

fn subtrees(mut trees: Elements<'_>) -> Result<(Subtrees, bool), String> {
    let invalid = || "x509: invalid NameConstraints extension".to_owned();
    let (mut found, mut handled) = (Subtrees::default(), true);
    while !trees.is_empty() {
        let base = trees.sequence().and_then(|mut tree| tree.next()).ok_or_else(invalid)?;
        match base.tag {
            0x81 => found.email.push(lossy(base.value)),
            0x82 => found.dns.push(lossy(base.value)),
            0x86 => found.uri.push(lossy(base.value)),
            0x87 => {
                let length = base.value.len();
                if !matches!(length, 8 | 32) {
                    return Err(format!("x509: IP constraint contained value of length {length}"));
                }
                let (address, mask) = base.value.split_at_checked(length / 2).ok_or_else(invalid)?;
                found.address.push((address.to_vec(), mask.to_vec()));
            }
            _ => handled = false,
        }
    }
    Ok((found, handled))
}

fn key_usage(mut value: Elements<'_>) -> Option<i64> {
    let bits = value.expect(BIT_STRING)?.value.get(1..)?;
    // The first bit is the lowest one in Go.
    let bit = |at: usize| bits.get(at / 8).is_some_and(|byte| byte & (0x80 >> (at % 8)) != 0);
    Some((0..9).filter(|at| bit(*at)).map(|at| 1 << at).sum())
}

fn basic(mut value: Elements<'_>) -> Option<(bool, i64)> {
    let mut parts = value.sequence()?;
    let authority = parts.optional(BOOLEAN).is_some_and(|truth| truth.value == [0xff]);
    let length = match parts.optional(INTEGER) {
        Some(length) => length.small().filter(|length| *length >= 0)?,
        None => -1,
    };
    Some((authority, length))
}

fn distribution(mut value: Elements<'_>) -> Option<Vec<String>> {
    let mut found = Vec::new();
    let mut points = value.sequence()?;
    while !points.is_empty() {
        let mut point = points.sequence()?;
        let Some(name) = point.optional(context_of(0)) else { continue };
        let mut full = name.inside().expect(context_of(0))?.inside();
        while let Some(uri) = full.optional(context(6)) {
            found.push(lossy(uri.value));
        }
    }
    Some(found)
}

fn policies(mut value: Elements<'_>) -> Option<Vec<Vec<i64>>> {
    let mut found = Vec::new();
    let mut policies = value.sequence()?;
    while !policies.is_empty() {
        found.push(policies.sequence()?.expect(OBJECT_IDENTIFIER)?.numbers()?);
    }
    Some(found)
}

fn mappings(mut value: Elements<'_>) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    let mut mappings = value.sequence()?;
    while !mappings.is_empty() {
        let mut pair = mappings.sequence()?;
        found.push((pair.expect(OBJECT_IDENTIFIER)?.dotted()?, pair.expect(OBJECT_IDENTIFIER)?.dotted()?));
    }
    Some(found)
}

/// Go's number for a purpose.
fn purpose_number(identifier: &[i64]) -> Option<i64> {
    match identifier {
        [2, 5, 29, 37, 0] => Some(0),
        [1, 3, 6, 1, 5, 5, 7, 3, number @ 1..=9] => Some(*number),
        [1, 3, 6, 1, 4, 1, 311, 10, 3, 3] => Some(10),
        [2, 16, 840, 1, 113_730, 4, 1] => Some(11),
        [1, 3, 6, 1, 4, 1, 311, 2, 1, 22] => Some(12),
        [1, 3, 6, 1, 4, 1, 311, 61, 1, 1] => Some(13),
        _ => None,
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
