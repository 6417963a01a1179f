//! Semantic versions, compared.

use std::cmp::Ordering;

use tollgate_rego_value::Val;

use crate::{Builtin, Call, Error, Type, operand};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function("semver.compare", &[("a", Type::String), ("b", Type::String)], Type::Number, compare),
    Builtin::function("semver.is_valid", &[("vsn", Type::Any)], Type::Boolean, is_valid),
];

/// A version without its build metadata, which does not count.
struct Version<'v> {
    numbers: [i64; 3],
    release: &'v str,
}

/// Reads `1.2.3-pre+build`, with a `v` before it or not.
fn parse(text: &str) -> Option<Version<'_>> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    let (text, release) = text.split_once('-').map_or((text, None), |(text, release)| (text, Some(release)));
    if !build.is_none_or(are_identifiers)
        || !release.is_none_or(|release| are_identifiers(release) && counts(release))
    {
        return None;
    }
    let mut parts = text.split('.');
    let numbers = [number(parts.next()?)?, number(parts.next()?)?, number(parts.next()?)?];
    parts.next().is_none().then_some(Version { numbers, release: release.unwrap_or_default() })
}

fn number(text: &str) -> Option<i64> {
    let fine = text == "0" || !text.starts_with('0');
    if fine && is_number(text) { text.parse().ok() } else { None }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit())
}

fn are_identifiers(text: &str) -> bool {
    text.split('.')
        .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
}

/// Whether no number among the identifiers has a leading zero.
fn counts(release: &str) -> bool {
    release.split('.').all(|part| part.len() == 1 || !part.starts_with('0') || !is_number(part))
}

impl Version<'_> {
    fn compare(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| match (self.release, other.release) {
            (a, b) if a == b => Ordering::Equal,
            // What is released is later than what is not yet.
            ("", _) => Ordering::Greater,
            (_, "") => Ordering::Less,
            (a, b) => releases(a, b),
        })
    }
}

fn releases(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.split('.'), b.split('.'));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(a), Some(b)) => identifiers(a, b),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

fn identifiers(a: &str, b: &str) -> Ordering {
    match (is_number(a), is_number(b)) {
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => a.cmp(b),
        // Without leading zeros the longer number is the greater one.
        (true, true) => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
    }
}

fn compare<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (a, b) = crate::string::pair(call, args)?;
    let version = |position: u32, text: &'a str| {
        parse(text).ok_or_else(|| {
            Error::Failed(format!("operand {position}: string {} is not a valid SemVer", Val::String(text)))
        })
    };
    let order = version(1, a)?.compare(&version(2, b)?);
    Ok(Val::Int(match order {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    }))
}

fn is_valid<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let Val::String(text) = operand::any(args, 1)? else { return Ok(Val::Bool(false)) };
    call.spend_text(text.len())?;
    Ok(Val::Bool(parse(text).is_some()))
}
