//! Globs with delimiters.

use tollgate_rego_value::Val;

use crate::shape::STRINGS;
use crate::{Builtin, Call, Error, Type, operand};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function(
        "glob.match",
        &[
            ("pattern", Type::String),
            ("delimiters", Type::Union(&[Type::Null, STRINGS])),
            ("match", Type::String),
        ],
        Type::Boolean,
        is_match,
    ),
    Builtin::function("glob.quote_meta", &[("pattern", Type::String)], Type::String, quote_meta),
];

/// The delimiters of the second argument: none for `null`, `.` for an empty list.
///
/// # Errors
/// It is neither, or an item is no single letter.
pub(crate) fn delimiters(args: &[Val<'_>]) -> Result<Vec<char>, Error> {
    let arg = operand::any(args, 2)?;
    if arg == Val::Null {
        return Ok(Vec::new());
    }
    let Some(items) = arg.as_array() else {
        return Err(operand::wrong(2, &arg, &["array", "null"]));
    };
    if items.is_empty() {
        return Ok(vec!['.']);
    }
    items
        .iter()
        .map(|item| {
            let text = item.as_str().ok_or_else(|| operand::wrong_item(2, &arg, &item, &["string"]))?;
            let mut letters = text.chars();
            match (letters.next(), letters.next()) {
                (Some(letter), None) => Ok(letter),
                _ => Err(operand::wrong_item(2, &arg, &item, &["rune"])),
            }
        })
        .collect()
}

fn is_match<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let pattern = operand::string(args, 1)?;
    let delimiters = delimiters(args)?;
    let text = operand::string(args, 3)?;
    call.spend(call.patterns.cost(pattern, Some(&delimiters)))?;
    call.spend_text(text.len().saturating_mul(4))?;
    Ok(Val::Bool(call.patterns.glob(pattern, &delimiters)?.is_match(text)))
}

fn quote_meta<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let mut out = String::new();
    for letter in operand::string(args, 1)?.chars() {
        if matches!(letter, '*' | '?' | '\\' | '[' | ']' | '{' | '}') {
            out.push('\\');
        }
        out.push(letter);
    }
    call.string(&out)
}
