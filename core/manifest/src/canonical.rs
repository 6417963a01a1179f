//! One text for one value: the order and escapes of RFC 8785, numbers as they were written.
//!
//! Two departures from RFC 8785, both because amounts must never pass through a float: numbers keep their source
//! text (the RFC prints them as ECMAScript does), and what must be exact (amounts, digests) is written as strings by
//! those who build the value.

use std::cmp::Ordering;

use tollgate_vocabulary::{Map, Value};

/// The canonical bytes of `value`, UTF-8.
#[must_use]
pub fn bytes(value: &Value) -> Vec<u8> {
    let mut out = Vec::with_capacity(1024);
    write(&mut out, value);
    out
}

/// The canonical text of `value`.
#[must_use]
pub fn text(value: &Value) -> String {
    String::from_utf8(bytes(value)).unwrap_or_default()
}

fn write(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => out.extend_from_slice(number.as_str().as_bytes()),
        Value::String(text) => write_string(out, text),
        Value::Array(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write(out, item);
            }
            out.push(b']');
        }
        Value::Object(map) => write_object(out, map),
    }
}

fn write_object(out: &mut Vec<u8>, map: &Map) {
    let mut entries: Vec<_> = map.iter().collect();
    // Byte order and UTF-16 order differ only where a character stands at or above U+E000 (first byte 0xEE).
    if entries.iter().any(|(key, _)| key.bytes().any(|byte| byte >= 0xee)) {
        entries.sort_by(|a, b| utf16_order(a.0, b.0));
    }
    out.push(b'{');
    for (at, (key, value)) in entries.into_iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write_string(out, key);
        out.push(b':');
        write(out, value);
    }
    out.push(b'}');
}

/// RFC 8785, section 3.2.3: keys are compared as UTF-16 code units.
fn utf16_order(a: &str, b: &str) -> Ordering {
    a.encode_utf16().cmp(b.encode_utf16())
}

/// RFC 8785, section 3.2.2.2.
fn write_string(out: &mut Vec<u8>, text: &str) {
    const HEX: [u8; 16] = *b"0123456789abcdef";
    out.push(b'"');
    let mut plain_from = 0;
    let bytes = text.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        let short = match byte {
            b'"' => b'"',
            b'\\' => b'\\',
            0x08 => b'b',
            0x09 => b't',
            0x0a => b'n',
            0x0c => b'f',
            0x0d => b'r',
            0x00..=0x1f => 0,
            _ => continue,
        };
        out.extend_from_slice(bytes.get(plain_from..at).unwrap_or_default());
        plain_from = at + 1;
        if short == 0 {
            let digit = |nibble: u8| HEX.get(usize::from(nibble & 0xf)).copied().unwrap_or(b'0');
            out.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte)]);
        } else {
            out.extend_from_slice(&[b'\\', short]);
        }
    }
    out.extend_from_slice(bytes.get(plain_from..).unwrap_or_default());
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_in_utf16_order_and_escapes_are_those_of_the_rfc() {
        let map: Map =
            [("\u{fb33}", "1"), ("\u{1f600}", "2"), ("a\u{1}\"\\\n\u{7f}/", "3")].into_iter().collect();
        assert_eq!(
            text(&Value::from(map)),
            "{\"a\\u0001\\\"\\\\\\n\u{7f}/\":\"3\",\"\u{1f600}\":\"2\",\"\u{fb33}\":\"1\"}"
        );
    }

    #[test]
    fn a_number_keeps_its_text() {
        let number = tollgate_vocabulary::Number::parse("1.0e400").map(Value::Number);
        assert_eq!(text(&number.unwrap_or_default()), "1.0e400");
    }
}
