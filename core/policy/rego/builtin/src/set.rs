//! Sets: what both have, what either has, what only one has.

use std::cmp::Ordering;

use tollgate_rego_value::Val;

use crate::shape::ANY_SET;
use crate::{Builtin, Call, Error, Type, operand};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function("and", &[("x", ANY_SET), ("y", ANY_SET)], ANY_SET, and),
    Builtin::function("intersection", &[("xs", Type::Set(&ANY_SET))], ANY_SET, intersection),
    Builtin::function("or", &[("x", ANY_SET), ("y", ANY_SET)], ANY_SET, or),
    Builtin::function("set_diff", &[("x", ANY_SET), ("y", ANY_SET)], ANY_SET, difference),
    Builtin::function("union", &[("xs", Type::Set(&ANY_SET))], ANY_SET, union),
];

/// What a walk through two sorted sets takes along.
#[derive(Clone, Copy)]
struct Take {
    only_a: bool,
    both: bool,
    only_b: bool,
}

/// A sorted walk through two sets.
fn merge<'a>(call: &Call<'a, '_>, a: &[Val<'a>], b: &[Val<'a>], take: Take) -> Result<Vec<Val<'a>>, Error> {
    call.spend(a.len().saturating_add(b.len()))?;
    let mut items = Vec::with_capacity(a.len());
    let (mut left, mut right) = (a.iter().peekable(), b.iter().peekable());
    loop {
        let order = match (left.peek(), right.peek()) {
            (None, None) => return Ok(items),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => a.compare(b),
        };
        let (item, wanted) = match order {
            Ordering::Less => (left.next(), take.only_a),
            Ordering::Greater => (right.next(), take.only_b),
            Ordering::Equal => {
                right.next();
                (left.next(), take.both)
            }
        };
        if wanted {
            items.extend(item);
        }
    }
}

fn pair<'a>(call: &Call<'a, '_>, args: &[Val<'a>], take: Take) -> Result<Val<'a>, Error> {
    let items = merge(call, operand::set(args, 1)?.0, operand::set(args, 2)?.0, take)?;
    Ok(call.arena.sorted_set(&items)?)
}

fn and<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    pair(call, args, Take { only_a: false, both: true, only_b: false })
}

fn or<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    pair(call, args, Take { only_a: true, both: true, only_b: true })
}

/// What is in the first set only.
pub(crate) fn difference<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    pair(call, args, Take { only_a: true, both: false, only_b: false })
}

fn intersection<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let mut result: Option<Vec<Val<'a>>> = None;
    for set in operand::set(args, 1)?.0 {
        let next = set.as_set().ok_or_else(|| operand::wrong(1, set, &["set"]))?;
        result = Some(match result {
            None => next.0.to_vec(),
            Some(items) => merge(call, &items, next.0, Take { only_a: false, both: true, only_b: false })?,
        });
    }
    Ok(call.arena.sorted_set(&result.unwrap_or_default())?)
}

fn union<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let mut items = Vec::new();
    for set in operand::set(args, 1)?.0 {
        let next = set.as_set().ok_or_else(|| operand::wrong(1, set, &["set"]))?;
        call.spend(next.0.len())?;
        items.extend_from_slice(next.0);
    }
    call.set(items)
}
