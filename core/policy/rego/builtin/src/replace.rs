//! Strings cut in pieces, and pieces replaced by others.

use tollgate_rego_value::Val;

use crate::shape::STRINGS;
use crate::string::pair;
use crate::{Builtin, Call, Error, Type, operand};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function(
        "replace",
        &[("x", Type::String), ("old", Type::String), ("new", Type::String)],
        Type::String,
        replace,
    ),
    Builtin::function("split", &[("x", Type::String), ("delimiter", Type::String)], STRINGS, split),
    Builtin::function(
        "strings.replace_n",
        &[("patterns", Type::Object(&[], Some((&Type::String, &Type::String)))), ("value", Type::String)],
        Type::String,
        replace_n,
    ),
    Builtin::function(
        "strings.split_n",
        &[("x", Type::String), ("delimiter", Type::String), ("n", Type::Number)],
        STRINGS,
        split_n,
    ),
];

/// The pieces of a text; letter by letter where the delimiter is empty.
fn pieces<'a>(text: &'a str, delimiter: &str) -> Vec<Val<'a>> {
    if delimiter.is_empty() {
        let letter = |(at, letter): (usize, char)| text.get(at..at.saturating_add(letter.len_utf8()));
        return text.char_indices().filter_map(letter).map(Val::String).collect();
    }
    text.split(delimiter).map(Val::String).collect()
}

fn split<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (text, delimiter) = pair(call, args)?;
    call.array(&pieces(text, delimiter))
}

fn split_n<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (text, delimiter) = pair(call, args)?;
    let count = operand::int(args, 3)?;
    let mut items = pieces(text, delimiter);
    call.spend(items.len())?;
    let most = usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX);
    if count < 0 {
        items.drain(..items.len().saturating_sub(most));
    } else {
        items.truncate(most);
    }
    call.array(&items)
}

fn replace<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (text, old) = pair(call, args)?;
    let new = operand::string(args, 3)?;
    replace_all(call, text, &[(old, new)])
}

fn replace_n<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let patterns = operand::object(args, 1)?;
    let text = operand::string(args, 2)?;
    let mut pairs = Vec::with_capacity(patterns.len());
    for (old, new) in patterns.iter() {
        let old = old.as_str().ok_or_else(|| wrong("key"))?;
        pairs.push((old, new.as_str().ok_or_else(|| wrong("value"))?));
    }
    replace_all(call, text, &pairs)
}

fn wrong(what: &str) -> Error {
    Error::Type(format!("operand 1 non-string {what} found in pattern object"))
}

/// Replaces in one pass. Where several would match, the first of the list does; what was put in is not looked at
/// again.
fn replace_all<'a>(call: &Call<'a, '_>, text: &'a str, pairs: &[(&str, &str)]) -> Result<Val<'a>, Error> {
    if pairs.iter().all(|(old, _)| !text.contains(old)) {
        call.spend_text(text.len().saturating_mul(pairs.len()))?;
        return Ok(Val::String(text));
    }
    let room = call.room();
    if let [(old, new)] = pairs
        && !old.is_empty()
    {
        let count = text.matches(old).count();
        if text.len().saturating_add(new.len().saturating_mul(count)) > room {
            return Err(Error::Limit);
        }
        return call.string(&text.replace(old, new));
    }
    let mut out = String::new();
    let mut rest = text;
    let mut empty_before = false;
    loop {
        call.spend(pairs.len().div_ceil(4))?;
        let found = pairs.iter().find(|(old, _)| rest.starts_with(old) && !(empty_before && old.is_empty()));
        empty_before = found.is_some_and(|(old, _)| old.is_empty());
        match (found, rest.chars().next()) {
            (Some((old, new)), _) => {
                out.push_str(new);
                rest = rest.get(old.len()..).unwrap_or_default();
            }
            (None, Some(letter)) => {
                out.push(letter);
                rest = rest.get(letter.len_utf8()..).unwrap_or_default();
            }
            (None, None) => break,
        }
        if rest.is_empty() && !pairs.iter().any(|(old, _)| old.is_empty()) {
            break;
        }
        if out.len() > room {
            return Err(Error::Limit);
        }
    }
    call.string(&out)
}
