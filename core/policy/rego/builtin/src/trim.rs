//! Strings without what stands at their ends. Nothing is copied.

use tollgate_rego_value::Val;

use crate::string::pair;
use crate::{Builtin, Call, Error, Type, operand};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function("trim", &[("value", Type::String), ("cutset", Type::String)], Type::String, trim),
    Builtin::function(
        "trim_left",
        &[("value", Type::String), ("cutset", Type::String)],
        Type::String,
        trim_left,
    ),
    Builtin::function(
        "trim_prefix",
        &[("value", Type::String), ("prefix", Type::String)],
        Type::String,
        trim_prefix,
    ),
    Builtin::function(
        "trim_right",
        &[("value", Type::String), ("cutset", Type::String)],
        Type::String,
        trim_right,
    ),
    Builtin::function("trim_space", &[("value", Type::String)], Type::String, trim_space),
    Builtin::function(
        "trim_suffix",
        &[("value", Type::String), ("suffix", Type::String)],
        Type::String,
        trim_suffix,
    ),
];

fn trim<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (text, set) = pair(call, args)?;
    Ok(Val::String(text.trim_matches(|letter| set.contains(letter))))
}

fn trim_left<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (text, set) = pair(call, args)?;
    Ok(Val::String(text.trim_start_matches(|letter| set.contains(letter))))
}

fn trim_prefix<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (text, prefix) = pair(call, args)?;
    Ok(Val::String(text.strip_prefix(prefix).unwrap_or(text)))
}

fn trim_right<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (text, set) = pair(call, args)?;
    Ok(Val::String(text.trim_end_matches(|letter| set.contains(letter))))
}

fn trim_space<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let text = operand::string(args, 1)?;
    call.spend_text(text.len())?;
    Ok(Val::String(text.trim()))
}

fn trim_suffix<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (text, suffix) = pair(call, args)?;
    Ok(Val::String(text.strip_suffix(suffix).unwrap_or(text)))
}
