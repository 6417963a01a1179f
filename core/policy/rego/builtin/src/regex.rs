//! Regular expressions, as Go has them.

use regex::{Captures, Regex};
use tollgate_rego_value::Val;

use crate::pattern::is_regex;
use crate::shape::STRINGS;
use crate::{Builtin, Call, Error, Type, operand};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function("re_match", &[("x", Type::String), ("y", Type::String)], Type::Boolean, is_match),
    Builtin::function(
        "regex.find_all_string_submatch_n",
        &[("pattern", Type::String), ("value", Type::String), ("number", Type::Number)],
        Type::Array(&[], Some(&STRINGS)),
        find_submatches,
    ),
    Builtin::function(
        "regex.find_n",
        &[("pattern", Type::String), ("value", Type::String), ("number", Type::Number)],
        STRINGS,
        find,
    ),
    Builtin::function(
        "regex.globs_match",
        &[("glob1", Type::String), ("glob2", Type::String)],
        Type::Boolean,
        crate::intersection::globs_match,
    ),
    Builtin::function("regex.is_valid", &[("pattern", Type::String)], Type::Boolean, is_valid),
    Builtin::function(
        "regex.match",
        &[("pattern", Type::String), ("value", Type::String)],
        Type::Boolean,
        is_match,
    ),
    Builtin::function(
        "regex.replace",
        &[("s", Type::String), ("pattern", Type::String), ("value", Type::String)],
        Type::String,
        replace,
    ),
    Builtin::function("regex.split", &[("pattern", Type::String), ("value", Type::String)], STRINGS, split),
    Builtin::function(
        "regex.template_match",
        &[
            ("template", Type::String),
            ("value", Type::String),
            ("delimiter_start", Type::String),
            ("delimiter_end", Type::String),
        ],
        Type::Boolean,
        template_match,
    ),
];

/// A pattern, and what matching it against `text` costs, paid.
fn pattern<'a>(call: &Call<'a, '_>, pattern: &str, text: &str) -> Result<Regex, Error> {
    call.spend(call.patterns.cost(pattern, None))?;
    call.spend_text(text.len().saturating_mul(4))?;
    call.patterns.regex(pattern)
}

/// The first two arguments: a pattern and a text.
fn operands<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<(Regex, &'a str), Error> {
    let (source, text) = (operand::string(args, 1)?, operand::string(args, 2)?);
    Ok((pattern(call, source, text)?, text))
}

/// How many matches are asked for; any number where it is negative.
fn limit(args: &[Val<'_>]) -> Result<usize, Error> {
    Ok(usize::try_from(operand::int(args, 3)?).unwrap_or(usize::MAX))
}

fn is_match<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (regex, text) = operands(call, args)?;
    Ok(Val::Bool(regex.is_match(text)))
}

fn is_valid<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let Val::String(source) = operand::any(args, 1)? else { return Ok(Val::Bool(false)) };
    call.spend(source.len().saturating_mul(32).saturating_add(1000))?;
    Ok(Val::Bool(is_regex(source)))
}

fn find<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let limit = limit(args)?;
    let (regex, text) = operands(call, args)?;
    let found: Vec<_> = regex.find_iter(text).take(limit).map(|found| Val::String(found.as_str())).collect();
    call.array(&found)
}

fn find_submatches<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let limit = limit(args)?;
    let (regex, text) = operands(call, args)?;
    let mut found = Vec::new();
    for captures in regex.captures_iter(text).take(limit) {
        let group = |group: Option<regex::Match<'a>>| Val::String(group.map_or("", |group| group.as_str()));
        let groups: Vec<_> = captures.iter().map(group).collect();
        found.push(call.array(&groups)?);
    }
    call.array(&found)
}

fn split<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (regex, text) = operands(call, args)?;
    if text.is_empty() && !operand::string(args, 1)?.is_empty() {
        return call.array(&[Val::String("")]);
    }
    let piece = |from: usize, to: usize| Val::String(text.get(from..to).unwrap_or_default());
    let mut pieces = Vec::new();
    let (mut begin, mut end) = (0, 0);
    for found in regex.find_iter(text) {
        end = found.start();
        if found.end() != 0 {
            pieces.push(piece(begin, end));
        }
        begin = found.end();
    }
    if end != text.len() {
        pieces.push(piece(begin, text.len()));
    }
    call.array(&pieces)
}

