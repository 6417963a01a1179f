//! Values as JSON, as Go writes it: no blanks, `<`, `>` and `&` escaped, objects sorted by the text of their keys.
//! Sets become sorted lists, and keys that are no strings become their own JSON text.

use std::fmt::{self, Write};

use tollgate_vocabulary::{Map, Number, Value};

use crate::Val;

/// How deep a value may nest that leaves the evaluation, or enters it.
pub const DEPTH: usize = 512;

/// How many values one document may hold that leaves the evaluation.
const PARTS: usize = 1 << 20;
/// How long a key may be that is a value's JSON, in bytes.
const KEY: usize = 1 << 20;

/// Why a value has no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unprintable {
    /// it nests deeper than [`DEPTH`]
    TooDeep,
    /// its text is longer than allowed
    TooLong,
}

impl From<fmt::Error> for Unprintable {
    fn from(_: fmt::Error) -> Self {
        Self::TooLong
    }
}

/// Where lines begin, where JSON is written in lines.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'t> {
    /// what each line but the first begins with
    pub prefix: &'t str,
    /// what follows, once for each level
    pub indent: &'t str,
}

impl Val<'_> {
    /// This as JSON of at most `limit` bytes.
    ///
    /// # Errors
    /// It nests too deep, or its text is too long.
    pub fn json(&self, lines: Option<Lines<'_>>, limit: usize) -> Result<String, Unprintable> {
        let mut out = Bounded::new(limit);
        Writer { out: &mut out, lines }.value(self, 0)?;
        Ok(out.text)
    }

    /// This as Rego prints it, in at most `limit` bytes.
    ///
    /// # Errors
    /// Its text is too long.
    pub fn print(&self, limit: usize) -> Result<String, Unprintable> {
        let mut out = Bounded::new(limit);
        write!(out, "{self}")?;
        Ok(out.text)
    }

    /// This as a document: sets become sorted lists, keys that are no strings their JSON text.
    ///
    /// # Errors
    /// It nests deeper than [`DEPTH`], or has more parts than a document may: what is shared counts each time.
    pub fn to_document(&self) -> Result<Value, Unprintable> {
        self.document(0, &mut { PARTS })
    }

    fn document(&self, depth: usize, left: &mut usize) -> Result<Value, Unprintable> {
        if depth > DEPTH {
            return Err(Unprintable::TooDeep);
        }
        *left = left.checked_sub(1).ok_or(Unprintable::TooLong)?;
        let below = depth.saturating_add(1);
        Ok(match self {
            Val::Null => Value::Null,
            Val::Bool(truth) => Value::Bool(*truth),
            Val::Int(number) => Value::Number((*number).into()),
            Val::Number(text) => Number::parse(text).map_or(Value::Null, Value::Number),
            Val::String(text) => Value::from(*text),
            Val::DocumentArray(items) => {
                items.iter().try_for_each(|item| count(item, left))?;
                Value::Array(items.to_vec())
            }
            Val::DocumentObject(map) => {
                map.iter().try_for_each(|(_, value)| count(value, left))?;
                Value::Object((*map).clone())
            }
            Val::Array(items) | Val::Set(items) => {
                Value::Array(items.iter().map(|item| item.document(below, left)).collect::<Result<_, _>>()?)
            }
            Val::Object(entries) => {
                let mut map = Map::default();
                for (key, value) in *entries {
                    let key = match key {
                        Val::String(key) => (*key).into(),
                        key => key.json(None, KEY)?.into(),
                    };
                    map.insert(key, value.document(below, left)?);
                }
                Value::Object(map)
            }
        })
    }
}

