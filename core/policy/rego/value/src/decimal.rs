//! A JSON number's text taken apart: sign, digits, and where the point stands. Nothing is computed, nothing expanded,
//! so that `1e999999999` costs no more than `1`.

use std::cmp::Ordering;

use crate::number::{BITS, NumberError};

/// More decimal digits than any number within [`BITS`] bits has.
const DIGITS: i64 = BITS as i64 * 3 / 10 + 200;

/// A number's parts: the digits before the point, those behind it, and the power of ten.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decimal<'a> {
    pub(crate) negative: bool,
    whole: &'a [u8],
    fraction: &'a [u8],
    exponent: i64,
}

impl<'a> Decimal<'a> {
    /// Takes a text apart that is a JSON number.
    pub(crate) fn read(text: &'a str) -> Self {
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        // An exponent beyond 64 bits is as good as the greatest one: no text is long enough to tell.
        let exponent =
            exponent.parse().unwrap_or(if exponent.starts_with('-') { i64::MIN } else { i64::MAX });
        let exponent = exponent.clamp(i64::MIN / 4, i64::MAX / 4);
        Self { negative, whole: whole.as_bytes(), fraction: fraction.as_bytes(), exponent }
    }

    /// The parts of a whole number, its digits written to `digits`.
    pub(crate) fn of_int(number: i64, digits: &'a mut [u8; 20]) -> Self {
        let mut rest = number.unsigned_abs();
        let mut used = 0;
        for place in digits.iter_mut().rev() {
            let digit = (rest % 10) as u8;
            *place = b'0' + digit;
            rest /= 10;
            used += 1;
            if rest == 0 {
                break;
            }
        }
        let whole = digits.get(20_usize.saturating_sub(used)..).unwrap_or_default();
        Self { negative: number < 0, whole, fraction: &[], exponent: 0 }
    }

    /// The digits from the first that is not zero.
    fn digits(&self) -> impl Iterator<Item = u8> + use<'a> {
        self.whole.iter().chain(self.fraction).copied().skip_while(|digit| *digit == b'0')
    }

    /// Whether it is zero.
    pub(crate) fn is_zero(&self) -> bool {
        self.digits().next().is_none()
    }

    /// Where its point stands: how many digits are before it, counted from the first that is not zero.
    fn point(&self) -> i64 {
        let zeros = |digits: &[u8]| digits.iter().take_while(|digit| **digit == b'0').count();
        let before = self.whole.len().saturating_sub(zeros(self.whole));
        let place = if before > 0 { length(before) } else { length(zeros(self.fraction)).saturating_neg() };
        place.saturating_add(self.exponent)
    }

    /// The order of two numbers.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        match (self.is_zero(), other.is_zero()) {
            (true, true) => return Ordering::Equal,
            (true, false) => return if other.negative { Ordering::Greater } else { Ordering::Less },
            (false, true) => return if self.negative { Ordering::Less } else { Ordering::Greater },
            (false, false) => {}
        }
        match (self.negative, other.negative) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => self.compare_magnitude(other),
            (true, true) => other.compare_magnitude(self),
        }
    }

    fn compare_magnitude(&self, other: &Self) -> Ordering {
        self.point().cmp(&other.point()).then_with(|| {
            let (mut a, mut b) = (self.digits(), other.digits());
            loop {
                match (a.next(), b.next()) {
                    (None, None) => return Ordering::Equal,
                    (a, b) => match a.unwrap_or(b'0').cmp(&b.unwrap_or(b'0')) {
                        Ordering::Equal => {}
                        order => return order,
                    },
                }
            }
        })
    }

    /// All its digits, and the power of ten that they are times.
    ///
    /// # Errors
    /// It is too big, too small or too long to compute with.
    pub(crate) fn scaled(&self) -> Result<(Vec<u8>, i64), NumberError> {
        let mut digits: Vec<u8> = self.digits().collect();
        if digits.is_empty() {
            return Ok((vec![b'0'], 0));
        }
        let zeros = digits.iter().rev().take_while(|digit| **digit == b'0').count();
        digits.truncate(digits.len().saturating_sub(zeros));
        let point = self.point();
        if point.saturating_abs() > DIGITS || length(digits.len()) > DIGITS {
            return Err(NumberError::TooBig);
        }
        let exponent = point.saturating_sub(length(digits.len()));
        Ok((digits, exponent))
    }

    /// Its digits and how many zeros follow them, where it is whole.
    ///
    /// # Errors
    /// It is whole and too big to compute with.
    pub(crate) fn whole_digits(&self) -> Result<Option<(Vec<u8>, u32)>, NumberError> {
        if self.point() <= 0 && !self.is_zero() {
            return Ok(None);
        }
        let (digits, exponent) = self.scaled()?;
        Ok(u32::try_from(exponent).ok().map(|zeros| (digits, zeros)))
    }
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
