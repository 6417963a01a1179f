//! Money: whole numbers of 10^-18 of a currency's unit, and exact fractions to multiply them by.
//!
//! ```text
//! price (Money) ──times(Ratio, Rounding)──> Money ──plus──> Money ──to_text(9, HalfUp)──> "43.893075000"
//!                   256-bit product, one division, one rounding
//! ```
//!
//! INVARIANTS: no float anywhere; a product is exact until its one division, which is rounded by a rounding that the
//! caller names; what does not fit is [`MoneyError::Overflow`], never a wrapped or clamped number; two currencies are
//! never added.

mod ratio;
#[cfg(test)]
mod tests;
mod wide;

use std::cmp::Ordering;
use std::fmt;

pub use ratio::Ratio;

/// Digits behind the point.
const SCALE: u32 = 18;

/// A currency by its ISO 4217 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// An amount of a currency, in whole units of 10^-18; up to 1.7 * 10^20 either way.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    units: i128,
    currency: Currency,
}

/// How a quotient that is not whole is made whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// to the nearest; a half goes away from zero
    HalfUp,
    /// away from zero
    Up,
    /// towards zero
    Down,
}

/// Why an amount cannot be read or computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// no three capital letters
    #[error("`{0}` is no currency: three capital letters such as `USD` (ISO 4217)")]
    Currency(String),
    /// no decimal number
    #[error("`{0}` is no amount: a decimal number such as `0.031611`")]
    Number(String),
    /// more digits than an amount keeps
    #[error("`{0}` has more than 18 digits behind the point")]
    TooFine(String),
    /// larger than an amount can be
    #[error("the amount is too large: more than 1.7 * 10^20")]
    Overflow,
    /// two currencies in one sum
    #[error("{0} and {1} cannot be added: there is no rate between them here")]
    Mixed(Currency, Currency),
}

impl Currency {
    /// The United States dollar, in which most public price lists are.
    pub const USD: Self = Self(*b"USD");

