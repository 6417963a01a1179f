//! Queries of URLs, as Go's `net/url` writes and reads them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use tollgate_rego_value::Val;

use crate::cost::of_text;
use crate::operand::{any, items_of, string, wrong};
use crate::quote::quoted;
use crate::{Builtin, Call, Error, Type};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function("urlquery.decode", &[("x", Type::String)], Type::String, decode),
    Builtin::function(
        "urlquery.decode_object",
        &[("x", Type::String)],
        Type::Object(&[], Some((&Type::String, &STRINGS))),
        decode_object,
    ),
    Builtin::function("urlquery.encode", &[("x", Type::String)], Type::String, encode),
    Builtin::function(
        "urlquery.encode_object",
        &[(
            "object",
            Type::Object(
                &[],
                Some((&Type::String, &Type::Union(&[Type::String, STRINGS, Type::Set(&Type::String)]))),
            ),
        )],
        Type::String,
        encode_object,
    ),
];

const STRINGS: Type = Type::Array(&[], Some(&Type::String));

/// How many parameters Go reads at most.
const MOST: usize = 10_000;

fn decode<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let text = string(args, 1)?;
    call.meter.spend(of_text(text))?;
    Ok(call.arena.string(&unescape(text)?)?)
}

fn decode_object<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let text = string(args, 1)?;
    call.meter.spend(of_text(text))?;
    if text.matches('&').count() >= MOST {
        return Err(Error::Failed("number of URL query parameters exceeded limit".to_owned()));
    }
    let mut query: BTreeMap<String, Vec<Val<'a>>> = BTreeMap::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        call.meter.spend(1)?;
        if pair.contains(';') {
            return Err(Error::Failed("invalid semicolon separator in query".to_owned()));
        }
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (key, value) = (unescape(key)?, unescape(value)?);
        query.entry(key).or_default().push(call.arena.string(&value)?);
    }
    let mut entries = Vec::new();
    for (key, values) in query {
        entries.push((call.arena.string(&key)?, call.arena.array(&values)?));
    }
    Ok(call.arena.object(entries)?)
}

fn encode<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let text = string(args, 1)?;
    call.meter.spend(of_text(text))?;
    Ok(call.arena.string(&escape(text))?)
}

fn encode_object<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let operand = any(args, 1)?;
    let object = operand.as_object().ok_or_else(|| wrong(1, &operand, &["object"]))?;
    let bad = || Error::Type("operand 1 values must be string, array[string], or set[string]".to_owned());
    let mut query: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (key, value) in object.iter() {
        let key = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
        let values = match value {
            Val::String(text) => vec![text],
            other => {
                let items = items_of(&other).ok_or_else(bad)?;
                items.iter().map(|item| item.as_str().ok_or_else(bad)).collect::<Result<_, _>>()?
            }
        };
        query.insert(key, values);
    }
    let mut out = String::new();
    for (key, values) in &query {
        let key = escape(key);
        for value in values {
            call.meter.spend(of_text(&key) + of_text(value))?;
            let and = if out.is_empty() { "" } else { "&" };
            // Writing to a string does not fail.
            let _ = write!(out, "{and}{key}={}", escape(value));
        }
    }
    Ok(call.arena.string(&out)?)
}

/// `text` as a part of a query.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            // Writing to a string does not fail.
            byte => drop(write!(out, "%{byte:02X}")),
        }
    }
    out
}

/// The text that a part of a query stands for; what is not UTF-8 then becomes U+FFFD.
fn unescape(text: &str) -> Result<String, Error> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'+' => out.push(b' '),
            b'%' => {
                let digit = |at: usize| after.get(at).and_then(|byte| char::from(*byte).to_digit(16));
                let byte = digit(0).zip(digit(1)).and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
                let Some(byte) = byte else {
                    let shown = after.get(..after.len().min(2)).unwrap_or_default();
                    let shown = format!("%{}", String::from_utf8_lossy(shown));
                    return Err(Error::Failed(format!("invalid URL escape {}", quoted(&shown))));
                };
                out.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            byte => out.push(*byte),
        }
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{eval, fails};

    #[test]
    fn text_is_escaped_and_read_back() {
        assert_eq!(eval("urlquery.encode", &[Val::String("a=b+1 ä~")]), r#""a%3Db%2B1+%C3%A4~""#);
        assert_eq!(eval("urlquery.decode", &[Val::String("a%3Db%2B1+%c3%a4~")]), r#""a=b+1 ä~""#);
        assert_eq!(fails("urlquery.decode", &[Val::String("a%zzb")]), r#"invalid URL escape "%zz""#);
        assert_eq!(fails("urlquery.decode", &[Val::String("%2")]), r#"invalid URL escape "%2""#);
    }

    #[test]
    fn queries_are_objects_of_lists() {
        let decode = |text| eval("urlquery.decode_object", &[Val::String(text)]);
        assert_eq!(decode("a=1&b=%26&a=2&&c"), r#"{"a": ["1", "2"], "b": ["&"], "c": [""]}"#);
        assert_eq!(decode(""), "{}");
        let bad = [Val::String("a;b")];
        assert_eq!(fails("urlquery.decode_object", &bad), "invalid semicolon separator in query");
    }

    #[test]
    fn objects_are_written_key_by_key() {
        let list = [Val::String("b+1"), Val::String("c")];
        let object = [(Val::String("a"), Val::Array(&list)), (Val::String("z"), Val::String("="))];
        assert_eq!(eval("urlquery.encode_object", &[Val::Object(&object)]), r#""a=b%2B1&a=c&z=%3D""#);
        let bad = [(Val::String("a"), Val::Null)];
        assert_eq!(
            fails("urlquery.encode_object", &[Val::Object(&bad)]),
            "operand 1 values must be string, array[string], or set[string]"
        );
    }
}
