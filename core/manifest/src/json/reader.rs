//! The JSON reader itself: one pass, recursive, bounded before it recurses.

use std::sync::Arc;

use tollgate_vocabulary::{Number, Step, Value};

use super::sink::{Sink, Stop};
use crate::{Limits, ReadError};

/// Keys that were read lately, so that `name` and `metadata` are one allocation however often they stand.
const LATELY: usize = 128;

pub(super) struct Reader<'t, S> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    levels: usize,
    nodes: usize,
    keys: Vec<Option<Arc<str>>>,
    /// entries of all objects that are open, the innermost last: each object's are taken off at once when it closes
    entries: Vec<(Arc<str>, Value)>,
    /// the same for the items of lists
    items: Vec<Value>,
    pub(super) sink: S,
}

/// Why reading stopped.
pub(super) enum Fault {
    At { message: String, offset: usize },
    Told(ReadError),
    Duplicate,
}

type Read<T> = Result<T, Fault>;

impl From<Stop> for Fault {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Duplicate => Self::Duplicate,
            Stop::Error(error) => Self::Told(error),
        }
    }
}

impl<'t, S: Sink> Reader<'t, S> {
    pub(super) fn new(text: &'t str, limits: &Limits, sink: S) -> Self {
        let (levels, nodes) = (limits.levels(), limits.nodes);
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            levels,
            nodes,
            keys: vec![None; LATELY],
            entries: Vec::new(),
            items: Vec::new(),
            sink,
        }
    }

    /// The one value of the text.
    pub(super) fn only(&mut self) -> Read<(Value, S::Tree)> {
        let Some(read) = self.next()? else {
            return self.fail("the input is empty, where JSON should stand");
        };
        self.skip_space();
        if self.at < self.bytes.len() { self.fail("something follows the JSON value") } else { Ok(read) }
    }

    /// The next value, where one follows.
    pub(super) fn next(&mut self) -> Read<Option<(Value, S::Tree)>> {
        self.skip_space();
        if self.at == self.bytes.len() { Ok(None) } else { self.value(self.levels).map(Some) }
    }

    fn value(&mut self, levels: usize) -> Read<(Value, S::Tree)> {
        self.nodes = match self.nodes.checked_sub(1) {
            Some(left) => left,
            None => return self.fail("there are more values than the limit"),
        };
        let start = self.at;
        let mark = self.sink.mark(start);
        let value = match self.peek() {
            Some(b'{') => return self.object(mark, self.enter(levels)?),
            Some(b'[') => return self.array(mark, self.enter(levels)?),
            Some(b'"') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            Some(_) => return self.fail("no JSON value begins like this"),
            None => return self.fail("the input ends where a value should stand"),
        };
        Ok((value, self.sink.scalar(mark, self.at)))
    }

    fn enter(&self, levels: usize) -> Read<usize> {
        match levels.checked_sub(1) {
            Some(left) => Ok(left),
            None => self.fail(format!("deeper than {} levels", self.levels)),
        }
    }

    fn object(&mut self, mark: S::Mark, levels: usize) -> Read<(Value, S::Tree)> {
        self.at += 1;
        let (base, mut places) = (self.entries.len(), Vec::new());
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.at += 1;
        } else {
            loop {
                self.skip_space();
                if self.peek() != Some(b'"') {
                    return self.fail("a key in double quotes should stand here");
                }
                let key_mark = self.sink.mark(self.at);
                let key = self.key()?;
                let key_place = self.sink.key(key_mark, self.at);
                self.skip_space();
                if self.peek() != Some(b':') {
                    return self.fail("`:` should stand here, behind the key");
                }
                self.at += 1;
                self.skip_space();
                self.sink.enter(|| Step::Key(key.clone()));
                let (value, place) = self.value(levels)?;
                self.sink.leave();
                self.entries.push((key, value));
                places.push((key_place, place));
                if !self.more(b'}', "`,` or `}` should stand here")? {
                    break;
                }
            }
        }
        let entries = self.entries.split_off(base);
        let (map, tree) = self.sink.object(mark, self.at, entries, places)?;
        Ok((Value::Object(map), tree))
    }

    fn array(&mut self, mark: S::Mark, levels: usize) -> Read<(Value, S::Tree)> {
        self.at += 1;
        let (base, mut places) = (self.items.len(), Vec::new());
        self.skip_space();
        if self.peek() == Some(b']') {
            self.at += 1;
        } else {
            loop {
                self.skip_space();
                let index = self.items.len() - base;
                self.sink.enter(|| Step::Index(index));
                let (value, place) = self.value(levels)?;
                self.sink.leave();
                self.items.push(value);
                places.push(place);
                if !self.more(b']', "`,` or `]` should stand here")? {
                    break;
                }
            }
        }
        let items = self.items.split_off(base);
        Ok((Value::Array(items), self.sink.array(mark, self.at, places)))
    }

    /// Behind an entry: whether another follows.
    fn more(&mut self, close: u8, expected: &str) -> Read<bool> {
        self.skip_space();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            _ => self.fail(expected),
        }
    }

    fn key(&mut self) -> Read<Arc<str>> {
        let start = self.at + 1;
        let Some(plain) = self.plain()? else { return self.escaped(start) };
        let bytes = plain.as_bytes();
        let byte = |at: usize| bytes.get(at).map_or(0, |byte| usize::from(*byte));
        let (length, middle) = (bytes.len(), byte(bytes.len() / 2));
        let slot = (length.wrapping_mul(31)
            ^ byte(2).wrapping_mul(7)
            ^ middle.wrapping_mul(17)
            ^ byte(length.wrapping_sub(1)))
            % LATELY;
        match self.keys.get_mut(slot) {
            Some(Some(key)) if **key == *plain => Ok(key.clone()),
            Some(kept) => Ok(kept.insert(plain.into()).clone()),
            None => Ok(plain.into()),
        }
    }

    fn string(&mut self) -> Read<Arc<str>> {
        let start = self.at + 1;
        match self.plain()? {
            Some(plain) => Ok(plain.into()),
            None => self.escaped(start),
        }
    }

    /// The string that opens here, where no escape stands in it; else stops at the first.
    fn plain(&mut self) -> Read<Option<&'t str>> {
        let start = self.at + 1;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let Some(length) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)) else {
            self.at = self.bytes.len();
            return self.fail("the input ends within a string");
        };
        self.at = start + length;
        match rest.get(length) {
            Some(b'"') => {
                self.at += 1;
                Ok(self.text.get(start..start + length))
            }
            Some(b'\\') => Ok(None),
            _ => self.fail("a control character stands in a string; JSON wants it escaped"),
        }
    }

    /// The string that began at `start` and has its first escape here.
    fn escaped(&mut self, start: usize) -> Read<Arc<str>> {
        let mut out = self.text.get(start..self.at).unwrap_or_default().to_owned();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out.into());
                }
                Some(b'\\') => out.push(self.escape()?),
                Some(0..=0x1f) => {
                    return self.fail("a control character stands in a string; JSON wants it escaped");
                }
                Some(_) => {
                    let rest = self.bytes.get(self.at..).unwrap_or_default();
                    let length = rest
                        .iter()
                        .position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f))
                        .unwrap_or(rest.len());
                    out.push_str(self.text.get(self.at..self.at + length).unwrap_or_default());
                    self.at += length;
                }
                None => return self.fail("the input ends within a string"),
            }
        }
    }

    fn escape(&mut self) -> Read<char> {
        let character = match self.bytes.get(self.at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return self.fail("JSON knows no such escape"),
        };
        self.at += 2;
        Ok(character)
    }

    /// `\u` and four digits, or two of them that are a surrogate pair.
    fn unicode(&mut self) -> Read<char> {
        let Some(first) = self.four_digits(self.at + 2) else {
            return self.fail("four hexadecimal digits should follow `\\u`");
        };
        if let Some(character) = char::from_u32(first) {
            self.at += 6;
            return Ok(character);
        }
        let paired = self.bytes.get(self.at + 6..self.at + 8) == Some(br"\u");
        let second = if paired { self.four_digits(self.at + 8) } else { None };
        match (first, second) {
            (0xd800..=0xdbff, Some(second @ 0xdc00..=0xdfff)) => {
                let joined = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                self.at += 12;
                char::from_u32(joined).map_or_else(|| self.fail("this is half a surrogate pair"), Ok)
            }
            _ => self.fail("this is half a surrogate pair, which stands for no character"),
        }
    }

    fn four_digits(&self, at: usize) -> Option<u32> {
        let digits = self.bytes.get(at..at + 4)?;
        digits.iter().try_fold(0, |number, byte| Some(number * 16 + char::from(*byte).to_digit(16)?))
    }

    fn number(&mut self) -> Read<Value> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest
            .iter()
            .position(|byte| !matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
            .unwrap_or(rest.len());
        let text = self.text.get(self.at..self.at + length).unwrap_or_default();
        let text = if text == "-0" { "0" } else { text };
        match Number::parse(text) {
            Some(number) => {
                self.at += length;
                Ok(Value::Number(number))
            }
            None => self.fail("this is not a number of JSON's"),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Read<Value> {
        if self.bytes.get(self.at..self.at + word.len()) == Some(word.as_bytes()) {
            self.at += word.len();
            Ok(value)
        } else {
            self.fail("no JSON value begins like this")
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    #[cold]
    fn fail<T>(&self, message: impl Into<String>) -> Read<T> {
        Err(Fault::At { message: message.into(), offset: self.at })
    }
}
