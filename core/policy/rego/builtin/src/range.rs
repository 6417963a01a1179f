//! Lists of whole numbers: `numbers.range`, `numbers.range_step`.

use tollgate_rego_value::{BigInt, Sign, Val};

use crate::bits::integer;
use crate::shape::NUMBERS;
use crate::{Builtin, Call, Error, Type};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function("numbers.range", &[("a", Type::Number), ("b", Type::Number)], NUMBERS, range),
    Builtin::function(
        "numbers.range_step",
        &[("a", Type::Number), ("b", Type::Number), ("step", Type::Number)],
        NUMBERS,
        range_step,
    ),
];

fn range<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    between(call, integer(call, args, 1)?, &integer(call, args, 2)?, &BigInt::from(1))
}

fn range_step<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (from, to) = (integer(call, args, 1)?, integer(call, args, 2)?);
    let step = integer(call, args, 3)?;
    if step.sign() != Sign::Plus {
        return Err(Error::Failed("numbers.range_step: step must be a positive integer".to_owned()));
    }
    between(call, from, &to, &step)
}

fn between<'a>(call: &Call<'a, '_>, from: BigInt, to: &BigInt, step: &BigInt) -> Result<Val<'a>, Error> {
    let mut items = Vec::new();
    let down = from > *to;
    let mut next = from;
    while if down { next >= *to } else { next <= *to } {
        call.spend(1)?;
        items.push(call.arena.integer(&next)?);
        if down {
            next -= step;
        } else {
            next += step;
        }
    }
    Ok(call.arena.array(&items)?)
}
