//! Numbers with a fraction: binary floats of 64 bits of mantissa (more where a result is whole and longer), rounded to
//! the nearest, halves to even; printed with as few digits as tell them apart.
//!
//! This is what Go's `big.Float` does, which OPA computes with: the digits that a policy prints depend on it.

use std::cmp::Ordering;

use num_bigint::{BigInt, BigUint, Sign};

use crate::decimal::Decimal;
use crate::number::{BITS, NumberError, read_digits};

/// Bits of mantissa, unless a whole number needs more.
const PRECISION: u64 = 64;

/// `mantissa * 2^exponent`. Zero has a sign too.
#[derive(Clone, Debug)]
pub(crate) struct Float {
    negative: bool,
    mantissa: BigUint,
    exponent: i64,
    precision: u64,
}

impl Float {
    /// The nearest float to what a JSON number's text says.
    pub(crate) fn read(text: &str) -> Result<Self, NumberError> {
        let decimal = Decimal::read(text);
        let (digits, exponent) = decimal.scaled()?;
        let digits = read_digits(&digits);
        let power = u32::try_from(exponent.unsigned_abs()).map_err(|_| NumberError::TooBig)?;
        let five = BigUint::from(5_u32).pow(power);
        if exponent >= 0 {
            Self::rounded(decimal.negative, digits * five, exponent, false, PRECISION)
        } else {
            Self::quotient(decimal.negative, &digits, &five, exponent, PRECISION)
        }
    }

    /// A whole number of any size, exactly.
    pub(crate) fn of_integer(number: &BigInt) -> Result<Self, NumberError> {
        let precision = number.bits().max(PRECISION);
        Self::rounded(number.sign() == Sign::Minus, number.magnitude().clone(), 0, false, precision)
    }

    /// One half.
    fn half(negative: bool) -> Self {
        Self { negative, mantissa: BigUint::from(1_u32), exponent: -1, precision: PRECISION }
    }

    /// A float of as many bits as `precision` says; `sticky`: a little more than the mantissa says.
    fn rounded(
        negative: bool,
        mantissa: BigUint,
        exponent: i64,
        sticky: bool,
        precision: u64,
    ) -> Result<Self, NumberError> {
        let mut this = Self { negative, mantissa, exponent, precision };
        let excess = this.mantissa.bits().saturating_sub(precision);
        if let Some(half) = excess.checked_sub(1) {
            let up = this.mantissa.bit(half)
                && (sticky || this.mantissa.bit(excess) || this.mantissa.trailing_zeros() != Some(half));
            this.mantissa >>= excess;
            if up {
                this.mantissa += 1_u32;
            }
            this.exponent = this.exponent.saturating_add(signed(excess));
        }
        this.normalize();
        let top = this.exponent.saturating_add(signed(this.mantissa.bits()));
        if this.mantissa.bits() > 0 && top.unsigned_abs() > BITS {
            return Err(NumberError::TooBig);
        }
        Ok(this)
    }

    /// Drops the zeros at the mantissa's end.
    fn normalize(&mut self) {
        match self.mantissa.trailing_zeros() {
            Some(zeros) => {
                self.mantissa >>= zeros;
                self.exponent = self.exponent.saturating_add(signed(zeros));
            }
            None => self.exponent = 0,
        }
    }

    /// `a / b * 2^exponent`, rounded once.
    fn quotient(
        negative: bool,
        a: &BigUint,
        b: &BigUint,
        exponent: i64,
        precision: u64,
    ) -> Result<Self, NumberError> {
        let shift = (precision.saturating_add(2).saturating_add(b.bits())).saturating_sub(a.bits());
        let scaled = a << shift;
        let quotient = &scaled / b;
        let sticky = &quotient * b != scaled;
        // One more bit below, so that the remainder never looks like a half.
        let mantissa = (quotient << 1_u32) + u32::from(sticky);
        let exponent = exponent.saturating_sub(signed(shift)).saturating_sub(1);
        Self::rounded(negative, mantissa, exponent, sticky, precision)
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.mantissa.bits() == 0
    }

    /// Whether it has no fraction.
    pub(crate) fn is_whole(&self) -> bool {
        self.is_zero() || self.exponent >= 0
    }

    /// Without its fraction.
    pub(crate) fn truncated(&self) -> BigInt {
        let shift = self.exponent.unsigned_abs();
        let magnitude = if self.exponent >= 0 { &self.mantissa << shift } else { &self.mantissa >> shift };
        BigInt::from_biguint(if self.negative { Sign::Minus } else { Sign::Plus }, magnitude)
    }

