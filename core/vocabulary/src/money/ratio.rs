//! Exact fractions that are not negative: quantities, counts, hours.

use std::cmp::Ordering;
use std::fmt;

use super::{MoneyError, Rounding, decimal, round, wide};

/// An exact fraction, not negative, in lowest terms.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    numerator: u128,
    denominator: u128,
}

impl Ratio {
    /// Zero.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };
    /// One.
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// A fraction; nothing where the denominator is zero.
    #[must_use]
    pub const fn new(numerator: u128, denominator: u128) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let divisor = common_divisor(numerator, denominator);
        Some(Self { numerator: numerator / divisor, denominator: denominator / divisor })
    }

    /// A whole number.
    #[must_use]
    pub const fn whole(number: u128) -> Self {
        Self { numerator: number, denominator: 1 }
    }

    /// Reads a decimal number that is not negative: `1.25`, `2`, `1e-1`.
    ///
    /// # Errors
    /// It is no such number, or does not fit.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        let (digits, exponent) = decimal(text).ok_or_else(|| MoneyError::Number(text.to_owned()))?;
        let power = 10_u128.checked_pow(exponent.unsigned_abs());
        match (power, exponent >= 0) {
            _ if digits == 0 => Ok(Self::ZERO),
            (Some(power), true) => digits.checked_mul(power).map(Self::whole).ok_or(MoneyError::Overflow),
            (Some(power), false) => Self::new(digits, power).ok_or(MoneyError::Overflow),
            (None, _) => Err(MoneyError::Overflow),
        }
    }

    /// The number above the line.
    #[must_use]
    pub const fn numerator(self) -> u128 {
        self.numerator
    }

    /// The number below the line; never zero.
    #[must_use]
    pub const fn denominator(self) -> u128 {
        self.denominator
    }

    /// Whether it is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// The product.
    ///
    /// # Errors
    /// It does not fit.
    pub fn times(self, other: Self) -> Result<Self, MoneyError> {
        // Reduced crosswise first, so that nothing overflows that need not.
        let a = common_divisor(self.numerator, other.denominator);
        let b = common_divisor(other.numerator, self.denominator);
        let numerator = (self.numerator / a).checked_mul(other.numerator / b);
        let denominator = (self.denominator / b).checked_mul(other.denominator / a);
        match (numerator, denominator) {
            (Some(numerator), Some(denominator)) => Ok(Self { numerator, denominator }),
            _ => Err(MoneyError::Overflow),
        }
    }

    /// The quotient; nothing where `other` is zero.
    ///
    /// # Errors
    /// It does not fit.
    pub fn over(self, other: Self) -> Result<Option<Self>, MoneyError> {
        match Self::new(other.denominator, other.numerator) {
            None => Ok(None),
            Some(inverse) => self.times(inverse).map(Some),
        }
    }

    /// The sum.
    ///
    /// # Errors
    /// It does not fit.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.joined(other, u128::checked_add)
    }

    /// The difference, zero where that would be negative.
    ///
    /// # Errors
    /// It does not fit.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        if self <= other { Ok(Self::ZERO) } else { self.joined(other, u128::checked_sub) }
    }

    /// A whole number near it.
    ///
    /// # Errors
    /// It does not fit.
    pub fn to_whole(self, rounding: Rounding) -> Result<u128, MoneyError> {
        let (quotient, rest) = (self.numerator / self.denominator, self.numerator % self.denominator);
        round(quotient, rest, self.denominator, rounding).ok_or(MoneyError::Overflow)
    }

    fn joined(self, other: Self, join: impl Fn(u128, u128) -> Option<u128>) -> Result<Self, MoneyError> {
        let divisor = common_divisor(self.denominator, other.denominator);
        let (ours, theirs) = (other.denominator / divisor, self.denominator / divisor);
        let joined = || {
            let numerator = join(self.numerator.checked_mul(ours)?, other.numerator.checked_mul(theirs)?)?;
            Self::new(numerator, self.denominator.checked_mul(ours)?)
        };
        joined().ok_or(MoneyError::Overflow)
    }
}

const fn common_divisor(mut a: u128, mut b: u128) -> u128 {
    // Most are whole numbers, and most numbers are small: division of 64 bits is much faster than of 128.
    while b != 0 {
        if a <= u64::MAX as u128 && b <= u64::MAX as u128 {
            let (mut x, mut y) = (a as u64, b as u64);
            while y != 0 {
                (x, y) = (y, x % y);
            }
            return x as u128;
        }
        (a, b) = (b, a % b);
    }
    if a == 0 { 1 } else { a }
}

impl From<u64> for Ratio {
    fn from(number: u64) -> Self {
        Self::whole(number.into())
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        wide::product(self.numerator, other.denominator)
            .cmp(&wide::product(other.numerator, self.denominator))
    }
}

/// As a decimal number where it is a short one, else as a fraction: `0.5`, `1/3`.
impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, mut rest) = (self.numerator / self.denominator, self.numerator % self.denominator);
        let mut digits = String::new();
        while rest != 0 && digits.len() < 12 {
            let Some(tenfold) = rest.checked_mul(10) else { break };
            digits.push(char::from(b'0' + u8::try_from(tenfold / self.denominator).unwrap_or(0)));
            rest = tenfold % self.denominator;
        }
        match (rest, digits.is_empty()) {
            (0, true) => write!(f, "{whole}"),
            (0, false) => write!(f, "{whole}.{digits}"),
            _ => write!(f, "{}/{}", self.numerator, self.denominator),
        }
    }
}

impl fmt::Debug for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
