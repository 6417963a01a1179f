//! Values as text, as Rego prints them: JSON with a blank behind `,` and `:`, sets in braces, strings quoted as Go
//! quotes them.
//!
//! INVARIANT: nothing here recurs, however deep a value nests.

use std::fmt::{self, Write};

use crate::Val;

impl fmt::Display for Val<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is open, and which of its parts comes next.
        let mut open: Vec<(Val<'_>, usize)> = Vec::new();
        enter(f, self, &mut open)?;
        while let Some((whole, at)) = open.last_mut() {
            let Some(part) = whole.part(*at) else {
                f.write_str(if whole.as_array().is_some() { "]" } else { "}" })?;
                open.pop();
                continue;
            };
            let is_value = whole.as_object().is_some() && *at % 2 == 1;
            if *at > 0 {
                f.write_str(if is_value { ": " } else { ", " })?;
            }
            *at = at.saturating_add(1);
            enter(f, &part, &mut open)?;
        }
        Ok(())
    }
}

/// Writes a simple value, or opens one that has parts.
fn enter<'a>(f: &mut impl Write, value: &Val<'a>, open: &mut Vec<(Val<'a>, usize)>) -> fmt::Result {
    match value {
        Val::Null => f.write_str("null"),
        Val::Bool(true) => f.write_str("true"),
        Val::Bool(false) => f.write_str("false"),
        Val::Int(number) => write!(f, "{number}"),
        Val::Number(text) => f.write_str(text),
        Val::String(text) => quoted(f, text),
        Val::Set([]) => f.write_str("set()"),
        Val::Array(_) | Val::DocumentArray(_) => {
            open.push((*value, 0));
            f.write_str("[")
        }
        Val::Object(_) | Val::DocumentObject(_) | Val::Set(_) => {
            open.push((*value, 0));
            f.write_str("{")
        }
    }
}

/// A string in quotes, what cannot be printed escaped.
fn quoted(f: &mut impl Write, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for letter in text.chars() {
        match letter {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            ' '..='~' => f.write_char(letter)?,
            '\x07' => f.write_str("\\a")?,
            '\x08' => f.write_str("\\b")?,
            '\x0c' => f.write_str("\\f")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            '\x0b' => f.write_str("\\v")?,
            '\0'..='\x7f' => write!(f, "\\x{:02x}", u32::from(letter))?,
            _ if is_printed(letter) => f.write_char(letter)?,
            '\u{80}'..='\u{ffff}' => write!(f, "\\u{:04x}", u32::from(letter))?,
            _ => write!(f, "\\U{:08x}", u32::from(letter))?,
        }
    }
    f.write_char('"')
}

/// Whether a letter beyond ASCII stands for itself: no control, no blank, none unassigned.
fn is_printed(letter: char) -> bool {
    // Behind another letter, marks that extend it are printed too.
    let mut bytes = [b'a'; 5];
    let length = match bytes.get_mut(1..) {
        Some(rest) => letter.encode_utf8(rest).len(),
        None => return false,
    };
    let text = bytes.get(..length.saturating_add(1)).and_then(|text| std::str::from_utf8(text).ok());
    text.is_some_and(|text| text.escape_debug().nth(1) == Some(letter))
}

#[cfg(test)]
mod tests {
    use crate::{Arena, Val};

    #[test]
    fn values_are_printed_as_rego_prints_them() {
        let arena = Arena::new(1 << 20);
        let set = arena.set(vec![Val::Int(2), Val::Int(1), Val::String("a")]).unwrap();
        let object = arena.object(vec![(Val::String("b"), set), (Val::Int(1), Val::Null)]).unwrap();
        let array = arena.array(&[object, Val::Number("1.0"), Val::Set(&[]), Val::Array(&[])]).unwrap();
        assert_eq!(array.to_string(), r#"[{1: null, "b": {1, 2, "a"}}, 1.0, set(), []]"#);
        assert_eq!(Val::Object(&[]).to_string(), "{}");
    }

    #[test]
    fn strings_are_quoted_as_go_quotes_them() {
        let text = "\u{8}\u{c}\n\u{1}\u{7f}\u{2028}<>&é\u{1F600}\u{a0}\u{200b}e\u{301}";
        let quoted = Val::String(text).to_string();
        assert_eq!(quoted, "\"\\b\\f\\n\\x01\\x7f\\u2028<>&é\u{1F600}\\u00a0\\u200be\u{301}\"");
    }

    #[test]
    fn a_value_as_deep_as_memory_allows_is_printed() {
        let arena = Arena::new(1 << 26);
        let mut value = Val::Null;
        for _ in 0..100_000 {
            value = arena.array(&[value]).unwrap();
        }
        assert_eq!(value.to_string().len(), 200_004);
    }
}
