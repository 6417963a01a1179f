//! JSON Schema, drafts 4, 6 and 7: documents checked by schemas, and schemas by themselves.
//!
//! ```text
//! schema ──compile──> Schema: nodes by number ──check──> Findings in the words of OPA's validator
//! ```
//! A reference leads within the schema only: nothing is fetched.

mod check;
mod compile;
mod decimal;
mod document;
mod format;
mod keyword;
mod node;
mod reference;
#[cfg(test)]
mod tests;

use tollgate_rego_value::Val;

use crate::operand::any;
use crate::shape::ANY_OBJECT;
use crate::{Builtin, Call, Error, Type, json_text};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function(
        "json.match_schema",
        &[("document", TEXT_OR_OBJECT), ("schema", TEXT_OR_OBJECT)],
        Type::Array(
            &[
                Type::Boolean,
                Type::Array(
                    &[],
                    Some(&Type::Object(
                        &[
                            ("desc", Type::String),
                            ("error", Type::String),
                            ("field", Type::String),
                            ("type", Type::String),
                        ],
                        None,
                    )),
                ),
            ],
            None,
        ),
        match_schema,
    ),
    Builtin::function(
        "json.verify_schema",
        &[("schema", TEXT_OR_OBJECT)],
        Type::Array(&[Type::Boolean, Type::Union(&[Type::Null, Type::String])], None),
        verify_schema,
    ),
];

const TEXT_OR_OBJECT: Type = Type::Union(&[Type::String, ANY_OBJECT]);

/// How deep schemas, documents and references may go.
const DEPTH: usize = 128;

fn match_schema<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let document = read(call, &any(args, 1)?)?;
    let schema = compile::compile(call, read(call, &any(args, 2)?)?)?;
    let findings = check::check(call, &schema, document)?;
    let mut list = Vec::new();
    for finding in &findings {
        let text = |text: &str| call.arena.string(text);
        list.push(call.arena.object(vec![
            (Val::String("error"), text(&format!("{}: {}", finding.field, finding.description))?),
            (Val::String("type"), Val::String(finding.kind)),
            (Val::String("field"), text(&finding.field)?),
            (Val::String("desc"), text(&finding.description)?),
        ])?);
    }
    let list = call.arena.array(&list)?;
    Ok(call.arena.array(&[Val::Bool(findings.is_empty()), list])?)
}

fn verify_schema<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let compiled = any(args, 1).and_then(|schema| compile::compile(call, read(call, &schema)?).map(drop));
    match compiled {
        Ok(()) => Ok(call.arena.array(&[Val::Bool(true), Val::Null])?),
        Err(Error::Failed(message)) => {
            let message = call.arena.string(&format!("jsonschema: {message}"))?;
            Ok(call.arena.array(&[Val::Bool(false), message])?)
        }
        Err(other) => Err(other),
    }
}

/// A document or schema: JSON text, or a value.
fn read<'a>(call: &Call<'a, '_>, value: &Val<'a>) -> Result<Val<'a>, Error> {
    match value {
        Val::String(text) => json_text::read(call, text).map_err(|error| match error {
            Error::Failed(_) => Error::Failed("invalid JSON string".to_owned()),
            other => other,
        }),
        Val::DocumentObject(_) | Val::DocumentArray(_) => Ok(*value),
        // Sets become lists, and keys strings.
        Val::Object(_) | Val::Array(_) => json_text::read(call, &json_text::write(value)),
        _ => Err(Error::Failed("wrong type, expected string or object".to_owned())),
    }
}
