//! Strings: searched, compared by their ends, put together, turned into others.
//!
//! Positions and lengths count letters (code points), never bytes.

use tollgate_rego_value::{Val, arithmetic};

use crate::shape::{NUMBERS, STRING_SET, STRINGS};
use crate::{Builtin, Call, Error, Type, operand};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function(
        "concat",
        &[("delimiter", Type::String), ("collection", Type::Union(&[STRINGS, STRING_SET]))],
        Type::String,
        concat,
    ),
    Builtin::function(
        "contains",
        &[("haystack", Type::String), ("needle", Type::String)],
        Type::Boolean,
        contains,
    ),
    Builtin::function(
        "endswith",
        &[("search", Type::String), ("base", Type::String)],
        Type::Boolean,
        ends_with,
    ),
    Builtin::function(
        "format_int",
        &[("number", Type::Number), ("base", Type::Number)],
        Type::String,
        format_int,
    ),
    Builtin::function(
        "indexof",
        &[("haystack", Type::String), ("needle", Type::String)],
        Type::Number,
        index_of,
    ),
    Builtin::function(
        "indexof_n",
        &[("haystack", Type::String), ("needle", Type::String)],
        NUMBERS,
        index_of_n,
    ),
    Builtin::function("lower", &[("x", Type::String)], Type::String, lower),
    Builtin::function(
        "startswith",
        &[("search", Type::String), ("base", Type::String)],
        Type::Boolean,
        starts_with,
    ),
    Builtin::function(
        "strings.any_prefix_match",
        &[
            ("search", Type::Union(&[Type::String, STRINGS, STRING_SET])),
            ("base", Type::Union(&[Type::String, STRINGS, STRING_SET])),
        ],
        Type::Boolean,
        any_prefix_match,
    ),
    Builtin::function(
        "strings.any_suffix_match",
        &[
            ("search", Type::Union(&[Type::String, STRINGS, STRING_SET])),
            ("base", Type::Union(&[Type::String, STRINGS, STRING_SET])),
        ],
        Type::Boolean,
        any_suffix_match,
    ),
    Builtin::function(
        "strings.count",
        &[("search", Type::String), ("substring", Type::String)],
        Type::Number,
        count,
    ),
    Builtin::function("strings.reverse", &[("x", Type::String)], Type::String, reverse),
    Builtin::function(
        "substring",
        &[("value", Type::String), ("offset", Type::Number), ("length", Type::Number)],
        Type::String,
        substring,
    ),
    Builtin::function("upper", &[("x", Type::String)], Type::String, upper),
];

/// Two strings, paid for.
pub(crate) fn pair<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<(&'a str, &'a str), Error> {
    let (a, b) = (operand::string(args, 1)?, operand::string(args, 2)?);
    call.spend_text(a.len().saturating_add(b.len()))?;
    Ok((a, b))
}

fn concat<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let delimiter = operand::string(args, 1)?;
    let collection = operand::any(args, 2)?;
    let Some(items) = operand::items_of(&collection) else {
        return Err(operand::wrong(2, &collection, &["set", "array"]));
    };
    call.spend(items.len())?;
    let parts = operand::strings(args, 2)?;
    if let [only] = parts.as_slice() {
        return Ok(Val::String(only));
    }
    let length = parts
        .iter()
        .fold(0_usize, |sum, part| sum.saturating_add(part.len()).saturating_add(delimiter.len()));
    if length > call.room() {
        return Err(Error::Limit);
    }
    call.string(&parts.join(delimiter))
}

fn contains<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (text, part) = pair(call, args)?;
    Ok(Val::Bool(text.contains(part)))
}

fn ends_with<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (text, end) = (operand::string(args, 1)?, operand::string(args, 2)?);
    call.spend_text(end.len())?;
    Ok(Val::Bool(text.ends_with(end)))
}

fn starts_with<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (text, beginning) = (operand::string(args, 1)?, operand::string(args, 2)?);
    call.spend_text(beginning.len())?;
    Ok(Val::Bool(text.starts_with(beginning)))
}

fn format_int<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let number = operand::number(args, 1)?;
    let base = match operand::number(args, 2)? {
        Val::Int(base @ (2 | 8 | 10 | 16)) => u32::try_from(base).unwrap_or(10),
        _ => return Err(Error::Type("operand 2 must be one of {2, 8, 10, 16}".to_owned())),
    };
    crate::arithmetic::pay(call, &[number])?;
    let exact = match number {
        Val::Number(text) if text.contains(['.', 'e', 'E']) => {
            number.as_int().filter(|_| base == 10).map(Into::into)
        }
        other => other.as_integer()?,
    };
    let whole = match exact {
        Some(whole) => whole,
        None => arithmetic::truncate(&number, 1)?,
    };
    call.string(&whole.to_str_radix(base))
}

