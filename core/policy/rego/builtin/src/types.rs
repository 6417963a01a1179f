//! What a value is: `is_array`, .., `type_name`.

use tollgate_rego_value::{Kind, Val};

use crate::{Builtin, Call, Error, Type, operand};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function("is_array", &[("x", Type::Any)], Type::Boolean, is_array),
    Builtin::function("is_boolean", &[("x", Type::Any)], Type::Boolean, is_boolean),
    Builtin::function("is_null", &[("x", Type::Any)], Type::Boolean, is_null),
    Builtin::function("is_number", &[("x", Type::Any)], Type::Boolean, is_number),
    Builtin::function("is_object", &[("x", Type::Any)], Type::Boolean, is_object),
    Builtin::function("is_set", &[("x", Type::Any)], Type::Boolean, is_set),
    Builtin::function("is_string", &[("x", Type::Any)], Type::Boolean, is_string),
    Builtin::function("type_name", &[("x", Type::Any)], Type::String, type_name),
];

/// Whether the one argument is of that kind.
fn is<'a>(args: &[Val<'a>], kind: Kind) -> Result<Val<'a>, Error> {
    Ok(Val::Bool(args.first().is_some_and(|arg| arg.kind() == kind)))
}

fn is_array<'a>(_: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    is(args, Kind::Array)
}

fn is_boolean<'a>(_: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    is(args, Kind::Boolean)
}

fn is_null<'a>(_: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    is(args, Kind::Null)
}

fn is_number<'a>(_: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    is(args, Kind::Number)
}

fn is_object<'a>(_: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    is(args, Kind::Object)
}

fn is_set<'a>(_: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    is(args, Kind::Set)
}

fn is_string<'a>(_: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    is(args, Kind::String)
}

fn type_name<'a>(_: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    Ok(Val::String(operand::any(args, 1)?.kind().word()))
}