    /// Reads a code.
    ///
    /// # Errors
    /// It is not three capital letters.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        match text.as_bytes() {
            [a, b, c] if [a, b, c].into_iter().all(u8::is_ascii_uppercase) => Ok(Self([*a, *b, *c])),
            _ => Err(MoneyError::Currency(text.to_owned())),
        }
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Money {
    /// Nothing.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self { units: 0, currency }
    }

    /// An amount of whole units of 10^-18.
    #[must_use]
    pub const fn of_units(units: i128, currency: Currency) -> Self {
        Self { units, currency }
    }

    /// Reads a decimal number, with or without an exponent: `12`, `-0.5`, `5.479452e-05`.
    ///
    /// # Errors
    /// It is no number, has more than 18 digits behind the point, or is too large.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let bad = || MoneyError::Number(text.to_owned());
        let (digits, exponent) = decimal(unsigned).ok_or_else(bad)?;
        let shift = exponent.checked_add(18).ok_or(MoneyError::Overflow)?;
        let units = match u32::try_from(shift) {
            Ok(_) if digits == 0 => 0,
            Ok(up) => {
                let factor = 10_u128.checked_pow(up).ok_or(MoneyError::Overflow)?;
                digits.checked_mul(factor).ok_or(MoneyError::Overflow)?
            }
            Err(_) => {
                let factor = 10_u128.checked_pow(shift.unsigned_abs()).unwrap_or(u128::MAX);
                if digits % factor != 0 {
                    return Err(MoneyError::TooFine(text.to_owned()));
                }
                digits / factor
            }
        };
        let units = i128::try_from(units).map_err(|_| MoneyError::Overflow)?;
        Ok(Self { units: if negative { -units } else { units }, currency })
    }

    /// Whole units of 10^-18.
    #[must_use]
    pub const fn units(self) -> i128 {
        self.units
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.units == 0
    }

    /// Whether it is less than nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.units < 0
    }

    /// The sum.
    ///
    /// # Errors
    /// Another currency, or an overflow.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.with(other, i128::checked_add)
    }

    /// The difference.
    ///
    /// # Errors
    /// Another currency, or an overflow.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.with(other, i128::checked_sub)
    }

    /// The larger of the two.
    ///
    /// # Errors
    /// Another currency.
    pub fn or_more(self, other: Self) -> Result<Self, MoneyError> {
        self.with(other, |a, b| Some(a.max(b)))
    }

    /// The smaller of the two.
    ///
    /// # Errors
    /// Another currency.
    pub fn or_less(self, other: Self) -> Result<Self, MoneyError> {
        self.with(other, |a, b| Some(a.min(b)))
    }

    /// Which is more.
    ///
    /// # Errors
    /// Another currency.
    pub fn compare(self, other: Self) -> Result<Ordering, MoneyError> {
        self.same(other).map(|()| self.units.cmp(&other.units))
    }

    /// The product, exact in 256 bits, then rounded once to 10^-18.
    ///
    /// # Errors
    /// An overflow.
    pub fn times(self, factor: Ratio, rounding: Rounding) -> Result<Self, MoneyError> {
        let product = wide::product(self.units.unsigned_abs(), factor.numerator());
        let (quotient, rest) = wide::divide(product, factor.denominator()).ok_or(MoneyError::Overflow)?;
        let whole = round(quotient, rest, factor.denominator(), rounding).ok_or(MoneyError::Overflow)?;
        let units = i128::try_from(whole).map_err(|_| MoneyError::Overflow)?;
        Ok(Self { units: if self.units < 0 { -units } else { units }, currency: self.currency })
    }

    /// What part of `whole` this is, exactly; nothing where `whole` is zero, or one of them is negative.
    #[must_use]
    pub fn part_of(self, whole: Self) -> Option<Ratio> {
        let part = u128::try_from(self.units).ok()?;
        Ratio::new(part, u128::try_from(whole.units).ok()?)
    }

    /// As a decimal number with so many digits (at most 18) behind the point: `43.893075000`.
    #[must_use]
    pub fn to_text(self, digits: u32, rounding: Rounding) -> String {
        let digits = digits.min(SCALE);
        let step = 10_u128.pow(SCALE - digits);
        let units = self.units.unsigned_abs();
        // At most 1.7 * 10^38 and one step more: this fits.
        let whole = round(units / step, units % step, step, rounding).unwrap_or(units / step);
        let one = 10_u128.pow(digits);
        let sign = if self.units < 0 && whole != 0 { "-" } else { "" };
        if digits == 0 {
            return format!("{sign}{whole}");
        }
        format!("{sign}{}.{:0width$}", whole / one, whole % one, width = digits as usize)
    }

    /// As a decimal number, exact, with no more digits than it needs: `0.0225`. What [`Money::parse`] reads.
    #[must_use]
    pub fn to_exact_text(self) -> String {
        let text = self.to_text(SCALE, Rounding::Down);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    fn same(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::Mixed(self.currency, other.currency))
        }
    }

    fn with(self, other: Self, compute: impl Fn(i128, i128) -> Option<i128>) -> Result<Self, MoneyError> {
        self.same(other)?;
        let units = compute(self.units, other.units).ok_or(MoneyError::Overflow)?;
        Ok(Self { units, currency: self.currency })
    }
}

/// `quotient` with `rest / divisor` more, made whole.
fn round(quotient: u128, rest: u128, divisor: u128, rounding: Rounding) -> Option<u128> {
    let up = match rounding {
        Rounding::Down => false,
        Rounding::Up => rest != 0,
        Rounding::HalfUp => rest >= divisor - rest,
    };
    if up && rest != 0 { quotient.checked_add(1) } else { Some(quotient) }
}

/// The digits of an unsigned decimal number, and the power of ten that they are of.
fn decimal(text: &str) -> Option<(u128, i32)> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    // Zeros at the end say nothing, and would make long numbers too large.
    let fraction = fraction.trim_end_matches('0');
    let mut digits: u128 = 0;
    for byte in whole.bytes().chain(fraction.bytes()) {
        digits = digits.checked_mul(10)?.checked_add(u128::from(byte - b'0'))?;
    }
    let behind = i32::try_from(fraction.len()).ok()?;
    Some((digits, exponent.checked_sub(behind)?))
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// `43.893075 USD`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_exact_text(), self.currency)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