    fn negated(mut self) -> Self {
        self.negative = !self.negative;
        self
    }

    pub(crate) fn abs(mut self) -> Self {
        self.negative = false;
        self
    }

    pub(crate) fn add(&self, other: &Self) -> Result<Self, NumberError> {
        let precision = self.precision.max(other.precision);
        match (self.is_zero(), other.is_zero()) {
            (true, true) => {
                return Self::rounded(
                    self.negative && other.negative,
                    BigUint::default(),
                    0,
                    false,
                    precision,
                );
            }
            (true, false) => {
                return Self::rounded(
                    other.negative,
                    other.mantissa.clone(),
                    other.exponent,
                    false,
                    precision,
                );
            }
            (false, true) => {
                return Self::rounded(self.negative, self.mantissa.clone(), self.exponent, false, precision);
            }
            (false, false) => {}
        }
        let exponent = self.exponent.min(other.exponent);
        let a = &self.mantissa << self.exponent.abs_diff(exponent);
        let b = &other.mantissa << other.exponent.abs_diff(exponent);
        let (negative, mantissa) = if self.negative == other.negative {
            (self.negative, a + b)
        } else {
            match a.cmp(&b) {
                Ordering::Equal => (false, BigUint::default()),
                Ordering::Greater => (self.negative, a - b),
                Ordering::Less => (other.negative, b - a),
            }
        };
        Self::rounded(negative, mantissa, exponent, false, precision)
    }

    pub(crate) fn sub(&self, other: &Self) -> Result<Self, NumberError> {
        self.add(&other.clone().negated())
    }

    pub(crate) fn mul(&self, other: &Self) -> Result<Self, NumberError> {
        self.mul_within(other, self.precision.max(other.precision))
    }

    /// The product, rounded to that many bits.
    pub(crate) fn mul_within(&self, other: &Self, precision: u64) -> Result<Self, NumberError> {
        let negative = self.negative != other.negative;
        let exponent = self.exponent.saturating_add(other.exponent);
        Self::rounded(negative, &self.mantissa * &other.mantissa, exponent, false, precision)
    }

    pub(crate) fn div(&self, other: &Self) -> Result<Self, NumberError> {
        if other.is_zero() {
            return Err(NumberError::DivideByZero);
        }
        let negative = self.negative != other.negative;
        let precision = self.precision.max(other.precision);
        if self.is_zero() {
            return Self::rounded(negative, BigUint::default(), 0, false, precision);
        }
        let exponent = self.exponent.saturating_sub(other.exponent);
        Self::quotient(negative, &self.mantissa, &other.mantissa, exponent, precision)
    }

    /// The nearest whole number, halves away from zero.
    pub(crate) fn round(&self) -> Result<Self, NumberError> {
        Self::of_integer(&self.add(&Self::half(self.negative))?.truncated())
    }

    /// As OPA has it: one more than the whole part, unless that is negative or all of it. `ceil(-0.5)` is 1.
    pub(crate) fn ceil(&self) -> Result<Self, NumberError> {
        let whole = Self::of_integer(&self.truncated())?;
        if whole.negative || self.is_whole() { Ok(whole) } else { whole.add(&Self::half(false).doubled()) }
    }

    /// As OPA has it: one less than the whole part, where that is negative and not all of it. `floor(-0.5)` is 0.
    pub(crate) fn floor(&self) -> Result<Self, NumberError> {
        let whole = Self::of_integer(&self.truncated())?;
        if !whole.negative || self.is_whole() { Ok(whole) } else { whole.sub(&Self::half(false).doubled()) }
    }

    fn doubled(mut self) -> Self {
        self.exponent = self.exponent.saturating_add(1);
        self
    }

    /// The shortest text that tells it from its neighbours: whole numbers in full, others with an exponent where that
    /// is below -4 or above 5.
    pub(crate) fn text(&self) -> String {
        let sign = if self.negative { "-" } else { "" };
        let digits = self.shortest();
        if self.is_whole() {
            return format!("{sign}{}", digits.plain());
        }
        let exponent = digits.point.saturating_sub(1);
        if (-4..6).contains(&exponent) {
            format!("{sign}{}", digits.plain())
        } else {
            format!("{sign}{}", digits.scientific(exponent))
        }
    }