/// Counts the parts of a document that is copied. Recurs as deep as the document, which its reader has bounded.
fn count(value: &Value, left: &mut usize) -> Result<(), Unprintable> {
    *left = left.checked_sub(1).ok_or(Unprintable::TooLong)?;
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| count(item, left)),
        Value::Object(map) => map.iter().try_for_each(|(_, value)| count(value, left)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

/// Text that takes no more than it may.
struct Bounded {
    text: String,
    left: usize,
}

impl Bounded {
    const fn new(limit: usize) -> Self {
        Self { text: String::new(), left: limit }
    }
}

impl Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.left = self.left.checked_sub(text.len()).ok_or(fmt::Error)?;
        self.text.push_str(text);
        Ok(())
    }
}

struct Writer<'o, 't> {
    out: &'o mut Bounded,
    lines: Option<Lines<'t>>,
}

impl Writer<'_, '_> {
    fn value(&mut self, value: &Val<'_>, depth: usize) -> Result<(), Unprintable> {
        if depth > DEPTH {
            return Err(Unprintable::TooDeep);
        }
        match value {
            Val::Null => self.out.write_str("null")?,
            Val::Bool(truth) => write!(self.out, "{truth}")?,
            Val::Int(number) => write!(self.out, "{number}")?,
            Val::Number(text) => self.out.write_str(text)?,
            Val::String(text) => quoted(self.out, text)?,
            Val::Set(items) => self.items(items.iter().copied(), depth)?,
            Val::Array(_) | Val::DocumentArray(_) => {
                self.items(value.as_array().into_iter().flat_map(|array| array.iter()), depth)?;
            }
            Val::Object(_) | Val::DocumentObject(_) => self.entries(value, depth)?,
        }
        Ok(())
    }

    fn items<'a>(&mut self, items: impl Iterator<Item = Val<'a>>, depth: usize) -> Result<(), Unprintable> {
        self.out.write_str("[")?;
        let mut any = false;
        for item in items {
            self.next(any, depth)?;
            any = true;
            self.value(&item, depth.saturating_add(1))?;
        }
        self.end(any, depth)?;
        Ok(self.out.write_str("]")?)
    }

    fn entries(&mut self, object: &Val<'_>, depth: usize) -> Result<(), Unprintable> {
        let Some(object) = object.as_object() else { return Ok(()) };
        self.out.write_str("{")?;
        let mut any = false;
        if object.iter().all(|(key, _)| key.as_str().is_some()) {
            for (key, value) in object.iter() {
                self.entry(any, key.as_str().unwrap_or_default(), &value, depth)?;
                any = true;
            }
        } else {
            let mut named = std::collections::BTreeMap::new();
            for (key, value) in object.iter() {
                let name = match key {
                    Val::String(name) => name.to_owned(),
                    key => {
                        let mut out = Bounded::new(self.out.left);
                        Writer { out: &mut out, lines: None }.value(&key, depth.saturating_add(1))?;
                        out.text
                    }
                };
                named.insert(name, value);
            }
            for (name, value) in &named {
                self.entry(any, name, value, depth)?;
                any = true;
            }
        }
        self.end(any, depth)?;
        Ok(self.out.write_str("}")?)
    }

    fn entry(&mut self, any: bool, key: &str, value: &Val<'_>, depth: usize) -> Result<(), Unprintable> {
        self.next(any, depth)?;
        quoted(self.out, key)?;
        self.out.write_str(if self.lines.is_some() { ": " } else { ":" })?;
        self.value(value, depth.saturating_add(1))
    }

    /// What stands before a part.
    fn next(&mut self, any: bool, depth: usize) -> fmt::Result {
        if any {
            self.out.write_str(",")?;
        }
        self.line(depth.saturating_add(1))
    }

    /// What stands before the closing bracket.
    fn end(&mut self, any: bool, depth: usize) -> fmt::Result {
        if any { self.line(depth) } else { Ok(()) }
    }

    fn line(&mut self, depth: usize) -> fmt::Result {
        let Some(lines) = self.lines else { return Ok(()) };
        self.out.write_str("\n")?;
        self.out.write_str(lines.prefix)?;
        (0..depth).try_for_each(|_| self.out.write_str(lines.indent))
    }
}

