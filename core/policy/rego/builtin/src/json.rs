//! Values as JSON text, and back.

use tollgate_rego_value::{Lines, ReadError, Val, read};

use crate::{Builtin, Call, Error, Type, operand};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function("json.is_valid", &[("x", Type::String)], Type::Boolean, is_valid),
    Builtin::function("json.marshal", &[("x", Type::Any)], Type::String, marshal),
    Builtin::function(
        "json.marshal_with_options",
        &[
            ("x", Type::Any),
            (
                "opts",
                Type::Object(
                    &[("indent", Type::String), ("prefix", Type::String), ("pretty", Type::Boolean)],
                    Some((&Type::String, &Type::Any)),
                ),
            ),
        ],
        Type::String,
        marshal_with_options,
    ),
    Builtin::function("json.unmarshal", &[("x", Type::String)], Type::Any, unmarshal),
];

fn is_valid<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let Val::String(text) = operand::any(args, 1)? else { return Ok(Val::Bool(false)) };
    call.spend_text(text.len().saturating_mul(8))?;
    match read(call.arena, text) {
        Ok(_) | Err(ReadError::TooBig) => Ok(Val::Bool(true)),
        Err(ReadError::Invalid(_)) => Ok(Val::Bool(false)),
        Err(error) => Err(error.into()),
    }
}

fn marshal<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let text = operand::any(args, 1)?.json(None, call.room_for_values())?;
    call.spend_values(text.len())?;
    call.string(&text)
}

fn marshal_with_options<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let value = operand::any(args, 1)?;
    let mut lines = Lines { prefix: "", indent: "\t" };
    let (mut implied, mut pretty) = (false, None);
    for (key, option) in operand::object(args, 2)?.iter() {
        let wrong = |what: &str| Error::Type(format!("operand 2 key {what}"));
        match (key.as_str(), option) {
            (Some("prefix"), Val::String(text)) => (lines.prefix, implied) = (text, true),
            (Some("indent"), Val::String(text)) => (lines.indent, implied) = (text, true),
            (Some("pretty"), Val::Bool(truth)) => pretty = Some(truth),
            (Some("pretty"), _) => return Err(wrong("\"pretty\" failed cast to bool")),
            (Some(key @ ("prefix" | "indent")), other) => {
                let got = other.kind().word();
                return Err(wrong(&format!(
                    "{key} failed cast to string: operand 1 must be string but got {got}"
                )));
            }
            (Some(key), _) => {
                return Err(Error::Type(format!("operand 2 object contained unknown key \"{key}\"")));
            }
            (None, _) => return Err(Error::Type(format!("operand 2 failed to stringify key {key}"))),
        }
    }
    let lines = pretty.unwrap_or(implied).then_some(lines);
    let text = value.json(lines, call.room_for_values())?;
    call.spend_values(text.len())?;
    // Lines but the first have the prefix already.
    let prefix = lines.map_or("", |lines| lines.prefix);
    call.string(&format!("{prefix}{text}"))
}

fn unmarshal<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let text = operand::string(args, 1)?;
    call.spend_text(text.len().saturating_mul(8))?;
    read(call.arena, text).map_err(|error| match error {
        ReadError::Invalid(message) if message.ends_with("after top-level value") => {
            Error::Failed(format!("error: {message}"))
        }
        ReadError::Invalid(_) if text.trim_ascii().is_empty() => Error::Failed("EOF".to_owned()),
        ReadError::Invalid(message) if message.starts_with("unexpected end") => {
            Error::Failed("unexpected EOF".to_owned())
        }
        other => other.into(),
    })
}
