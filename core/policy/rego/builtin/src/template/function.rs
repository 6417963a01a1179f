//! The functions that every template has.

use std::cmp::Ordering;
use std::fmt::Write as _;

use tollgate_rego_value::Val;

use super::item::Item;
use super::print::{shown, sprint, sprintf};
use crate::urlquery::escape;
use crate::{Call, Error};

const KNOWN: [&str; 20] = [
    "and", "call", "eq", "ge", "gt", "html", "index", "js", "le", "len", "lt", "ne", "not", "or", "print",
    "printf", "println", "slice", "urlquery", "",
];

/// Whether there is a function of that name.
pub(super) fn is_known(name: &str) -> bool {
    !name.is_empty() && KNOWN.contains(&name)
}

/// Why a call fails.
pub(super) enum Wrong {
    Message(String),
    Other(Error),
}

impl From<Error> for Wrong {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

impl From<tollgate_rego_value::Full> for Wrong {
    fn from(full: tollgate_rego_value::Full) -> Self {
        Self::Other(full.into())
    }
}

type Given<'a> = Result<Item<'a>, Wrong>;

/// Calls a function, but for `and` and `or`, which need not look at all that they are given.
pub(super) fn apply<'a>(call: &Call<'a, '_>, name: &str, items: &[Item<'a>]) -> Given<'a> {
    let first = items.first();
    match name {
        "not" => one(name, items).map(|item| Item::Bool(!item.is_true())),
        "len" => length(one(name, items)?),
        "index" => index(first.ok_or_else(|| few(name, 1))?, items.get(1..).unwrap_or_default()),
        "slice" => slice(call, first.ok_or_else(|| few(name, 1))?, items.get(1..).unwrap_or_default()),
        "print" => Ok(Item::Text(sprint(items))),
        "println" => {
            let parts: Vec<_> = items.iter().map(shown).collect();
            Ok(Item::Text(format!("{}\n", parts.join(" "))))
        }
        "printf" => match first {
            Some(Item::Text(format)) => Ok(Item::Text(sprintf(format, items.get(1..).unwrap_or_default()))),
            _ => Err(message("wrong type for value; expected string")),
        },
        "html" => Ok(Item::Text(html(&sprint(items)))),
        "js" => Ok(Item::Text(js(&sprint(items)))),
        "urlquery" => Ok(Item::Text(escape(&sprint(items)))),
        "eq" | "ne" | "lt" | "le" | "gt" | "ge" => compare(name, items),
        "call" => Err(message("non-function: no value of the data is one")),
        other => Err(message(&format!("function {other:?} not defined"))),
    }
}

fn one<'i, 'a>(name: &str, items: &'i [Item<'a>]) -> Result<&'i Item<'a>, Wrong> {
    match items {
        [one] => Ok(one),
        _ => Err(message(&format!("wrong number of args for {name}: want 1 got {}", items.len()))),
    }
}

fn few(name: &str, least: usize) -> Wrong {
    message(&format!("wrong number of args for {name}: want at least {least} got 0"))
}

fn length<'a>(item: &Item<'a>) -> Given<'a> {
    let length = match item {
        Item::Text(text) | Item::Number(text) => Some(text.len()),
        Item::Data(value) => value.len(),
        _ => None,
    };
    match length.and_then(|length| i64::try_from(length).ok()) {
        Some(length) => Ok(Item::Int(length)),
        None if matches!(item, Item::Nil | Item::Missing) => Err(message("len of nil pointer")),
        None => Err(message(&format!("len of type {}", item.type_name()))),
    }
}

