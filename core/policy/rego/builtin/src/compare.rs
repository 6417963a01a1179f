//! `==`, `!=`, `<`, `<=`, `>`, `>=` as functions.

use std::cmp::Ordering;

use tollgate_rego_value::Val;

use crate::{Builtin, Call, Error, Type, operand};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function("equal", &[("x", Type::Any), ("y", Type::Any)], Type::Boolean, equal),
    Builtin::function("gt", &[("x", Type::Any), ("y", Type::Any)], Type::Boolean, gt),
    Builtin::function("gte", &[("x", Type::Any), ("y", Type::Any)], Type::Boolean, gte),
    Builtin::function("lt", &[("x", Type::Any), ("y", Type::Any)], Type::Boolean, lt),
    Builtin::function("lte", &[("x", Type::Any), ("y", Type::Any)], Type::Boolean, lte),
    Builtin::function("neq", &[("x", Type::Any), ("y", Type::Any)], Type::Boolean, neq),
];

/// Whether two arguments stand in an order.
fn ordered<'a>(
    call: &Call<'a, '_>,
    args: &[Val<'a>],
    holds: impl Fn(Ordering) -> bool,
) -> Result<Val<'a>, Error> {
    let (a, b) = (operand::any(args, 1)?, operand::any(args, 2)?);
    call.spend(a.len().unwrap_or(0).min(b.len().unwrap_or(0)))?;
    Ok(Val::Bool(holds(a.compare(&b))))
}

fn equal<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    ordered(call, args, Ordering::is_eq)
}

fn gt<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    ordered(call, args, Ordering::is_gt)
}

fn gte<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    ordered(call, args, Ordering::is_ge)
}

fn lt<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    ordered(call, args, Ordering::is_lt)
}

fn lte<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    ordered(call, args, Ordering::is_le)
}

fn neq<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    ordered(call, args, Ordering::is_ne)
}
