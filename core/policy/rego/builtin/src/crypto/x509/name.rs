//! Distinguished names (RFC 5280, 4.1.2.4).

use crate::crypto::asn1::{Element, Elements, OBJECT_IDENTIFIER, SEQUENCE, SET};

/// A name's attributes in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Name(pub(super) Vec<Attribute>);

/// What an attribute is, and its text.
#[derive(Clone, Debug)]
pub(super) struct Attribute {
    pub(super) identifier: Vec<i64>,
    pub(super) value: String,
}

/// Reads a name.
pub(super) fn read(element: &Element<'_>) -> Result<Name, String> {
    let broken = |what: &str| format!("x509: invalid RDNSequence{what}");
    let mut attributes = Vec::new();
    let mut sets = element.inside();
    while !sets.is_empty() {
        let mut set = sets.expect(SET).ok_or_else(|| broken(""))?.inside();
        while !set.is_empty() {
            let mut pair: Elements<'_> =
                set.expect(SEQUENCE).ok_or_else(|| broken(": invalid attribute"))?.inside();
            let identifier = pair
                .expect(OBJECT_IDENTIFIER)
                .and_then(|identifier| identifier.numbers())
                .ok_or_else(|| broken(": invalid attribute type"))?;
            let value = pair.next().ok_or_else(|| broken(": invalid attribute value"))?;
            let value =
                text(&value).map_err(|error| broken(&format!(": invalid attribute value: {error}")))?;
            attributes.push(Attribute { identifier, value });
        }
    }
    Ok(Name(attributes))
}

impl Name {
    /// The values of the attribute `2.5.4.number`, in order.
    pub(super) fn values(&self, number: i64) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |attribute| attribute.identifier == [2, 5, 4, number])
            .map(|attribute| attribute.value.as_str())
    }
}

/// The text of one of ASN.1's many kinds of strings.
fn text(element: &Element<'_>) -> Result<String, String> {
    let bytes = element.value;
    let ascii = |name: &str, fits: fn(&u8) -> bool| {
        if bytes.iter().all(fits) {
            Ok(String::from_utf8_lossy(bytes).into_owned())
        } else {
            Err(format!("invalid {name}"))
        }
    };
    match element.tag {
        0x0c => String::from_utf8(bytes.to_vec()).map_err(|_| "invalid UTF-8 string".to_owned()),
        0x12 => ascii("NumericString", |byte| byte.is_ascii_digit() || *byte == b' '),
        0x13 => {
            ascii("PrintableString", |byte| byte.is_ascii_alphanumeric() || b" '()+,-./:=?*&".contains(byte))
        }
        // In truth T.61, taken as Latin-1 by everybody.
        0x14 => Ok(bytes.iter().map(|byte| char::from(*byte)).collect()),
        0x16 => ascii("IA5String", u8::is_ascii),
        0x1e => {
            let (pairs, rest) = bytes.as_chunks::<2>();
            let mut units: Vec<_> = pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
            if units.last() == Some(&0) {
                units.pop();
            }
            let bad = |unit: &u16| matches!(unit, 0xfffe | 0xffff | 0xfdd0..=0xfdef | 0xd800..=0xdfff);
            if !rest.is_empty() || units.iter().any(bad) {
                return Err("invalid BMPString".to_owned());
            }
            Ok(String::from_utf16_lossy(&units))
        }
        other => Err(format!("unsupported string type: {other}")),
    }
}