/// A JSON string, with what HTML knows escaped.
fn quoted(out: &mut impl Write, text: &str) -> fmt::Result {
    out.write_str("\"")?;
    let mut plain = 0;
    for (at, letter) in text.char_indices() {
        let special =
            matches!(letter, '"' | '\\' | '\0'..='\x1f' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}');
        if !special {
            continue;
        }
        out.write_str(text.get(plain..at).unwrap_or_default())?;
        plain = at.saturating_add(letter.len_utf8());
        match letter {
            '"' => out.write_str("\\\"")?,
            '\\' => out.write_str("\\\\")?,
            '\x08' => out.write_str("\\b")?,
            '\x0c' => out.write_str("\\f")?,
            '\n' => out.write_str("\\n")?,
            '\r' => out.write_str("\\r")?,
            '\t' => out.write_str("\\t")?,
            other => write!(out, "\\u{:04x}", u32::from(other))?,
        }
    }
    out.write_str(text.get(plain..).unwrap_or_default())?;
    out.write_str("\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Arena;

    fn json(value: Val<'_>) -> String {
        value.json(None, usize::MAX).unwrap()
    }

    #[test]
    fn strings_are_escaped_as_go_escapes_them() {
        assert_eq!(
            json(Val::String("\u{8}\u{c}\n\r\t\u{1}\u{7f}\u{2028}<>&é\"\\")),
            "\"\\b\\f\\n\\r\\t\\u0001\u{7f}\\u2028\\u003c\\u003e\\u0026é\\\"\\\\\""
        );
    }

    #[test]
    fn objects_are_sorted_by_the_text_of_their_keys() {
        let arena = Arena::new(1 << 20);
        let list = arena.array(&[Val::Int(1), Val::String("a")]).unwrap();
        let object = arena
            .object(vec![
                (list, Val::Int(2)),
                (Val::Null, Val::Int(1)),
                (Val::Int(9), Val::Int(1)),
                (Val::Int(10), Val::Int(2)),
            ])
            .unwrap();
        assert_eq!(json(object), r#"{"10":2,"9":1,"[1,\"a\"]":2,"null":1}"#);
        let clash = arena.object(vec![(Val::Int(1), Val::Int(2)), (Val::String("1"), Val::Int(3))]).unwrap();
        assert_eq!(json(clash), r#"{"1":3}"#);
    }

    #[test]
    fn lines_begin_with_prefix_and_indent() {
        let arena = Arena::new(1 << 20);
        let list = arena.array(&[Val::Int(1), Val::Array(&[])]).unwrap();
        let object =
            arena.object(vec![(Val::String("a"), list), (Val::String("b"), Val::Object(&[]))]).unwrap();
        let lines = Lines { prefix: "#", indent: " " };
        assert_eq!(
            object.json(Some(lines), usize::MAX).unwrap(),
            "{\n# \"a\": [\n#  1,\n#  []\n# ],\n# \"b\": {}\n#}"
        );
    }

    #[test]
    fn what_is_too_deep_or_too_long_has_no_json() {
        let arena = Arena::new(1 << 24);
        let mut value = Val::Null;
        for _ in 0..=DEPTH {
            value = arena.array(&[value]).unwrap();
        }
        assert_eq!(value.json(None, usize::MAX), Err(Unprintable::TooDeep));
        assert_eq!(value.to_document(), Err(Unprintable::TooDeep));
        assert_eq!(Val::String("abc").json(None, 4), Err(Unprintable::TooLong));
        // Shared parts make a text that is far longer than the value is large.
        let mut shared = Val::Int(1);
        for _ in 0..60 {
            shared = arena.array(&[shared, shared]).unwrap();
        }
        assert_eq!(shared.json(None, 1000), Err(Unprintable::TooLong));
        assert_eq!(shared.print(1000), Err(Unprintable::TooLong));
        assert_eq!(shared.to_document(), Err(Unprintable::TooLong));
    }
}
