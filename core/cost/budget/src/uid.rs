//! `metadata.uid`: which incarnation of a name an object is.

use std::fmt;
use std::sync::Arc;

/// A UID. Kubernetes makes UUIDs, which take 16 bytes here; any other text is kept as it is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uid(Form);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Form {
    Uuid([u8; 16]),
    Text(Arc<str>),
}

/// Positions of the hyphens of a UUID (RFC 9562, section 4).
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

impl Uid {
    /// A UID from its text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(uuid(text).map_or_else(|| Form::Text(text.into()), Form::Uuid))
    }
}

/// The bytes of a UUID as Kubernetes writes it: lower case. Other spellings would not come out as they went in.
fn uuid(text: &str) -> Option<[u8; 16]> {
    if text.len() != 36 {
        return None;
    }
    let mut bytes = [0; 16];
    let mut nibbles = 0;
    for (at, byte) in text.bytes().enumerate() {
        let nibble = match byte {
            b'-' if HYPHENS.contains(&at) => continue,
            _ if HYPHENS.contains(&at) => return None,
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            _ => return None,
        };
        let slot = bytes.get_mut(nibbles / 2)?;
        *slot = (*slot << 4) | nibble;
        nibbles += 1;
    }
    Some(bytes)
}

impl From<&str> for Uid {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// The text that it was made of.
impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Text(text) => f.write_str(text),
            Form::Uuid(bytes) => bytes.iter().enumerate().try_for_each(|(at, byte)| {
                let hyphen =
                    if HYPHENS.iter().enumerate().any(|(n, place)| place - n == at * 2) { "-" } else { "" };
                write!(f, "{hyphen}{byte:02x}")
            }),
        }
    }
}

impl fmt::Debug for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uid_is_written_as_it_was_read() {
        for text in [
            "0190d3f2-7a3b-7c4d-8e5f-a0b1c2d3e4f5",
            "00000000-0000-0000-0000-000000000000",
            "0190D3F2-7A3B-7C4D-8E5F-A0B1C2D3E4F5",
            "0190d3f27a3b-7c4d-8e5f-a0b1c2d3e4f5-",
            "mirror/pod",
            "",
            "0190d3f2-7a3b-7c4d-8e5f-a0b1c2d3e4fé",
        ] {
            assert_eq!(Uid::new(text).to_string(), text);
        }
        assert!(std::mem::size_of::<Option<Uid>>() <= 24);
    }
}
