//! Values as YAML, and back. What kubectl and YAML 1.2 would read differently (`yes`, doubled keys) is an error here,
//! where OPA takes one of the readings.

mod write;

use tollgate_manifest::{Limits, Mask, read as read_manifests, read_values};
use tollgate_rego_value::{DEPTH, Val, read};

use crate::{Builtin, Call, Error, Type, operand};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function("yaml.is_valid", &[("x", Type::String)], Type::Boolean, is_valid),
    Builtin::function("yaml.marshal", &[("x", Type::Any)], Type::String, marshal),
    Builtin::function("yaml.unmarshal", &[("x", Type::String)], Type::Any, unmarshal),
];

/// The one argument, paid for, and what may be read of it.
fn source(call: &Call<'_, '_>, text: &str) -> Result<Limits, Error> {
    call.spend_text(text.len().saturating_mul(32))?;
    // Aliases repeat values: each costs a step.
    let nodes = usize::try_from(call.meter.left()).unwrap_or(usize::MAX).min(1 << 20);
    Ok(Limits { bytes: 1 << 24, depth: DEPTH, documents: 1 << 10, nodes })
}

fn is_valid<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let Val::String(text) = operand::any(args, 1)? else { return Ok(Val::Bool(false)) };
    let limits = source(call, text)?;
    // What can be read in two ways is valid, though it is not read.
    let valid = read_values(text.as_bytes(), &limits).is_ok()
        || read_manifests(text.as_bytes(), &Mask::new([0; 32]), &limits).is_ok();
    Ok(Val::Bool(valid))
}

fn marshal<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    // JSON decides what sets and keys become.
    let json = operand::any(args, 1)?.json(None, call.room_for_values())?;
    call.spend_values(json.len().saturating_mul(2))?;
    let value = read(call.arena, call.arena.text(&json)?)?;
    call.string(&write::text(call.room(), &value)?)
}

fn unmarshal<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let text = operand::string(args, 1)?;
    let limits = source(call, text)?;
    let documents = read_values(text.as_bytes(), &limits).map_err(|error| {
        let place = error.position;
        Error::Failed(format!("yaml: line {}: {}", place.line, error.message))
    })?;
    // Of several documents the first counts; of none there is `null`.
    Ok(documents.first().map_or(Ok(Val::Null), |first| call.arena.document(first))?)
}