    fn shortest(&self) -> Digits {
        let mut digits = Digits::of(&self.mantissa, self.exponent);
        // The mantissa with one bit more than the precision: its last bit is half a unit.
        let shift = self.precision.saturating_add(1).saturating_sub(self.mantissa.bits());
        let mantissa = &self.mantissa << shift;
        let exponent = self.exponent.saturating_sub(signed(shift));
        if self.is_zero() {
            return digits;
        }
        let lower = Digits::of(&(&mantissa - 1_u32), exponent);
        let upper = Digits::of(&(&mantissa + 1_u32), exponent);
        let inclusive = !mantissa.bit(1);
        let count = digits.digits.len();
        for (at, digit) in digits.digits.iter().copied().enumerate().take(count) {
            let (low, up, next) = (lower.at(at), upper.at(at), at.saturating_add(1));
            let down_is_fine = low != digit || (inclusive && next == lower.digits.len());
            let up_is_fine =
                digit != up && (inclusive || digit.saturating_add(1) < up || next < upper.digits.len());
            let round_up = match (down_is_fine, up_is_fine) {
                (true, true) => digits.nearer_up(next),
                (true, false) => false,
                (false, true) => true,
                (false, false) => continue,
            };
            digits.cut(next, round_up);
            break;
        }
        digits
    }
}

/// Decimal digits without zeros at the end, and how many of them stand before the point.
struct Digits {
    digits: Vec<u8>,
    point: i64,
}

impl Digits {
    /// `mantissa * 2^exponent`, exactly.
    fn of(mantissa: &BigUint, exponent: i64) -> Self {
        let zeros = mantissa.trailing_zeros().unwrap_or(0);
        let mantissa = mantissa >> zeros;
        let exponent = exponent.saturating_add(signed(zeros));
        let shift = exponent.unsigned_abs();
        let (number, behind) = if exponent >= 0 {
            (mantissa << shift, 0)
        } else {
            // 2^-n is 5^n / 10^n
            (mantissa * BigUint::from(5_u32).pow(u32::try_from(shift).unwrap_or(u32::MAX)), signed(shift))
        };
        let mut digits = number.to_string().into_bytes();
        let point = i64::try_from(digits.len()).unwrap_or(i64::MAX).saturating_sub(behind);
        let zeros = digits.iter().rev().take_while(|digit| **digit == b'0').count();
        digits.truncate(digits.len().saturating_sub(zeros));
        Self { digits, point }
    }

    fn at(&self, at: usize) -> u8 {
        self.digits.get(at).copied().unwrap_or(b'0')
    }

    /// Whether what follows the first `count` digits rounds up.
    fn nearer_up(&self, count: usize) -> bool {
        let Some(next) = self.digits.get(count) else { return false };
        if *next == b'5' && count.saturating_add(1) == self.digits.len() {
            return count.checked_sub(1).is_some_and(|last| self.at(last) % 2 == 1);
        }
        *next >= b'5'
    }

    /// Keeps the first `count` digits, the last of them one more where rounded up.
    fn cut(&mut self, count: usize, up: bool) {
        if count >= self.digits.len() {
            return;
        }
        self.digits.truncate(count);
        if up {
            while self.digits.last() == Some(&b'9') {
                self.digits.pop();
            }
            match self.digits.last_mut() {
                Some(last) => *last = last.saturating_add(1),
                None => {
                    self.digits.push(b'1');
                    self.point = self.point.saturating_add(1);
                }
            }
        }
        while self.digits.last() == Some(&b'0') {
            self.digits.pop();
        }
    }

    /// Without an exponent.
    fn plain(&self) -> String {
        let before = usize::try_from(self.point).unwrap_or(0);
        let mut text = String::new();
        if before == 0 {
            text.push('0');
        }
        for at in 0..before {
            text.push(char::from(self.at(at)));
        }
        if self.digits.len() > before {
            text.push('.');
            for _ in self.point..0 {
                text.push('0');
            }
            text.extend(self.digits.iter().skip(before).copied().map(char::from));
        }
        text
    }

    /// With an exponent of at least two digits.
    fn scientific(&self, exponent: i64) -> String {
        let mut text = String::new();
        text.push(char::from(self.at(0)));
        if self.digits.len() > 1 {
            text.push('.');
            text.extend(self.digits.iter().skip(1).copied().map(char::from));
        }
        let sign = if exponent < 0 { '-' } else { '+' };
        text.push_str(&format!("e{sign}{:02}", exponent.unsigned_abs()));
        text
    }
}

fn signed(bits: u64) -> i64 {
    i64::try_from(bits).unwrap_or(i64::MAX)
}
