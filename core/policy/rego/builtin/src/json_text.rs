//! JSON text inside of values: read and written as Go's `encoding/json` does.

use std::fmt::Write as _;

use tollgate_rego_value::Val;

use crate::cost::of_text;
use crate::{Call, Error};

/// How deep lists and objects may stand in each other.
const DEPTH: usize = 512;

/// The value that `text` is. Of equal keys the last one counts, numbers keep their text.
pub(crate) fn read<'a>(call: &Call<'a, '_>, text: &str) -> Result<Val<'a>, Error> {
    call.meter.spend(of_text(text))?;
    let mut reader = Reader { call, text, at: 0 };
    let value = reader.value(0)?;
    reader.skip_blanks();
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.unexpected("after top-level value")),
    }
}

struct Reader<'c, 'a, 'm, 't> {
    call: &'c Call<'a, 'm>,
    text: &'t str,
    at: usize,
}

impl<'a> Reader<'_, 'a, '_, '_> {
    fn value(&mut self, depth: usize) -> Result<Val<'a>, Error> {
        if depth > DEPTH {
            return Err(Error::Failed(format!("more than {DEPTH} levels of lists and objects")));
        }
        self.call.meter.spend(1)?;
        self.skip_blanks();
        match self.peek() {
            Some('{') => self.object(depth),
            Some('[') => self.array(depth),
            Some('"') => {
                let text = self.string()?;
                Ok(self.call.arena.string(&text)?)
            }
            Some('-' | '0'..='9') => self.number(),
            Some('t') => self.word("true", Val::Bool(true)),
            Some('f') => self.word("false", Val::Bool(false)),
            Some('n') => self.word("null", Val::Null),
            _ => Err(self.unexpected("looking for beginning of value")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Val<'a>, Error> {
        self.at += 1;
        let mut entries = Vec::new();
        self.skip_blanks();
        if self.take('}') {
            return Ok(self.call.arena.object(entries)?);
        }
        loop {
            self.skip_blanks();
            if self.peek() != Some('"') {
                return Err(self.unexpected("looking for beginning of object key string"));
            }
            let key = self.string()?;
            self.skip_blanks();
            if !self.take(':') {
                return Err(self.unexpected("after object key"));
            }
            let value = self.value(depth + 1)?;
            entries.push((self.call.arena.string(&key)?, value));
            self.skip_blanks();
            if self.take('}') {
                return Ok(self.call.arena.object(entries)?);
            }
            if !self.take(',') {
                return Err(self.unexpected("after object key:value pair"));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Val<'a>, Error> {
        self.at += 1;
        let mut items = Vec::new();
        self.skip_blanks();
        if self.take(']') {
            return Ok(self.call.arena.array(&items)?);
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.skip_blanks();
            if self.take(']') {
                return Ok(self.call.arena.array(&items)?);
            }
            if !self.take(',') {
                return Err(self.unexpected("after array element"));
            }
        }
    }

    fn string(&mut self) -> Result<String, Error> {
        self.at += 1;
        let mut out = String::new();
        loop {
            match self.next() {
                None => return Err(Error::Failed("unexpected EOF".to_owned())),
                Some('"') => return Ok(out),
                Some('\\') => match self.next() {
                    Some(c @ ('"' | '\\' | '/')) => out.push(c),
                    Some('b') => out.push('\u{8}'),
                    Some('f') => out.push('\u{c}'),
                    Some('n') => out.push('\n'),
                    Some('r') => out.push('\r'),
                    Some('t') => out.push('\t'),
                    Some('u') => out.push(self.escaped()?),
                    _ => {
                        self.at -= 1;
                        return Err(self.unexpected("in string escape code"));
                    }
                },
                Some(c) if c < ' ' => {
                    self.at -= 1;
                    return Err(self.unexpected("in string literal"));
                }
                Some(c) => out.push(c),
            }
        }
    }

    /// The character of a `\u`; half of a pair alone becomes U+FFFD.
    fn escaped(&mut self) -> Result<char, Error> {
        let first = self.hex()?;
        if (0xd800..0xdc00).contains(&first) && self.rest().starts_with("\\u") {
            let back = self.at;
            self.at += 2;
            let second = self.hex()?;
            if (0xdc00..0xe000).contains(&second) {
                let point = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = back;
        }
        Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex(&mut self) -> Result<u32, Error> {
        let mut number = 0;
        for _ in 0..4 {
            let Some(digit) = self.peek().and_then(|c| c.to_digit(16)) else {
                return Err(self.unexpected(r"in \u hexadecimal character escape"));
            };
            self.at += 1;
            number = number * 16 + digit;
        }
        Ok(number)
    }

    fn number(&mut self) -> Result<Val<'a>, Error> {
        let from = self.at;
        self.take('-');
        if !self.take('0') && self.digits() == 0 {
            return Err(self.unexpected("in numeric literal"));
        }
        if self.take('.') && self.digits() == 0 {
            return Err(self.unexpected("after decimal point in numeric literal"));
        }
        if self.take('e') || self.take('E') {
            let _ = self.take('+') || self.take('-');
            if self.digits() == 0 {
                return Err(self.unexpected("in exponent of numeric literal"));
            }
        }
        let text = self.text.get(from..self.at).unwrap_or_default();
        match text.parse() {
            // As for documents: `-0` keeps its text.
            Ok(number) if number != 0 || text == "0" => Ok(Val::Int(number)),
            _ => Ok(Val::Number(self.call.arena.text(text)?)),
        }
    }

    fn digits(&mut self) -> usize {
        let count = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        self.at += count;
        count
    }

    fn word(&mut self, word: &'static str, value: Val<'a>) -> Result<Val<'a>, Error> {
        if self.rest().starts_with(word) {
            self.at += word.len();
            return Ok(value);
        }
        let fits = self.rest().bytes().zip(word.bytes()).take_while(|(a, b)| a == b).count();
        self.at += fits;
        let wanted = word.get(fits..fits + 1).unwrap_or_default();
        Err(self.unexpected(&format!("in literal {word} (expecting '{wanted}')")))
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn take(&mut self, expected: char) -> bool {
        let found = self.peek() == Some(expected);
        if found {
            self.at += expected.len_utf8();
        }
        found
    }

    fn skip_blanks(&mut self) {
        self.at +=
            self.rest().bytes().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
    }

    fn unexpected(&self, place: &str) -> Error {
        Error::Failed(match self.peek() {
            None if self.text.trim_ascii().is_empty() => "EOF".to_owned(),
            None => "unexpected EOF".to_owned(),
            Some('\'') => format!(r"invalid character '\'' {place}"),
            Some('"') => format!("invalid character '\"' {place}"),
            Some(c) => format!("invalid character '{}' {place}", c.escape_debug()),
        })
    }
}

/// `value` as Go's `json.Marshal` writes it: no blanks, keys sorted, sets as lists, `<`, `>` and `&` escaped.
pub(crate) fn write(value: &Val<'_>) -> String {
    let mut out = String::new();
    write_value(&mut out, value);
    out
}

fn write_value(out: &mut String, value: &Val<'_>) {
    match value {
        Val::Null => out.push_str("null"),
        Val::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        // Writing to a string does not fail.
        Val::Int(number) => drop(write!(out, "{number}")),
        Val::Number(text) => out.push_str(text),
        Val::String(text) => write_string(out, text),
        Val::Set(items) => write_items(out, items.iter().copied()),
        other => {
            if let Some(items) = other.as_array() {
                write_items(out, items.iter());
            } else if let Some(object) = other.as_object() {
                // Keys that are no strings are written as their JSON text, and sorted as such.
                let mut entries: Vec<_> = object
                    .iter()
                    .map(|(key, value)| (key.as_str().map_or_else(|| write(&key), str::to_owned), value))
                    .collect();
                entries.sort_by(|a, b| a.0.cmp(&b.0));
                out.push('{');
                for (at, (key, value)) in entries.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    write_string(out, key);
                    out.push(':');
                    write_value(out, value);
                }
                out.push('}');
            }
        }
    }
}

fn write_items<'a>(out: &mut String, items: impl Iterator<Item = Val<'a>>) {
    out.push('[');
    for (at, item) in items.enumerate() {
        if at > 0 {
            out.push(',');
        }
        write_value(out, &item);
    }
    out.push(']');
}

fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Writing to a string does not fail.
            c if c < ' ' || matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}') => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use tollgate_rego_value::Arena;

    use super::*;
    use crate::{Meter, Patterns};

    fn round(text: &str) -> Result<String, Error> {
        let (arena, meter) = (Arena::new(1 << 20), Meter::new(1 << 20));
        read(&Call { arena: &arena, meter: &meter, patterns: &Patterns::default(), now: 0 }, text)
            .map(|value| write(&value))
    }

    #[test]
    fn text_is_read_and_written_as_go_does() {
        for (text, expected) in [
            (r#" {"b": 1.50, "a": [true, null, -0], "a": "x"} "#, r#"{"a":"x","b":1.50}"#),
            (r#""\u00e4\ud83d\ude00\ud800\/\n<&>""#, r#""ä😀\ufffd/\n\u003c\u0026\u003e""#),
            ("[1e400,9223372036854775808]", "[1e400,9223372036854775808]"),
        ] {
            assert_eq!(round(text), Ok(expected.replace("\\ufffd", "\u{fffd}")), "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_place() {
        for (text, expected) in [
            ("", "EOF"),
            ("[1,", "unexpected EOF"),
            ("[1 2]", "invalid character '2' after array element"),
            ("{1:2}", "invalid character '1' looking for beginning of object key string"),
            ("nul!", "invalid character '!' in literal null (expecting 'l')"),
            ("1 x", "invalid character 'x' after top-level value"),
            ("01", "invalid character '1' after top-level value"),
            ("-", "unexpected EOF"),
        ] {
            assert_eq!(round(text), Err(Error::Failed(expected.to_owned())), "{text}");
        }
        let deep = "[".repeat(100_000);
        assert!(matches!(round(&deep), Err(Error::Failed(message)) if message.contains("512 levels")));
    }
}
