//! Numbers: whole ones of 64 bits, and any others as their JSON text.

use std::cmp::Ordering;

use num_bigint::{BigInt, BigUint, Sign};

use crate::decimal::Decimal;
use crate::{Arena, Full, Val};

/// How far a number may be from 1, in bits, where it is computed with: OPA's own limit. Reading, comparing and
/// printing have none.
pub(crate) const BITS: u64 = 100_000;

/// Why a number cannot be computed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// it is too big or too small to compute with
    TooBig,
    /// it is divided by zero
    DivideByZero,
    /// its remainder by zero is asked for
    ModuloByZero,
    /// its remainder is asked for, and one of the two is not whole
    ModuloOnFloating,
    /// the arena's limit is reached
    Full,
}

impl NumberError {
    /// What OPA says.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::TooBig => "number too big",
            Self::DivideByZero => "divide by zero",
            Self::ModuloByZero => "modulo by zero",
            Self::ModuloOnFloating => "modulo on floating-point number",
            Self::Full => "out of memory",
        }
    }
}

impl From<Full> for NumberError {
    fn from(Full: Full) -> Self {
        Self::Full
    }
}

/// The value that a JSON number's text stands for.
#[inline]
pub(crate) fn of_text(text: &str) -> Val<'_> {
    // `-0` and what has a fraction or an exponent keep their text: `1.0` is printed as it was written.
    let (negative, digits) = match text.as_bytes() {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.len() > 18 {
        return text.parse().map_or(Val::Number(text), Val::Int);
    }
    let mut number = 0_i64;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return Val::Number(text);
        }
        number = number.wrapping_mul(10).wrapping_add(i64::from(digit));
    }
    match (negative, number) {
        (false, number) => Val::Int(number),
        (true, 0) => Val::Number(text),
        (true, number) => Val::Int(number.wrapping_neg()),
    }
}

/// The whole number that a number is, where it is one that fits and is written without an exponent: `3` and `3.0`.
pub(crate) fn whole(number: &Val<'_>) -> Option<i64> {
    match number {
        Val::Int(number) => Some(*number),
        Val::Number(text) => {
            let (whole, zeros) = text.split_once('.').unwrap_or((text, ""));
            // OPA reads at most 19 digits here.
            let short = text.strip_prefix('-').unwrap_or(text).len() <= 19;
            if short && zeros.bytes().all(|digit| digit == b'0') { whole.parse().ok() } else { None }
        }
        _ => None,
    }
}

/// The order of two numbers: that of what they stand for, exactly.
pub(crate) fn compare(a: &Val<'_>, b: &Val<'_>) -> Ordering {
    match (a, b) {
        (Val::Int(a), Val::Int(b)) => a.cmp(b),
        (Val::Number(a), Val::Number(b)) if a == b => Ordering::Equal,
        (Val::Number(a), Val::Number(b)) => Decimal::read(a).compare(&Decimal::read(b)),
        (Val::Int(a), Val::Number(b)) => compare_int(*a, b),
        (Val::Number(a), Val::Int(b)) => compare_int(*b, a).reverse(),
        _ => Ordering::Equal,
    }
}

fn compare_int(a: i64, b: &str) -> Ordering {
    let mut digits = [0; 20];
    Decimal::of_int(a, &mut digits).compare(&Decimal::read(b))
}

impl<'a> Val<'a> {
    /// The number that a JSON number's text stands for.
    #[must_use]
    pub fn number(text: &'a str) -> Self {
        of_text(text)
    }

    /// The whole number that this is, where it fits 64 bits and is written without an exponent: `3` and `3.0`.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        whole(self)
    }

    /// The whole number that this is, of any size and however it is written; nothing where it is no whole number.
    ///
    /// # Errors
    /// It is too big to compute with.
    pub fn as_integer(&self) -> Result<Option<BigInt>, NumberError> {
        match self {
            Val::Int(number) => Ok(Some(BigInt::from(*number))),
            Val::Number(text) => {
                let decimal = Decimal::read(text);
                let Some((digits, zeros)) = decimal.whole_digits()? else { return Ok(None) };
                let magnitude = read_digits(&digits) * BigUint::from(10_u32).pow(zeros);
                let sign = if decimal.negative { Sign::Minus } else { Sign::Plus };
                Ok(Some(BigInt::from_biguint(sign, magnitude)))
            }
            _ => Ok(None),
        }
    }

    /// The number as a 64 bit float, the nearest one; infinite where it is too big.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Val::Number(text) => text.parse().ok(),
            Val::Int(number) => Some(*number as f64),
            _ => None,
        }
    }
}

/// A number of decimal digits only.
pub(crate) fn read_digits(digits: &[u8]) -> BigUint {
    BigUint::parse_bytes(digits, 10).unwrap_or_default()
}

impl Arena {
    /// A whole number of any size.
    ///
    /// # Errors
    /// It is too big, or the arena's limit is reached.
    pub fn integer(&self, number: &BigInt) -> Result<Val<'_>, NumberError> {
        if let Ok(number) = i64::try_from(number) {
            return Ok(Val::Int(number));
        }
        if number.bits() > BITS {
            return Err(NumberError::TooBig);
        }
        Ok(Val::Number(self.text(&number.to_string())?))
    }

    /// A number of its JSON text, which is copied where it must be kept.
    ///
    /// # Errors
    /// The limit is reached.
    pub fn number(&self, text: &str) -> Result<Val<'_>, Full> {
        match of_text(text) {
            Val::Int(number) => Ok(Val::Int(number)),
            _ => self.text(text).map(Val::Number),
        }
    }
}
