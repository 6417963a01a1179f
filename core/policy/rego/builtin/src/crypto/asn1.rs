//! ASN.1 in DER (X.690): one element after another, each a tag, a length and a value.
//!
//! Only what keys and certificates need: tags of one byte, lengths up to four.

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// The tag `[number]` around something primitive.
pub(crate) const fn context(number: u8) -> u8 {
    0x80 | number
}

/// The tag `[number]` around elements.
pub(crate) const fn context_of(number: u8) -> u8 {
    0xa0 | number
}

/// An element.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'d> {
    pub(crate) tag: u8,
    /// tag and length too
    pub(crate) whole: &'d [u8],
    pub(crate) value: &'d [u8],
}

/// Elements still to be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elements<'d>(pub(crate) &'d [u8]);

impl<'d> Elements<'d> {
    /// Whether all are read.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next one; nothing where there is none or its length is no DER.
    pub(crate) fn next(&mut self) -> Option<Element<'d>> {
        let (tag, rest) = self.0.split_first()?;
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (first, rest) = rest.split_first()?;
        let (length, rest) = match first {
            ..=0x7f => (usize::from(*first), rest),
            0x81..=0x84 => {
                let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                let length = bytes.iter().fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
                // The shortest form, or it is no DER.
                if length < 0x80 || bytes.first() == Some(&0) {
                    return None;
                }
                (length, rest)
            }
            _ => return None,
        };
        let (value, after) = rest.split_at_checked(length)?;
        let whole = self.0.get(..self.0.len() - after.len())?;
        self.0 = after;
        Some(Element { tag: *tag, whole, value })
    }

    /// The next one, which must have this tag.
    pub(crate) fn expect(&mut self, tag: u8) -> Option<Element<'d>> {
        self.next().filter(|element| element.tag == tag)
    }

    /// The next one where it has this tag.
    pub(crate) fn optional(&mut self, tag: u8) -> Option<Element<'d>> {
        if self.0.first() == Some(&tag) { self.next() } else { None }
    }

    /// The elements of the sequence that comes next.
    pub(crate) fn sequence(&mut self) -> Option<Elements<'d>> {
        self.expect(SEQUENCE).map(|element| element.inside())
    }

    /// The magnitude of the integer that comes next, without leading zeros; nothing where it is negative.
    pub(crate) fn unsigned(&mut self) -> Option<Vec<u8>> {
        let value = self.expect(INTEGER)?.value;
        if value.first()? & 0x80 != 0 {
            return None;
        }
        Some(trim(value).to_vec())
    }

    /// The small integer that comes next.
    pub(crate) fn small(&mut self) -> Option<i64> {
        self.expect(INTEGER)?.small()
    }

    /// The bytes of the bit string that comes next, which has whole bytes.
    pub(crate) fn bits(&mut self) -> Option<&'d [u8]> {
        self.expect(BIT_STRING)?
            .value
            .split_first()
            .filter(|(unused, _)| **unused == 0)
            .map(|(_, bytes)| bytes)
    }
}

impl<'d> Element<'d> {
    /// What is in it.
    pub(crate) const fn inside(&self) -> Elements<'d> {
        Elements(self.value)
    }

    /// It as an integer of 64 bits.
    pub(crate) fn small(&self) -> Option<i64> {
        if self.value.is_empty() || self.value.len() > 8 {
            return None;
        }
        let start = if self.value.first()? & 0x80 == 0 { 0 } else { -1 };
        Some(self.value.iter().fold(start, |number, byte| number << 8 | i64::from(*byte)))
    }

    /// The only element in `bytes`.
    pub(crate) fn only(bytes: &'d [u8]) -> Option<Self> {
        let mut elements = Elements(bytes);
        elements.next().filter(|_| elements.is_empty())
    }

    /// It as an object identifier's numbers.
    pub(crate) fn numbers(&self) -> Option<Vec<i64>> {
        let mut numbers = Vec::new();
        let mut number: i64 = 0;
        for byte in self.value {
            number = number.checked_mul(128)?.checked_add(i64::from(byte & 0x7f))?;
            if byte & 0x80 != 0 {
                continue;
            }
            if numbers.is_empty() {
                let first = (number / 40).min(2);
                numbers.extend([first, number - first * 40]);
            } else {
                numbers.push(number);
            }
            number = 0;
        }
        self.value.last().filter(|last| **last & 0x80 == 0)?;
        Some(numbers)
    }

    /// It as an object identifier in dots.
    pub(crate) fn dotted(&self) -> Option<String> {
        let numbers: Vec<_> = self.numbers()?.iter().map(ToString::to_string).collect();
        Some(numbers.join("."))
    }
}

/// Without leading zeros.
pub(crate) fn trim(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

/// An element as bytes.
pub(crate) fn write(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match u8::try_from(value.len()) {
        Ok(length @ 0..0x80) => out.push(length),
        _ => {
            let length = value.len().to_be_bytes();
            let length = trim(&length);
            out.push(0x80 | u8::try_from(length.len()).unwrap_or(8));
            out.extend(length);
        }
    }
    out.extend(value);
    out
}

/// A number from its magnitude.
pub(crate) fn write_unsigned(magnitude: &[u8]) -> Vec<u8> {
    let mut value = trim(magnitude).to_vec();
    if value.first().is_none_or(|first| first & 0x80 != 0) {
        value.insert(0, 0);
    }
    write(INTEGER, &value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_read_one_after_another() {
        let mut elements = Elements(&[0x02, 0x01, 0x05, 0x04, 0x00]);
        assert_eq!(elements.small(), Some(5));
        assert!(elements.expect(OCTET_STRING).is_some_and(|element| element.value.is_empty()));
        assert!(elements.is_empty() && elements.next().is_none());
    }

    #[test]
    fn lengths_are_written_in_their_shortest_form() {
        for length in [0, 127, 128, 255, 256, 70_000] {
            let bytes = write(OCTET_STRING, &vec![7; length]);
            assert_eq!(Element::only(&bytes).map(|element| element.value.len()), Some(length));
        }
        assert!(Element::only(&[0x04, 0x81, 0x01, 0x00]).is_none());
        assert!(Element::only(&[0x04, 0x02, 0x00]).is_none());
    }

    #[test]
    fn identifiers_are_numbers() {
        let bytes = write(OBJECT_IDENTIFIER, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d]);
        assert_eq!(
            Element::only(&bytes).and_then(|element| element.dotted()).as_deref(),
            Some("1.2.840.113549")
        );
    }
}