fn replace<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (text, source) = (operand::string(args, 1)?, operand::string(args, 2)?);
    let value = operand::string(args, 3)?;
    let regex = pattern(call, source, text)?;
    let room = call.room();
    let mut out = String::new();
    let mut last = 0;
    for captures in regex.captures_iter(text) {
        let Some(whole) = captures.get(0) else { continue };
        call.spend(1)?;
        out.push_str(text.get(last..whole.start()).unwrap_or_default());
        expand(value, &captures, &mut out);
        last = whole.end();
        if out.len() > room {
            return Err(Error::Limit);
        }
    }
    out.push_str(text.get(last..).unwrap_or_default());
    if out == text { Ok(Val::String(text)) } else { call.string(&out) }
}

/// Writes a template: `$1`, `${1}`, `$name`, `${name}` are groups, `$$` a dollar. A group that is none is nothing.
fn expand(template: &str, captures: &Captures<'_>, out: &mut String) {
    let mut rest = template;
    while let Some(at) = rest.find('$') {
        let (before, behind) = rest.split_at_checked(at).unwrap_or_default();
        out.push_str(before);
        let behind = behind.strip_prefix('$').unwrap_or_default();
        if let Some(more) = behind.strip_prefix('$') {
            out.push('$');
            rest = more;
            continue;
        }
        match name(behind) {
            Some((name, more)) => {
                out.push_str(group(name, captures));
                rest = more;
            }
            None => {
                out.push('$');
                rest = behind;
            }
        }
    }
    out.push_str(rest);
}

/// A group's name, in braces or as long as it goes, and what is behind it.
fn name(text: &str) -> Option<(&str, &str)> {
    let braced = text.strip_prefix('{');
    let inner = braced.unwrap_or(text);
    let length = inner.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(inner.len());
    let (name, rest) = inner.split_at_checked(length).filter(|(name, _)| !name.is_empty())?;
    match braced {
        Some(_) => rest.strip_prefix('}').map(|rest| (name, rest)),
        None => Some((name, rest)),
    }
}

fn group<'t>(name: &str, captures: &Captures<'t>) -> &'t str {
    let is_number =
        name.bytes().all(|digit| digit.is_ascii_digit()) && (name == "0" || !name.starts_with('0'));
    let group = if is_number {
        name.parse().ok().and_then(|number| captures.get(number))
    } else {
        captures.name(&crate::pattern::group_name(name))
    };
    group.map_or("", |group| group.as_str())
}

fn template_match<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (template, text) = (operand::string(args, 1)?, operand::string(args, 2)?);
    let (start, end) = (operand::string(args, 3)?, operand::string(args, 4)?);
    let delimiter = |which: &str, text: &str| match text.as_bytes() {
        [delimiter] => Ok(*delimiter),
        _ => Err(Error::Failed(format!(
            "{which} delimiter has to be exactly one character long but is {} long",
            start.len()
        ))),
    };
    let (start, end) = (delimiter("start", start)?, delimiter("end", end)?);
    call.spend(template.len())?;
    let source = from_template(call, template, start, end)?;
    Ok(Val::Bool(pattern(call, &source, text)?.is_match(text)))
}

/// The pattern that a template says: text that stands for itself, and patterns between delimiters.
fn from_template<'a>(call: &Call<'a, '_>, template: &str, start: u8, end: u8) -> Result<String, Error> {
    let unbalanced = || Error::Failed(format!("unbalanced braces in {}", Val::String(template)));
    let mut source = "^".to_owned();
    let (mut level, mut from) = (0_usize, 0_usize);
    for (at, byte) in template.bytes().enumerate() {
        if byte == start {
            level = level.saturating_add(1);
            if level == 1 {
                source.push_str(&quoted(template.get(from..at).unwrap_or_default()));
                from = at.saturating_add(1);
            }
        } else if byte == end {
            level = level.checked_sub(1).ok_or_else(unbalanced)?;
            if level == 0 {
                let inner = template.get(from..at).unwrap_or_default();
                // Each part is a pattern of its own: `a)(b` is none.
                pattern(call, &format!("^{inner}$"), "")?;
                source.push_str(&format!("({inner})"));
                from = at.saturating_add(1);
            }
        }
    }
    if level != 0 {
        return Err(unbalanced());
    }
    source.push_str(&quoted(template.get(from..).unwrap_or_default()));
    source.push('$');
    Ok(source)
}

/// Text that stands for itself in a pattern.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}
