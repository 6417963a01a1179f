//! Arguments, read as what they must be; where they are not, the error says so in OPA's words.
//!
//! Positions are counted from 1, as in the messages.

use tollgate_rego_value::{Array, Object, Set, Val};

use crate::Error;

/// The argument at a position, whatever it is.
pub(crate) fn any<'a>(args: &[Val<'a>], position: usize) -> Result<Val<'a>, Error> {
    position
        .checked_sub(1)
        .and_then(|at| args.get(at))
        .copied()
        .ok_or_else(|| Error::Failed(format!("operand {position} is missing")))
}

/// A string.
pub(crate) fn string<'a>(args: &[Val<'a>], position: usize) -> Result<&'a str, Error> {
    match any(args, position)? {
        Val::String(text) => Ok(text),
        other => Err(wrong(position, &other, &["string"])),
    }
}

/// A number.
pub(crate) fn number<'a>(args: &[Val<'a>], position: usize) -> Result<Val<'a>, Error> {
    match any(args, position)? {
        number @ (Val::Int(_) | Val::Number(_)) => Ok(number),
        other => Err(wrong(position, &other, &["number"])),
    }
}

/// A whole number of 64 bits.
pub(crate) fn int(args: &[Val<'_>], position: usize) -> Result<i64, Error> {
    match any(args, position)? {
        number @ (Val::Int(_) | Val::Number(_)) => number.as_int().ok_or_else(|| {
            Error::Type(format!("operand {position} must be integer number but got floating-point number"))
        }),
        other => Err(wrong(position, &other, &["number"])),
    }
}

/// A list.
pub(crate) fn array<'a>(args: &[Val<'a>], position: usize) -> Result<Array<'a>, Error> {
    let arg = any(args, position)?;
    arg.as_array().ok_or_else(|| wrong(position, &arg, &["array"]))
}

/// An object.
pub(crate) fn object<'a>(args: &[Val<'a>], position: usize) -> Result<Object<'a>, Error> {
    let arg = any(args, position)?;
    arg.as_object().ok_or_else(|| wrong(position, &arg, &["object"]))
}

/// A set.
pub(crate) fn set<'a>(args: &[Val<'a>], position: usize) -> Result<Set<'a>, Error> {
    let arg = any(args, position)?;
    arg.as_set().ok_or_else(|| wrong(position, &arg, &["set"]))
}

/// The items of a list or set.
pub(crate) fn items<'a>(args: &[Val<'a>], position: usize) -> Result<Array<'a>, Error> {
    let arg = any(args, position)?;
    items_of(&arg).ok_or_else(|| wrong(position, &arg, &["array", "set"]))
}

/// The strings of a list or set.
pub(crate) fn strings<'a>(args: &[Val<'a>], position: usize) -> Result<Vec<&'a str>, Error> {
    let arg = any(args, position)?;
    items(args, position)?
        .iter()
        .map(|item| item.as_str().ok_or_else(|| wrong_item(position, &arg, &item, &["string"])))
        .collect()
}

/// The items in order, where it is a list or set.
pub(crate) fn items_of<'a>(value: &Val<'a>) -> Option<Array<'a>> {
    match value {
        Val::Set(items) => Some(Array::Own(items)),
        other => other.as_array(),
    }
}

/// That the argument at a position is none of the expected types.
pub(crate) fn wrong(position: usize, got: &Val<'_>, expected: &[&str]) -> Error {
    let got = got.kind().word();
    Error::Type(match expected {
        [one] => format!("operand {position} must be {one} but got {got}"),
        many => format!("operand {position} must be one of {{{}}} but got {got}", many.join(", ")),
    })
}

/// That an item of the argument at a position is none of the expected types.
pub(crate) fn wrong_item(position: usize, composite: &Val<'_>, got: &Val<'_>, expected: &[&str]) -> Error {
    let (composite, got) = (composite.kind().word(), got.kind().word());
    Error::Type(match expected {
        [one] => {
            format!("operand {position} must be {composite} of {one}s but got {composite} containing {got}")
        }
        many => format!(
            "operand {position} must be {composite} of (any of) {{{}}} but got {composite} containing {got}",
            many.join(", ")
        ),
    })
}
