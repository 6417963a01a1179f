//! Computing with numbers as OPA does: whole numbers exactly, whatever their size; others as floats of 64 bits of
//! mantissa.

use num_bigint::BigInt;

use crate::float::Float;
use crate::number::{BITS, NumberError};
use crate::{Arena, Val};

/// What two numbers give.
type Binary<'a> = Result<Val<'a>, NumberError>;

/// `a + b`
///
/// # Errors
/// A number is too big, or the arena is full.
pub fn add<'a>(arena: &'a Arena, a: &Val<'a>, b: &Val<'a>) -> Binary<'a> {
    if let (Val::Int(a), Val::Int(b)) = (a, b)
        && let Some(sum) = a.checked_add(*b)
    {
        return Ok(Val::Int(sum));
    }
    wide(arena, a, b, |a, b| a + b, Float::add)
}

/// `a - b`
///
/// # Errors
/// A number is too big, or the arena is full.
pub fn subtract<'a>(arena: &'a Arena, a: &Val<'a>, b: &Val<'a>) -> Binary<'a> {
    if let (Val::Int(a), Val::Int(b)) = (a, b)
        && let Some(difference) = a.checked_sub(*b)
    {
        return Ok(Val::Int(difference));
    }
    wide(arena, a, b, |a, b| a - b, Float::sub)
}

/// `a * b`
///
/// # Errors
/// A number is too big, or the arena is full.
pub fn multiply<'a>(arena: &'a Arena, a: &Val<'a>, b: &Val<'a>) -> Binary<'a> {
    if let (Val::Int(a), Val::Int(b)) = (a, b)
        && let Some(product) = a.checked_mul(*b)
    {
        return Ok(Val::Int(product));
    }
    wide(arena, a, b, |a, b| a * b, Float::mul)
}

/// `a / b`; whole where it can be.
///
/// # Errors
/// `b` is zero, a number is too big, or the arena is full.
pub fn divide<'a>(arena: &'a Arena, a: &Val<'a>, b: &Val<'a>) -> Binary<'a> {
    if let (Val::Int(a), Val::Int(b)) = (a, b) {
        if *b == 0 {
            return Err(NumberError::DivideByZero);
        }
        // A zero's quotient may be `-0`: that is left to floats.
        if *a != 0 && a.checked_rem(*b) == Some(0) {
            return Ok(Val::Int(a.wrapping_div(*b)));
        }
    }
    printed(arena, &float(a)?.div(&float(b)?)?)
}

/// What remains of `a` when divided by `b`, with the sign of `a`.
///
/// # Errors
/// `b` is zero, one of both is not whole, a number is too big, or the arena is full.
pub fn remainder<'a>(arena: &'a Arena, a: &Val<'a>, b: &Val<'a>) -> Binary<'a> {
    if let (Val::Int(a), Val::Int(b)) = (a, b) {
        return if *b == 0 { Err(NumberError::ModuloByZero) } else { Ok(Val::Int(a.wrapping_rem(*b))) };
    }
    let (Some(a), Some(b)) = (a.as_integer()?, b.as_integer()?) else {
        return Err(NumberError::ModuloOnFloating);
    };
    if b == BigInt::ZERO { Err(NumberError::ModuloByZero) } else { arena.integer(&(a % b)) }
}

/// Without its sign.
///
/// # Errors
/// The number is too big, or the arena is full.
pub fn abs<'a>(arena: &'a Arena, number: &Val<'a>) -> Binary<'a> {
    match number.as_int().and_then(i64::checked_abs) {
        Some(number) => Ok(Val::Int(number)),
        None => printed(arena, &float(number)?.abs()),
    }
}

/// The nearest whole number, halves away from zero.
///
/// # Errors
/// The number is too big, or the arena is full.
pub fn round<'a>(arena: &'a Arena, number: &Val<'a>) -> Binary<'a> {
    whole(arena, number, Float::round)
}

/// The next whole number above.
///
/// # Errors
/// The number is too big, or the arena is full.
pub fn ceil<'a>(arena: &'a Arena, number: &Val<'a>) -> Binary<'a> {
    whole(arena, number, Float::ceil)
}

/// The next whole number below.
///
/// # Errors
/// The number is too big, or the arena is full.
pub fn floor<'a>(arena: &'a Arena, number: &Val<'a>) -> Binary<'a> {
    whole(arena, number, Float::floor)
}

/// `number * factor` without its fraction, computed with 64 bits of mantissa.
///
/// # Errors
/// The number is too big.
pub fn truncate(number: &Val<'_>, factor: u64) -> Result<BigInt, NumberError> {
    Ok(float(number)?.mul(&Float::of_integer(&BigInt::from(factor))?)?.truncated())
}

/// All of them together.
///
/// # Errors
/// A number is too big, or the arena is full.
pub fn sum<'a>(arena: &'a Arena, numbers: &[Val<'a>]) -> Binary<'a> {
    let small = numbers.iter().try_fold(0_i64, |sum, number| sum.checked_add(number.as_int()?));
    if let Some(sum) = small {
        return Ok(Val::Int(sum));
    }
    if let Some(sum) = integers(numbers, BigInt::ZERO, |sum, number| sum + number)? {
        return arena.integer(&sum);
    }
    let mut sum = Float::read("0")?;
    for number in numbers {
        sum = sum.add(&float(number)?)?;
    }
    printed(arena, &sum)
}

/// All of them multiplied; with 53 bits of mantissa where one is not whole, as OPA does it.
///
/// # Errors
/// A number is too big, or the arena is full.
pub fn product<'a>(arena: &'a Arena, numbers: &[Val<'a>]) -> Binary<'a> {
    if let Some(product) = integers(numbers, BigInt::from(1), |product, number| product * number)? {
        return arena.integer(&product);
    }
    let mut product = Float::read("1")?;
    for number in numbers {
        product = product.mul_within(&float(number)?, 53)?;
    }
    printed(arena, &product)
}

/// All of them folded, where all are whole.
fn integers(
    numbers: &[Val<'_>],
    start: BigInt,
    fold: impl Fn(BigInt, BigInt) -> BigInt,
) -> Result<Option<BigInt>, NumberError> {
    let mut result = start;
    for number in numbers {
        let Some(number) = number.as_integer()? else { return Ok(None) };
        result = fold(result, number);
        if result.bits() > BITS {
            return Err(NumberError::TooBig);
        }
    }
    Ok(Some(result))
}

fn whole<'a>(
    arena: &'a Arena,
    number: &Val<'a>,
    make: impl Fn(&Float) -> Result<Float, NumberError>,
) -> Binary<'a> {
    match number.as_int() {
        Some(number) => Ok(Val::Int(number)),
        None => printed(arena, &make(&float(number)?)?),
    }
}

fn wide<'a>(
    arena: &'a Arena,
    a: &Val<'a>,
    b: &Val<'a>,
    exact: impl Fn(BigInt, BigInt) -> BigInt,
    rounded: impl Fn(&Float, &Float) -> Result<Float, NumberError>,
) -> Binary<'a> {
    if let (Some(a), Some(b)) = (a.as_integer()?, b.as_integer()?) {
        return arena.integer(&exact(a, b));
    }
    printed(arena, &rounded(&float(a)?, &float(b)?)?)
}

fn float(number: &Val<'_>) -> Result<Float, NumberError> {
    match number {
        Val::Int(number) => Float::of_integer(&BigInt::from(*number)),
        Val::Number(text) => Float::read(text),
        _ => Float::read("0"),
    }
}

fn printed<'a>(arena: &'a Arena, float: &Float) -> Binary<'a> {
    Ok(arena.number(&float.text())?)
}
