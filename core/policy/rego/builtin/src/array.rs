//! Lists: joined, cut, turned round.

use tollgate_rego_value::Val;

use crate::shape::ANY_ARRAY;
use crate::{Builtin, Call, Error, Type, operand};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function("array.concat", &[("x", ANY_ARRAY), ("y", ANY_ARRAY)], ANY_ARRAY, concat),
    Builtin::function("array.flatten", &[("arr", ANY_ARRAY)], ANY_ARRAY, flatten),
    Builtin::function("array.reverse", &[("arr", ANY_ARRAY)], ANY_ARRAY, reverse),
    Builtin::function(
        "array.slice",
        &[("arr", ANY_ARRAY), ("start", Type::Number), ("stop", Type::Number)],
        ANY_ARRAY,
        slice,
    ),
];

fn concat<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (a, b) = (operand::array(args, 1)?, operand::array(args, 2)?);
    if a.is_empty() {
        return operand::any(args, 2);
    }
    if b.is_empty() {
        return operand::any(args, 1);
    }
    call.spend(a.len().saturating_add(b.len()))?;
    let items: Vec<_> = a.iter().chain(b.iter()).collect();
    Ok(call.arena.array(&items)?)
}

fn flatten<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let mut items = Vec::new();
    for item in operand::array(args, 1)?.iter() {
        match item.as_array() {
            Some(inner) => {
                call.spend(inner.len())?;
                items.extend(inner.iter());
            }
            None => items.push(item),
        }
    }
    call.array(&items)
}

fn reverse<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let array = operand::array(args, 1)?;
    let items: Vec<_> = (0..array.len()).rev().filter_map(|at| array.get(at)).collect();
    call.array(&items)
}

fn slice<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let array = operand::array(args, 1)?;
    let (start, stop) = (operand::int(args, 2)?, operand::int(args, 3)?);
    let stop = usize::try_from(stop.max(0)).unwrap_or(usize::MAX).min(array.len());
    let start = usize::try_from(start.max(0)).unwrap_or(usize::MAX).min(stop);
    if start == 0 && stop == array.len() {
        return operand::any(args, 1);
    }
    let items: Vec<_> = (start..stop).filter_map(|at| array.get(at)).collect();
    call.array(&items)
}