fn index<'a>(item: &Item<'a>, keys: &[Item<'a>]) -> Given<'a> {
    let mut item = item.clone();
    for key in keys {
        item = match (&item, key) {
            (Item::Nil | Item::Missing, _) => return Err(message("index of untyped nil")),
            (Item::Data(value), key) => match (value.as_array(), value.as_object(), key) {
                (Some(items), _, Item::Int(at)) => {
                    let found = usize::try_from(*at).ok().and_then(|at| items.get(at));
                    Item::of(found.ok_or_else(|| message(&format!("index out of range: {at}")))?)
                }
                (Some(_), ..) => {
                    let kind = key.type_name();
                    return Err(message(&format!("cannot index slice/array with type {kind}")));
                }
                (_, Some(object), Item::Text(key)) => object.text(key).map_or(Item::Missing, Item::of),
                _ => return Err(message(&format!("value has type {}; should be string", key.type_name()))),
            },
            (Item::Text(text) | Item::Number(text), Item::Int(at)) => {
                let byte = usize::try_from(*at).ok().and_then(|at| text.as_bytes().get(at));
                Item::Int((*byte.ok_or_else(|| message(&format!("index out of range: {at}")))?).into())
            }
            (other, _) => return Err(message(&format!("can't index item of type {}", other.type_name()))),
        };
    }
    Ok(item)
}

fn slice<'a>(call: &Call<'a, '_>, item: &Item<'a>, keys: &[Item<'a>]) -> Given<'a> {
    let count = match item {
        Item::Text(text) | Item::Number(text) => text.len(),
        Item::Data(value) if value.as_array().is_some() => value.len().unwrap_or_default(),
        other => return Err(message(&format!("can't slice item of type {}", other.type_name()))),
    };
    if keys.len() > 2 {
        return Err(message(&format!("too many slice indexes: {}", keys.len())));
    }
    let at = |position: usize, default: usize| match keys.get(position) {
        None => Ok(default),
        Some(Item::Int(at)) => usize::try_from(*at)
            .ok()
            .filter(|at| *at <= count)
            .ok_or_else(|| message(&format!("index out of range: {at}"))),
        Some(other) => Err(message(&format!("cannot index slice/array with type {}", other.type_name()))),
    };
    let (from, to) = (at(0, 0)?, at(1, count)?);
    if from > to {
        return Err(message(&format!("invalid slice index: {from} > {to}")));
    }
    Ok(match item {
        Item::Data(value) => {
            let items: Vec<Val<'a>> = value
                .as_array()
                .into_iter()
                .flat_map(|items| items.iter())
                .skip(from)
                .take(to - from)
                .collect();
            Item::Data(call.arena.array(&items)?)
        }
        other => {
            let bytes = shown(other).into_bytes();
            Item::Text(String::from_utf8_lossy(bytes.get(from..to).unwrap_or_default()).into_owned())
        }
    })
}

fn compare<'a>(name: &str, items: &[Item<'a>]) -> Given<'a> {
    let [first, others @ ..] = items else { return Err(few(name, 1)) };
    if others.is_empty() {
        return Err(message("missing argument for comparison"));
    }
    if matches!(name, "eq" | "ne") {
        let mut any = false;
        for other in others {
            any |= equal(first, other)?;
            if any {
                break;
            }
        }
        return Ok(Item::Bool(any == (name == "eq")));
    }
    let [other] = others else {
        return Err(message(&format!("wrong number of args for {name}: want 2 got {}", items.len())));
    };
    let order = match (first, other) {
        (Item::Int(a), Item::Int(b)) => a.cmp(b),
        (Item::Float(a), Item::Float(b)) => a.partial_cmp(b).unwrap_or(Ordering::Equal),
        (Item::Text(a) | Item::Number(a), Item::Text(b) | Item::Number(b)) => a.cmp(b),
        (Item::Bool(_) | Item::Nil | Item::Missing | Item::Data(_), _)
        | (_, Item::Nil | Item::Missing | Item::Data(_)) => {
            return Err(message("invalid type for comparison"));
        }
        (a, b) => return Err(incompatible(a, b)),
    };
    Ok(Item::Bool(match name {
        "lt" => order.is_lt(),
        "le" => order.is_le(),
        "gt" => order.is_gt(),
        _ => order.is_ge(),
    }))
}

fn equal(a: &Item<'_>, b: &Item<'_>) -> Result<bool, Wrong> {
    let none = |item: &Item<'_>| matches!(item, Item::Nil | Item::Missing);
    match (a, b) {
        (Item::Bool(a), Item::Bool(b)) => Ok(a == b),
        (Item::Int(a), Item::Int(b)) => Ok(a == b),
        #[expect(clippy::float_cmp, reason = "as Go compares")]
        (Item::Float(a), Item::Float(b)) => Ok(a == b),
        (Item::Text(a) | Item::Number(a), Item::Text(b) | Item::Number(b)) => Ok(a == b),
        (a, b) if none(a) || none(b) => Ok(none(a) && none(b)),
        (Item::Data(_), Item::Data(_)) => {
            Err(message(&format!("non-comparable type {}: {}", shown(a), a.type_name())))
        }
        (a, b) => Err(incompatible(a, b)),
    }
}

fn incompatible(a: &Item<'_>, b: &Item<'_>) -> Wrong {
    message(&format!("incompatible types for comparison: {} and {}", a.type_name(), b.type_name()))
}

fn html(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '\0' => out.push(char::REPLACEMENT_CHARACTER),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
        out
    })
}

fn js(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("\\'"),
            '"' => out.push_str("\\\""),
            // Writing to a string does not fail.
            c if c < ' ' || "<>&=".contains(c) => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
        out
    })
}

fn message(text: &str) -> Wrong {
    Wrong::Message(text.to_owned())
}