/// How many letters stand before the byte at a position.
fn letters(text: &str, bytes: usize) -> i64 {
    let count = text.get(..bytes).map_or(0, |before| before.chars().count());
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn searched<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<(&'a str, &'a str), Error> {
    let (text, part) = pair(call, args)?;
    if part.is_empty() { Err(Error::Failed("empty search character".to_owned())) } else { Ok((text, part)) }
}

fn index_of<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (text, part) = searched(call, args)?;
    Ok(Val::Int(text.find(part).map_or(-1, |at| letters(text, at))))
}

fn index_of_n<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (text, part) = searched(call, args)?;
    let mut found = Vec::new();
    let mut rest = text;
    let mut passed = 0_i64;
    while let Some(at) = rest.find(part) {
        call.spend(1)?;
        passed = passed.saturating_add(letters(rest, at));
        found.push(Val::Int(passed));
        // Those that overlap count too: the next search begins one letter further.
        let width = part.chars().next().map_or(1, char::len_utf8);
        rest = rest.get(at.saturating_add(width)..).unwrap_or_default();
        call.spend_text(part.len())?;
        passed = passed.saturating_add(1);
    }
    call.array(&found)
}

/// Letter by letter, where one letter becomes one letter.
fn mapped<'a>(call: &Call<'a, '_>, args: &[Val<'a>], map: impl Fn(char) -> char) -> Result<Val<'a>, Error> {
    let text = operand::string(args, 1)?;
    call.spend_text(text.len())?;
    if text.chars().all(|letter| map(letter) == letter) {
        return Ok(Val::String(text));
    }
    call.string(&text.chars().map(map).collect::<String>())
}

fn lower<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    // The dotted capital i is the only letter whose small form is two; Go takes the first.
    mapped(call, args, |letter| letter.to_lowercase().next().unwrap_or(letter))
}

fn upper<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    mapped(call, args, |letter| {
        let mut upper = letter.to_uppercase();
        match (upper.next(), upper.next()) {
            (Some(one), None) => one,
            _ => letter,
        }
    })
}

/// The strings of an argument: one, or those of a list or set.
fn one_or_more<'a>(args: &[Val<'a>], position: usize) -> Result<Vec<&'a str>, Error> {
    match operand::any(args, position)? {
        Val::String(text) => Ok(vec![text]),
        Val::Array(_) | Val::DocumentArray(_) | Val::Set(_) => operand::strings(args, position),
        other => Err(operand::wrong(position, &other, &["string", "set", "array"])),
    }
}

fn any_match<'a>(
    call: &Call<'a, '_>,
    args: &[Val<'a>],
    matches: impl Fn(&str, &str) -> bool,
) -> Result<Val<'a>, Error> {
    let (texts, ends) = (one_or_more(args, 1)?, one_or_more(args, 2)?);
    call.spend(texts.len().saturating_mul(ends.len()))?;
    Ok(Val::Bool(texts.iter().any(|text| ends.iter().any(|end| matches(text, end)))))
}

fn any_prefix_match<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    any_match(call, args, |text, beginning| text.starts_with(beginning))
}

fn any_suffix_match<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    any_match(call, args, |text, end| text.ends_with(end))
}

fn count<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (text, part) = pair(call, args)?;
    Ok(Val::Int(i64::try_from(text.matches(part).count()).unwrap_or(i64::MAX)))
}

fn reverse<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let text = operand::string(args, 1)?;
    call.string(&text.chars().rev().collect::<String>())
}

fn substring<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let text = operand::string(args, 1)?;
    let (offset, length) = (operand::int(args, 2)?, operand::int(args, 3)?);
    call.spend_text(text.len())?;
    let Ok(offset) = usize::try_from(offset) else {
        return Err(Error::Failed("negative offset".to_owned()));
    };
    let byte = |text: &str, letters: usize| text.char_indices().nth(letters).map_or(text.len(), |(at, _)| at);
    let rest = text.get(byte(text, offset)..).unwrap_or_default();
    let end = usize::try_from(length).map_or(rest.len(), |length| byte(rest, length));
    Ok(Val::String(rest.get(..end).unwrap_or_default()))
}
