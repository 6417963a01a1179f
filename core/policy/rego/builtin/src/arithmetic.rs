//! `+`, `-` (also of sets), `*`, `/`, `%`, rounding.

use tollgate_rego_value::{Arena, NumberError, Val, arithmetic};

use crate::shape::ANY_SET;
use crate::{Builtin, Call, Error, Type, operand, set};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function("abs", &[("x", Type::Number)], Type::Number, abs),
    Builtin::function("ceil", &[("x", Type::Number)], Type::Number, ceil),
    Builtin::function("div", &[("x", Type::Number), ("y", Type::Number)], Type::Number, div),
    Builtin::function("floor", &[("x", Type::Number)], Type::Number, floor),
    Builtin::function(
        "minus",
        &[("x", Type::Union(&[Type::Number, ANY_SET])), ("y", Type::Union(&[Type::Number, ANY_SET]))],
        Type::Union(&[Type::Number, ANY_SET]),
        minus,
    ),
    Builtin::function("mul", &[("x", Type::Number), ("y", Type::Number)], Type::Number, mul),
    Builtin::function("plus", &[("x", Type::Number), ("y", Type::Number)], Type::Number, plus),
    Builtin::function("rem", &[("x", Type::Number), ("y", Type::Number)], Type::Number, rem),
    Builtin::function("round", &[("x", Type::Number)], Type::Number, round),
];

/// What a number's digits cost: nothing where it is one of 64 bits.
pub(crate) fn pay<'a>(call: &Call<'a, '_>, numbers: &[Val<'a>]) -> Result<(), Error> {
    let digits = |number: &Val<'_>| match number {
        Val::Number(text) => text.len().min(1 << 15),
        _ => 0,
    };
    let longest = numbers.iter().map(digits).max().unwrap_or(0);
    // Multiplying and printing take the square of the length.
    call.spend(longest.saturating_mul(longest).wrapping_shr(10))
}

fn binary<'a>(
    call: &Call<'a, '_>,
    args: &[Val<'a>],
    compute: impl Fn(&'a Arena, &Val<'a>, &Val<'a>) -> Result<Val<'a>, NumberError>,
) -> Result<Val<'a>, Error> {
    let (a, b) = (operand::number(args, 1)?, operand::number(args, 2)?);
    pay(call, &[a, b])?;
    Ok(compute(call.arena, &a, &b)?)
}

fn unary<'a>(
    call: &Call<'a, '_>,
    args: &[Val<'a>],
    compute: impl Fn(&'a Arena, &Val<'a>) -> Result<Val<'a>, NumberError>,
) -> Result<Val<'a>, Error> {
    let number = operand::number(args, 1)?;
    pay(call, &[number])?;
    Ok(compute(call.arena, &number)?)
}

fn abs<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    unary(call, args, arithmetic::abs)
}

fn ceil<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    unary(call, args, arithmetic::ceil)
}

fn div<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    binary(call, args, arithmetic::divide)
}

fn floor<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    unary(call, args, arithmetic::floor)
}

fn minus<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (a, b) = (operand::any(args, 1)?, operand::any(args, 2)?);
    match (a, b) {
        (Val::Int(_) | Val::Number(_), Val::Int(_) | Val::Number(_)) => {
            binary(call, args, arithmetic::subtract)
        }
        (Val::Set(_), Val::Set(_)) => set::difference(call, args),
        (Val::Int(_) | Val::Number(_), _) => Err(operand::wrong(2, &b, &["number"])),
        (Val::Set(_), _) => Err(operand::wrong(2, &b, &["set"])),
        _ => Err(operand::wrong(1, &a, &["number", "set"])),
    }
}

fn mul<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    binary(call, args, arithmetic::multiply)
}

fn plus<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    binary(call, args, arithmetic::add)
}

fn rem<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    binary(call, args, arithmetic::remainder)
}

fn round<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    unary(call, args, arithmetic::round)
}
