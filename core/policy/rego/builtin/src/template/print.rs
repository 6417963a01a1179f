//! Values as Go's `fmt` prints them.

use std::fmt::Write as _;

use tollgate_rego_value::Val;

use super::item::Item;
use crate::quote::quoted;

/// As `%v`.
pub(super) fn shown(item: &Item<'_>) -> String {
    match item {
        Item::Missing => "<no value>".to_owned(),
        Item::Nil => "<nil>".to_owned(),
        Item::Bool(truth) => truth.to_string(),
        Item::Int(number) => number.to_string(),
        Item::Float(number) => general(*number),
        Item::Text(text) | Item::Number(text) => text.clone(),
        Item::Data(value) => data(value),
    }
}

fn data(value: &Val<'_>) -> String {
    let each = |item: Val<'_>| shown(&Item::of(item));
    if let Some(items) = value.as_array() {
        let items: Vec<_> = items.iter().map(each).collect();
        return format!("[{}]", items.join(" "));
    }
    let entries: Vec<_> = value
        .as_object()
        .map(|object| object.iter().map(|(key, value)| format!("{}:{}", each(key), each(value))).collect())
        .unwrap_or_default();
    format!("map[{}]", entries.join(" "))
}

/// As `Sprint`: blanks between two of which neither is text.
pub(super) fn sprint(items: &[Item<'_>]) -> String {
    let mut out = String::new();
    let mut after_text = true;
    for (at, item) in items.iter().enumerate() {
        let text = matches!(item, Item::Text(_) | Item::Number(_));
        if at > 0 && !text && !after_text {
            out.push(' ');
        }
        out.push_str(&shown(item));
        after_text = text;
    }
    out
}

fn general(number: f64) -> String {
    let magnitude = number.abs();
    if magnitude != 0.0 && !(1e-4..1e21).contains(&magnitude) {
        let text = format!("{number:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
        return format!("{mantissa}e{sign}{digits:0>2}");
    }
    format!("{number}")
}

/// As `Sprintf`, for the verbs `v`, `s`, `d`, `q`, `t`, `x`, `X`, `c`, `f`, `e` and `g`.
pub(super) fn sprintf(format: &str, items: &[Item<'_>]) -> String {
    let mut out = String::new();
    let mut items = items.iter();
    let mut rest = format;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let (verb, after) = Verb::read(after);
        rest = after;
        match verb.letter {
            None => out.push_str("%!(NOVERB)"),
            Some('%') => out.push('%'),
            Some(letter) => match items.next() {
                None => drop(write!(out, "%!{letter}(MISSING)")),
                Some(item) => out.push_str(&verb.pad(&verb.apply(letter, item))),
            },
        }
    }
    out.push_str(rest);
    let extra: Vec<_> = items.map(|item| format!("{}={}", item.type_name(), shown(item))).collect();
    if !extra.is_empty() {
        let _ = write!(out, "%!(EXTRA {})", extra.join(", "));
    }
    out
}

/// How wide anything may be made.
const WIDEST: usize = 1024;

/// A verb and its flags.
#[derive(Default)]
struct Verb {
    left: bool,
    plus: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
    letter: Option<char>,
}

impl Verb {
    fn read(text: &str) -> (Self, &str) {
        let mut verb = Self::default();
        let flags = text.find(|c| !"-+0# ".contains(c)).unwrap_or(text.len());
        let (flags, mut rest) = text.split_at_checked(flags).unwrap_or_default();
        (verb.left, verb.plus, verb.zero) = (flags.contains('-'), flags.contains('+'), flags.contains('0'));
        let number = |rest: &mut &str| {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let (digits, after) = rest.split_at_checked(end).unwrap_or_default();
            *rest = after;
            digits.parse::<usize>().unwrap_or_default().min(WIDEST)
        };
        // The text behind flags is what is left to read.
        let mut left: &str = rest;
        verb.width = number(&mut left);
        if let Some(after) = left.strip_prefix('.') {
            left = after;
            verb.precision = Some(number(&mut left));
        }
        verb.letter = left.chars().next();
        rest = left.get(verb.letter.map_or(0, char::len_utf8)..).unwrap_or_default();
        (verb, rest)
    }

    fn apply(&self, letter: char, item: &Item<'_>) -> String {
        let wrong = || format!("%!{letter}({}={})", item.type_name(), shown(item));
        let cut = |text: &str| match self.precision {
            Some(most) => text.chars().take(most).collect(),
            None => text.to_owned(),
        };
        let sign = if self.plus { "+" } else { "" };
        match (letter, item) {
            ('v', Item::Text(text) | Item::Number(text)) => cut(text),
            ('v', Item::Missing) => "<nil>".to_owned(),
            ('v', Item::Int(number)) if *number >= 0 => format!("{sign}{number}"),
            ('v', other) => shown(other),
            ('s', Item::Text(text) | Item::Number(text)) => cut(text),
            ('s', Item::Data(_)) => shown(item),
            ('q', Item::Text(text) | Item::Number(text)) => quoted(&cut(text)),
            ('t', Item::Bool(truth)) => truth.to_string(),
            ('d', Item::Int(number)) if *number >= 0 => format!("{sign}{number}"),
            ('d', Item::Int(number)) => number.to_string(),
            ('x', Item::Int(number)) if *number < 0 => format!("-{:x}", number.unsigned_abs()),
            ('x', Item::Int(number)) => format!("{number:x}"),
            ('X', Item::Int(number)) => format!("{number:X}"),
            ('x', Item::Text(text) | Item::Number(text)) => crate::crypto::hash::hex(text.as_bytes()),
            ('c', Item::Int(number)) => u32::try_from(*number)
                .ok()
                .and_then(char::from_u32)
                .unwrap_or(char::REPLACEMENT_CHARACTER)
                .to_string(),
            ('f', Item::Float(number)) => format!("{number:.*}", self.precision.unwrap_or(6)),
            ('e', Item::Float(number)) => {
                let text = format!("{number:.*e}", self.precision.unwrap_or(6));
                let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
                let (sign, digits) =
                    exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
                format!("{mantissa}e{sign}{digits:0>2}")
            }
            ('g', Item::Float(number)) => general(*number),
            _ => wrong(),
        }
    }

    fn pad(&self, text: &str) -> String {
        let missing = self.width.saturating_sub(text.chars().count());
        if self.left {
            return format!("{text}{}", " ".repeat(missing));
        }
        if self.zero {
            let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
            return format!("{sign}{}{digits}", "0".repeat(missing));
        }
        format!("{}{text}", " ".repeat(missing))
    }
}
