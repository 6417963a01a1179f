//! `strings.render_template`: Go's `text/template` over values.
//!
//! ```text
//! text ──lexer──> tokens ──parser──> nodes ──run──> text
//! ```
//! What OPA hands to Go are strings, lists and maps; a number there is text of a type of its own, which equals and is
//! ordered as text, and is true unless it is empty.

mod function;
mod item;
mod lexer;
mod node;
mod parser;
mod print;
mod run;
#[cfg(test)]
mod tests;

use tollgate_rego_value::Val;

use crate::cost::of_text;
use crate::operand::{object, string};
use crate::{Builtin, Call, Error, Type};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[Builtin::function(
    "strings.render_template",
    &[("value", Type::String), ("vars", Type::Object(&[], Some((&Type::String, &Type::Any))))],
    Type::String,
    render,
)];

/// How deep actions, pipelines and templates may nest.
const DEPTH: usize = 64;

fn render<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let text = string(args, 1)?;
    object(args, 2)?;
    call.meter.spend(of_text(text))?;
    let templates = parser::parse(text)?;
    let data = args.get(1).copied().unwrap_or(Val::Null);
    let out = run::run(call, &templates, data)?;
    Ok(call.arena.string(&out.replace("<no value>", "<undefined>"))?)
}

/// A message as `text/template` words it.
fn failed(line: usize, message: &str) -> Error {
    Error::Failed(format!("template: template:{line}: {message}"))
}
