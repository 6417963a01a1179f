//! Values made into another kind: `to_number`, and the `cast_*` of old.

use tollgate_rego_value::{Val, read};

use crate::shape::{ANY_ARRAY, ANY_OBJECT, ANY_SET};
use crate::{Builtin, Call, Error, Type, operand};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function("cast_array", &[("x", Type::Any)], ANY_ARRAY, cast_array),
    Builtin::function("cast_boolean", &[("x", Type::Any)], Type::Boolean, cast_boolean),
    Builtin::function("cast_null", &[("x", Type::Any)], Type::Null, cast_null),
    Builtin::function("cast_object", &[("x", Type::Any)], ANY_OBJECT, cast_object),
    Builtin::function("cast_set", &[("x", Type::Any)], ANY_SET, cast_set),
    Builtin::function("cast_string", &[("x", Type::Any)], Type::String, cast_string),
    Builtin::function(
        "to_number",
        &[("value", Type::Union(&[Type::Null, Type::Boolean, Type::Number, Type::String]))],
        Type::Number,
        to_number,
    ),
];

fn cast_array<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    match operand::any(args, 1)? {
        Val::Set(items) => {
            call.spend(1)?;
            Ok(Val::Array(items))
        }
        _ => operand::items(args, 1).and_then(|_| operand::any(args, 1)),
    }
}

fn cast_boolean<'a>(_: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    match operand::any(args, 1)? {
        truth @ Val::Bool(_) => Ok(truth),
        other => Err(operand::wrong(1, &other, &["boolean"])),
    }
}

fn cast_null<'a>(_: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    match operand::any(args, 1)? {
        Val::Null => Ok(Val::Null),
        other => Err(operand::wrong(1, &other, &["null"])),
    }
}

fn cast_object<'a>(_: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    operand::object(args, 1).and_then(|_| operand::any(args, 1))
}

fn cast_set<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    match operand::any(args, 1)? {
        set @ Val::Set(_) => Ok(set),
        _ => call.set(operand::items(args, 1)?.iter().collect()),
    }
}

fn cast_string<'a>(_: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    operand::string(args, 1).map(Val::String)
}

fn to_number<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    match operand::any(args, 1)? {
        Val::Null | Val::Bool(false) => Ok(Val::Int(0)),
        Val::Bool(true) => Ok(Val::Int(1)),
        number @ (Val::Int(_) | Val::Number(_)) => Ok(number),
        Val::String(text) => {
            call.spend_text(text.len())?;
            parse(call, text)
        }
        other => Err(operand::wrong(1, &other, &["null", "boolean", "number", "string"])),
    }
}

/// A number in Go's notation: beside JSON's it may begin with `+`, `.5` and `5.` are fine, and so are leading zeros.
fn parse<'a>(call: &Call<'a, '_>, text: &'a str) -> Result<Val<'a>, Error> {
    let invalid =
        || Error::Failed(format!("strconv.ParseFloat: parsing {}: invalid syntax", Val::String(text)));
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    if matches!(text.trim_start_matches(['+', '-']).to_lowercase().as_str(), "inf" | "infinity" | "nan") {
        return Err(operand::wrong(1, &Val::String(text), &["valid number string"]));
    }
    let (mantissa, exponent) = digits.split_at(digits.find(['e', 'E']).unwrap_or(digits.len()));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_number = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return Err(invalid());
    }
    let power = exponent.get(1..).unwrap_or_default();
    let unsigned = power.strip_prefix(['+', '-']).unwrap_or(power);
    if !exponent.is_empty() && (unsigned.is_empty() || !is_number(unsigned)) {
        return Err(invalid());
    }
    if text.parse::<f64>().is_ok_and(f64::is_infinite) {
        return Err(Error::Failed(format!(
            "strconv.ParseFloat: parsing {}: value out of range",
            Val::String(text)
        )));
    }
    let is_json = sign.len().saturating_add(digits.len()) == text.len()
        && !whole.is_empty()
        && (whole == "0" || !whole.starts_with('0'))
        && mantissa.contains('.') != fraction.is_empty();
    if is_json {
        return Ok(read(call.arena, text)?);
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    let text = call.arena.text(&format!("{sign}{whole}{point}{fraction}{exponent}"))?;
    Ok(read(call.arena, text)?)
}
