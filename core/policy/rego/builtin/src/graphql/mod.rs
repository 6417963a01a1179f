//! GraphQL: queries and schemas read, as syntax trees.

mod lexer;
mod parser;
mod query;
mod schema;

use tollgate_rego_value::Val;

use crate::operand::string;
use crate::shape::ANY_OBJECT;
use crate::{Builtin, Call, Error, Type};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function("graphql.parse_query", &[("query", Type::String)], ANY_OBJECT, parse_query),
    Builtin::function("graphql.parse_schema", &[("schema", Type::String)], ANY_OBJECT, parse_schema),
];

fn parse_query<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    query::parse(call, string(args, 1)?)
}

fn parse_schema<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    schema::parse(call, string(args, 1)?)
}
