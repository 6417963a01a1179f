//! JSON text to values. Strings without escapes and numbers are not copied.

use crate::decimal::Decimal;
use crate::json::DEPTH;
use crate::{Arena, Full, Val};

/// Why a text is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// it is no JSON
    Invalid(String),
    /// it nests deeper than [`DEPTH`]
    TooDeep,
    /// a number is too big
    TooBig,
    /// the arena's limit is reached
    Full,
}

impl From<Full> for ReadError {
    fn from(Full: Full) -> Self {
        Self::Full
    }
}

/// The value that a JSON text says. Of keys that stand twice the last one counts.
///
/// # Errors
/// It is no JSON, too deep, or too large for the arena.
pub fn read<'a>(arena: &'a Arena, text: &'a str) -> Result<Val<'a>, ReadError> {
    let mut reader = Reader { arena, text, at: 0 };
    let value = reader.value(0)?;
    reader.blanks();
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.unexpected("after top-level value")),
    }
}

struct Reader<'a> {
    arena: &'a Arena,
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.step();
        }
    }

    fn unexpected(&self, place: &str) -> ReadError {
        let letter = self.text.get(self.at..).and_then(|rest| rest.chars().next());
        ReadError::Invalid(letter.map_or_else(
            || "unexpected end of JSON input".to_owned(),
            |letter| match letter {
                '\'' => format!("invalid character '\\'' {place}"),
                letter => format!("invalid character '{letter}' {place}"),
            },
        ))
    }

    fn value(&mut self, depth: usize) -> Result<Val<'a>, ReadError> {
        if depth > DEPTH {
            return Err(ReadError::TooDeep);
        }
        self.blanks();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(Val::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Val::Bool(true)),
            Some(b'f') => self.word("false", Val::Bool(false)),
            Some(b'n') => self.word("null", Val::Null),
            _ => Err(self.unexpected("looking for beginning of value")),
        }
    }

    fn word(&mut self, word: &str, value: Val<'a>) -> Result<Val<'a>, ReadError> {
        for (at, letter) in word.bytes().enumerate() {
            if self.peek() != Some(letter) {
                let expected = word.get(at..).and_then(|rest| rest.chars().next()).unwrap_or_default();
                return Err(self.unexpected(&format!("in literal {word} (expecting '{expected}')")));
            }
            self.step();
        }
        Ok(value)
    }

    fn array(&mut self, depth: usize) -> Result<Val<'a>, ReadError> {
        self.step();
        let mut items = Vec::new();
        self.blanks();
        if self.peek() == Some(b']') {
            self.step();
            return Ok(Val::Array(&[]));
        }
        loop {
            items.push(self.value(depth.saturating_add(1))?);
            self.blanks();
            match self.peek() {
                Some(b',') => self.step(),
                Some(b']') => {
                    self.step();
                    return Ok(self.arena.array(&items)?);
                }
                _ => return Err(self.unexpected("after array element")),
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Val<'a>, ReadError> {
        self.step();
        let mut entries = Vec::new();
        self.blanks();
        if self.peek() == Some(b'}') {
            self.step();
            return Ok(Val::Object(&[]));
        }
        loop {
            self.blanks();
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("looking for beginning of object key string"));
            }
            let key = self.string()?;
            self.blanks();
            if self.peek() != Some(b':') {
                return Err(self.unexpected("after object key"));
            }
            self.step();
            let value = self.value(depth.saturating_add(1))?;
            entries.push((Val::String(key), value));
            self.blanks();
            match self.peek() {
                Some(b',') => self.step(),
                Some(b'}') => {
                    self.step();
                    return Ok(self.arena.object(entries)?);
                }
                _ => return Err(self.unexpected("after object key:value pair")),
            }
        }
    }

    fn string(&mut self) -> Result<&'a str, ReadError> {
        self.step();
        let begin = self.at;
        let mut own = String::new();
        let mut plain = begin;
        loop {
            match self.peek() {
                Some(b'"') => {
                    let rest = self.text.get(plain..self.at).unwrap_or_default();
                    self.step();
                    if plain == begin {
                        return Ok(rest);
                    }
                    own.push_str(rest);
                    return Ok(self.arena.text(&own)?);
                }
                Some(b'\\') => {
                    own.push_str(self.text.get(plain..self.at).unwrap_or_default());
                    self.step();
                    own.push(self.escape()?);
                    plain = self.at;
                }
                Some(0..=0x1f) => return Err(self.unexpected("in string literal")),
                Some(_) => self.step(),
                None => return Err(self.unexpected("in string literal")),
            }
        }
    }

    /// The letter that an escape stands for. Half a surrogate pair stands for U+FFFD.
    fn escape(&mut self) -> Result<char, ReadError> {
        let letter = match self.peek() {
            Some(letter @ (b'"' | b'\\' | b'/')) => char::from(letter),
            Some(b'b') => '\x08',
            Some(b'f') => '\x0c',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.step();
                return self.unicode();
            }
            _ => return Err(self.unexpected("in string escape code")),
        };
        self.step();
        Ok(letter)
    }

    fn unicode(&mut self) -> Result<char, ReadError> {
        let first = self.four()?;
        if !(0xd800..0xdc00).contains(&first) {
            return Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let behind = self.at;
        if self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(b"\\u")) {
            self.at = self.at.saturating_add(2);
            let second = self.four()?;
            if (0xdc00..0xe000).contains(&second) {
                let high = first.wrapping_sub(0xd800).wrapping_shl(10);
                let low = second.wrapping_sub(0xdc00);
                let code = high.wrapping_add(low).wrapping_add(0x1_0000);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = behind;
        }
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn four(&mut self) -> Result<u32, ReadError> {
        let mut code = 0_u32;
        for _ in 0..4 {
            let digit = self.peek().and_then(|digit| char::from(digit).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.unexpected("in \\u hexadecimal character escape"));
            };
            code = code.wrapping_mul(16).wrapping_add(digit);
            self.step();
        }
        Ok(code)
    }

    fn digits(&mut self, place: &str) -> Result<(), ReadError> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.unexpected(place));
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.step();
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Val<'a>, ReadError> {
        let begin = self.at;
        if self.peek() == Some(b'-') {
            self.step();
        }
        if self.peek() == Some(b'0') {
            self.step();
        } else {
            self.digits("in numeric literal")?;
        }
        if self.peek() == Some(b'.') {
            self.step();
            self.digits("after decimal point in numeric literal")?;
        }
        let mut exponent = false;
        if matches!(self.peek(), Some(b'e' | b'E')) {
            exponent = true;
            self.step();
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.step();
            }
            self.digits("in exponent of numeric literal")?;
        }
        let text = self.text.get(begin..self.at).unwrap_or_default();
        if exponent && Decimal::read(text).scaled().is_err() {
            return Err(ReadError::TooBig);
        }
        Ok(Val::number(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str) -> Result<String, ReadError> {
        let arena = Arena::new(1 << 24);
        read(&arena, text).map(|value| value.to_string())
    }

    #[test]
    fn json_is_read_with_numbers_as_written() {
        assert_eq!(
            printed(r#" [1.0, 1E3, -0, 1e400, {"b": [true, false, null], "a": {}, "b": 2}, []] "#).unwrap(),
            r#"[1.0, 1E3, -0, 1e400, {"a": {}, "b": 2}, []]"#
        );
    }

    #[test]
    fn escapes_are_undone() {
        assert_eq!(printed(r#""a\u00e9\n\ud83d\ude00\/""#).unwrap(), "\"aé\\n\u{1F600}/\"");
        assert_eq!(printed(r#""\ud800x\udc00""#).unwrap(), "\"\u{FFFD}x\u{FFFD}\"");
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in [
            "",
            "1 2",
            "[1,]",
            "{\"a\" 1}",
            "{a: 1}",
            "01",
            "1.",
            "-",
            "1e",
            "nul",
            "\"",
            "\"\u{1}\"",
            "\"\\x\"",
            "[",
            "{",
        ] {
            assert!(matches!(printed(text), Err(ReadError::Invalid(_))), "{text}");
        }
        assert_eq!(printed("1e1000000"), Err(ReadError::TooBig));
        assert_eq!(printed(&"[".repeat(100_000)), Err(ReadError::TooDeep));
    }
}
