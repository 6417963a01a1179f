//! GraphQL: queries and schemas read, and queries checked against schemas.
//!
//! ```text
//! text ──lexer, parser──> tree, as a value ──types──> schema ──check──> issues
//! ```
//! A tree that is handed in as an object is checked like one that was read.

mod argument;
mod check;
mod cycle;
mod lexer;
mod overlap;
mod parser;
mod prelude;
mod query;
mod schema;
mod selection;
#[cfg(test)]
mod tests;
mod tree;
mod types;
mod value;

use tollgate_rego_value::Val;

use crate::operand::{any, string, wrong};
use crate::shape::ANY_OBJECT;
use crate::{Builtin, Call, Error, Type, json_text};
use tree::{Issue, Node};
use types::Wrong;

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function("graphql.is_valid", QUERY_AND_SCHEMA, Type::Boolean, is_valid),
    Builtin::function("graphql.parse", QUERY_AND_SCHEMA, Type::Array(&[ANY_OBJECT, ANY_OBJECT], None), parse),
    Builtin::function(
        "graphql.parse_and_verify",
        QUERY_AND_SCHEMA,
        Type::Array(&[Type::Boolean, ANY_OBJECT, ANY_OBJECT], None),
        parse_and_verify,
    ),
    Builtin::function("graphql.parse_query", &[("query", Type::String)], ANY_OBJECT, parse_query),
    Builtin::function("graphql.parse_schema", &[("schema", Type::String)], ANY_OBJECT, parse_schema),
    Builtin::function(
        "graphql.schema_is_valid",
        &[("schema", TEXT_OR_OBJECT)],
        Type::Boolean,
        schema_is_valid,
    ),
];

const TEXT_OR_OBJECT: Type = Type::Union(&[Type::String, ANY_OBJECT]);
const QUERY_AND_SCHEMA: &[(&str, Type)] = &[("query", TEXT_OR_OBJECT), ("schema", TEXT_OR_OBJECT)];

/// How deep selections and values may nest, fragments included.
const DEPTH: usize = 200;

fn too_deep() -> Error {
    Error::Failed(format!("a GraphQL document of more than {DEPTH} levels"))
}

fn parse_query<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    query::parse(call, string(args, 1)?, false)
}

fn parse_schema<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    schema::parse(call, string(args, 1)?, false)
}

fn parse<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (query, schema) = (any(args, 1)?, any(args, 2)?);
    let trees =
        [tree_of(call, &query, 0, query::parse, false)?, tree_of(call, &schema, 1, schema::parse, false)?];
    verify(call, &query, &schema)?;
    Ok(call.arena.array(&trees)?)
}

fn parse_and_verify<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let truth = match parse(call, args) {
        Ok(trees) => trees.as_array().and_then(|trees| Some((trees.get(0)?, trees.get(1)?))),
        Err(Error::Limit) => return Err(Error::Limit),
        Err(_) => None,
    };
    let none = call.arena.object(Vec::new())?;
    let (query, schema) = truth.unwrap_or((none, none));
    Ok(call.arena.array(&[Val::Bool(truth.is_some()), query, schema])?)
}

fn is_valid<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    truth(verify(call, &any(args, 1)?, &any(args, 2)?))
}

fn schema_is_valid<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let schema = any(args, 1)?;
    truth(tree_of(call, &schema, 0, schema::parse, true).and_then(|tree| types(call, tree).map(drop)))
}

fn truth<'a>(result: Result<(), Error>) -> Result<Val<'a>, Error> {
    match result {
        Ok(()) => Ok(Val::Bool(true)),
        Err(Error::Limit) => Err(Error::Limit),
        Err(_) => Ok(Val::Bool(false)),
    }
}

/// Checks a query against a schema.
fn verify<'a>(call: &Call<'a, '_>, query: &Val<'a>, schema: &Val<'a>) -> Result<(), Error> {
    let query = tree_of(call, query, 0, query::parse, true)?;
    let schema = tree_of(call, schema, 1, schema::parse, true)?;
    let types = types(call, schema)?;
    let issues = check::issues(call, &types, Node(query))?;
    let Some((first, rest)) = issues.split_first() else { return Ok(()) };
    let rest: String = rest
        .iter()
        .map(|issue| match issue.place {
            Some((line, column)) => format!("input:{line}:{column}: {}\n", issue.message),
            None => format!("input: {}\n", issue.message),
        })
        .collect();
    let message = format!("{}\n{rest}", first.message);
    Err(Error::Failed(match first.place {
        Some((line, column)) => {
            let message = message.strip_suffix(".\n").unwrap_or(&message);
            format!("{message} in GraphQL string at location {line}:{column}")
        }
        None => format!("GraphQL parse error: input: {message}"),
    }))
}

fn types<'a>(call: &Call<'a, '_>, schema: Val<'a>) -> Result<types::Types<'a>, Error> {
    types::build(call, Node(schema)).map_err(|wrong| match wrong {
        Wrong::Other(error) => error,
        Wrong::Issue(Issue { place, message }) => {
            let place =
                place.map(|(line, column)| format!("{line}:{column}: ")).unwrap_or_else(|| " ".to_owned());
            let head = "Error in gqlparser SchemaDocument to Schema conversion: input:";
            Error::Failed(format!("{head}{place}{message}"))
        }
    })
}

type Parse = for<'a> fn(&Call<'a, '_>, &str, bool) -> Result<Val<'a>, Error>;

/// A tree from text, or as it was handed in.
fn tree_of<'a>(
    call: &Call<'a, '_>,
    value: &Val<'a>,
    position: usize,
    parse: Parse,
    places: bool,
) -> Result<Val<'a>, Error> {
    match value {
        Val::String(text) => parse(call, text, places),
        Val::DocumentObject(_) => Ok(*value),
        // Sets become lists.
        Val::Object(_) => json_text::read(call, &json_text::write(value)),
        other => Err(wrong(position, other, &["string", "object"])),
    }
}
