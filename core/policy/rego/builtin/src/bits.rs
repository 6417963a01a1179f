//! Whole numbers as bits, of any length.

use tollgate_rego_value::{BigInt, Sign, Val};

use crate::arithmetic::pay;
use crate::{Builtin, Call, Error, Type, operand};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function("bits.and", &[("x", Type::Number), ("y", Type::Number)], Type::Number, and),
    Builtin::function("bits.lsh", &[("x", Type::Number), ("s", Type::Number)], Type::Number, lsh),
    Builtin::function("bits.negate", &[("x", Type::Number)], Type::Number, negate),
    Builtin::function("bits.or", &[("x", Type::Number), ("y", Type::Number)], Type::Number, or),
    Builtin::function("bits.rsh", &[("x", Type::Number), ("s", Type::Number)], Type::Number, rsh),
    Builtin::function("bits.xor", &[("x", Type::Number), ("y", Type::Number)], Type::Number, xor),
];

/// More bits than a number may have.
const MOST: u32 = 100_000;

/// A whole number of any size.
pub(crate) fn integer<'a>(call: &Call<'a, '_>, args: &[Val<'a>], position: usize) -> Result<BigInt, Error> {
    let arg = operand::any(args, position)?;
    pay(call, &[arg])?;
    match arg {
        Val::Int(_) | Val::Number(_) => arg.as_integer()?.ok_or_else(|| {
            Error::Type(format!("operand {position} must be integer number but got floating-point number"))
        }),
        other => Err(operand::wrong(position, &other, &["integer"])),
    }
}

fn pair<'a>(
    call: &Call<'a, '_>,
    args: &[Val<'a>],
    compute: impl Fn(BigInt, BigInt) -> BigInt,
) -> Result<Val<'a>, Error> {
    let result = compute(integer(call, args, 1)?, integer(call, args, 2)?);
    Ok(call.arena.integer(&result)?)
}

/// By how much to shift; the greatest count where it is greater than any number is long.
fn count<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<u32, Error> {
    let count = integer(call, args, 2)?;
    if count.sign() == Sign::Minus {
        return Err(Error::Type(
            "operand 2 must be an unsigned integer number but got a negative integer".to_owned(),
        ));
    }
    Ok(u32::try_from(&count).unwrap_or(u32::MAX))
}

fn and<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    pair(call, args, |a, b| a & b)
}

fn lsh<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (number, count) = (integer(call, args, 1)?, count(call, args)?);
    if count > MOST && number.sign() != Sign::NoSign {
        return Err(Error::Failed("number too big".to_owned()));
    }
    call.spend(usize::try_from(count.min(MOST).wrapping_shr(6)).unwrap_or(0))?;
    Ok(call.arena.integer(&(number << count.min(MOST)))?)
}

fn negate<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    Ok(call.arena.integer(&!integer(call, args, 1)?)?)
}

fn or<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    pair(call, args, |a, b| a | b)
}

fn rsh<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (number, count) = (integer(call, args, 1)?, count(call, args)?);
    Ok(call.arena.integer(&(number >> count))?)
}

fn xor<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    pair(call, args, |a, b| a ^ b)
}
