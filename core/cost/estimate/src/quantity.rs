//! Kubernetes quantities: `500m`, `1Gi`, `0.5`, `1e-1`, `128974848000m`.
//!
//! Read as `ParseQuantity` of apimachinery reads them: decimal suffixes from `n` to `E`, binary ones from `Ki` to
//! `Ei`, decimal exponents; what is finer than a billionth is rounded up to one. INVARIANT: not negative and at most
//! 2^63 - 1; more is an error here, where Kubernetes cuts it down.

use tollgate_vocabulary::{Ratio, Value};

use crate::exact::Wide;

/// An amount of a resource, in billionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity {
    nano: u128,
}

/// Why something is no quantity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// no number with a suffix that Kubernetes knows
    #[error("`{0}` is no quantity such as `500m` or `1Gi`")]
    Malformed(String),
    /// less than nothing
    #[error("`{0}` is less than nothing")]
    Negative(String),
    /// more than 2^63 - 1
    #[error("`{0}` is more than a quantity can be (2^63 - 1)")]
    TooLarge(String),
}

/// Billionths of one.
const NANO: u128 = 1_000_000_000;
/// 2^63 - 1, the most that Kubernetes keeps.
const MOST: u128 = (i64::MAX as u128) * NANO;

impl Quantity {
    /// None of it.
    pub const ZERO: Self = Self { nano: 0 };
    /// One of it.
    pub const ONE: Self = Self { nano: NANO };

    /// Reads a quantity.
    ///
    /// # Errors
    /// It is none, or is negative, or too large.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let trimmed = text.trim();
        let (negative, unsigned) = match trimmed.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
        };
        let written = Written::of(unsigned).ok_or_else(|| QuantityError::Malformed(text.to_owned()))?;
        match written.nano() {
            Some(nano) if negative && nano != 0 => Err(QuantityError::Negative(text.to_owned())),
            Some(nano) if nano <= MOST => Ok(Self { nano }),
            _ => Err(QuantityError::TooLarge(text.to_owned())),
        }
    }

    /// Reads a quantity from text or a number.
    ///
    /// # Errors
    /// It is none, or is negative, or too large.
    pub fn of_value(value: &Value) -> Result<Self, QuantityError> {
        match value {
            Value::String(text) => Self::parse(text),
            Value::Number(number) => Self::parse(number.as_str()),
            Value::Bool(truth) => Err(QuantityError::Malformed(truth.to_string())),
            Value::Null => Err(QuantityError::Malformed("null".to_owned())),
            Value::Array(_) => Err(QuantityError::Malformed("[..]".to_owned())),
            Value::Object(_) => Err(QuantityError::Malformed("{..}".to_owned())),
        }
    }

    /// How many billionths.
    #[must_use]
    pub const fn nano(self) -> u128 {
        self.nano
    }

    /// Whether it is none.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.nano == 0
    }

    /// Whether it is a whole number.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        self.nano.is_multiple_of(NANO)
    }

    /// The sum; nothing where it is more than 128 bits of billionths.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        self.nano.checked_add(other.nano).map(|nano| Self { nano })
    }
}

impl From<Quantity> for Ratio {
    fn from(quantity: Quantity) -> Self {
        Self::new(quantity.nano, NANO).unwrap_or(Self::ZERO)
    }
}

/// `digits * 10^-behind * factor`
struct Written {
    digits: u128,
    behind: u32,
    factor: Factor,
}

enum Factor {
    PowerOfTen(i32),
    PowerOfTwo(u32),
}

impl Written {
    fn of(text: &str) -> Option<Self> {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, suffix) = text.split_at_checked(end)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if fraction.contains('.') || (whole.is_empty() && fraction.is_empty()) {
            return None;
        }
        // Zeros at the end say nothing, and would make long numbers too large.
        let fraction = fraction.trim_end_matches('0');
        let mut digits: u128 = 0;
        for byte in whole.bytes().chain(fraction.bytes()) {
            digits = digits.checked_mul(10)?.checked_add(u128::from(byte.checked_sub(b'0')?))?;
        }
        Some(Self { digits, behind: u32::try_from(fraction.len()).ok()?, factor: Factor::of(suffix)? })
    }

    /// Rounded up; nothing where that is too large to say.
    fn nano(&self) -> Option<u128> {
        if self.digits == 0 {
            return Some(0);
        }
        let (numerator, power) = match self.factor {
            Factor::PowerOfTen(ten) => {
                (Wide::product(self.digits, 1), i64::from(ten) + 9 - i64::from(self.behind))
            }
            Factor::PowerOfTwo(two) => {
                (Wide::product(self.digits, 1_u128.checked_shl(two)?), 9 - i64::from(self.behind))
            }
        };
        let by_ten = u32::try_from(power.unsigned_abs()).ok()?;
        let most_by_ten = by_ten.min(38);
        let (ten, more) = (10_u128.checked_pow(most_by_ten)?, by_ten.checked_sub(most_by_ten)?);
        if power >= 0 {
            return if more == 0 {
                numerator.times(ten)?.divide(1).map(|(quotient, _)| quotient)
            } else {
                None
            };
        }
        // Rounding up in two steps is rounding up in one.
        let (quotient, rest) = numerator.divide(ten)?;
        let quotient = quotient.checked_add(u128::from(rest != 0))?;
        Some(10_u128.checked_pow(more).map_or(1, |ten| quotient.div_ceil(ten)))
    }
}

impl Factor {
    fn of(suffix: &str) -> Option<Self> {
        Some(match suffix {
            "" => Self::PowerOfTen(0),
            "n" => Self::PowerOfTen(-9),
            "u" => Self::PowerOfTen(-6),
            "m" => Self::PowerOfTen(-3),
            "k" => Self::PowerOfTen(3),
            "M" => Self::PowerOfTen(6),
            "G" => Self::PowerOfTen(9),
            "T" => Self::PowerOfTen(12),
            "P" => Self::PowerOfTen(15),
            "E" => Self::PowerOfTen(18),
            "Ki" => Self::PowerOfTwo(10),
            "Mi" => Self::PowerOfTwo(20),
            "Gi" => Self::PowerOfTwo(30),
            "Ti" => Self::PowerOfTwo(40),
            "Pi" => Self::PowerOfTwo(50),
            "Ei" => Self::PowerOfTwo(60),
            exponent => {
                let signed = exponent.strip_prefix(['e', 'E'])?;
                let digits = signed.strip_prefix(['+', '-']).unwrap_or(signed);
                if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                    return None;
                }
                Self::PowerOfTen(signed.parse().ok()?)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::prelude::*;

    use super::*;

    fn nano(text: &str) -> u128 {
        Quantity::parse(text).unwrap_or_else(|error| panic!("{error}")).nano()
    }

    #[test]
    fn every_suffix_has_its_factor() {
        for (text, expected) in [
            ("1n", 1),
            ("1u", 1_000),
            ("1m", 1_000_000),
            ("1", NANO),
            ("1k", 1_000 * NANO),
            ("1M", 1_000_000 * NANO),
            ("1G", 1_000_000_000 * NANO),
            ("1T", 1_000_000_000_000 * NANO),
            ("1P", 1_000_000_000_000_000 * NANO),
            ("1E", 1_000_000_000_000_000_000 * NANO),
            ("1Ki", (1 << 10) * NANO),
            ("1Mi", (1 << 20) * NANO),
            ("1Gi", (1 << 30) * NANO),
            ("1Ti", (1 << 40) * NANO),
            ("1Pi", (1 << 50) * NANO),
            ("1Ei", (1 << 60) * NANO),
            ("1e3", 1_000 * NANO),
            ("1E3", 1_000 * NANO),
            ("1E+3", 1_000 * NANO),
            ("25e-2", NANO / 4),
            (".5", NANO / 2),
            ("5.", 5 * NANO),
            ("+2", 2 * NANO),
            (" 2 ", 2 * NANO),
            ("0.5Gi", (1 << 29) * NANO),
            ("128974848000m", 128_974_848 * NANO),
            ("-0", 0),
            ("0e99", 0),
            ("9223372036854775807", MOST),
        ] {
            assert_eq!(nano(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_finer_than_a_billionth_is_rounded_up() {
        for (text, expected) in [
            ("0.1n", 1),
            ("1.0000000001", NANO + 1),
            ("1e-40", 1),
            ("1e-2000000000", 1),
            ("0.00000000000000000001Ki", 1),
            ("0.00000000000000000000000000000000000001", 1),
            ("0.00000000000010000000000000000000000000000000000001Ei", 115292150460685),
        ] {
            assert_eq!(nano(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_quantity_says_so() {
        for text in [
            "", " ", ".", "abc", "1 Gi", "1K", "1ki", "1gi", "1e", "1e+", "1.2.3", "0x1", "1_0", "--1",
            "1Gib", "½",
        ] {
            assert!(matches!(Quantity::parse(text), Err(QuantityError::Malformed(_))), "{text}");
        }
        assert!(matches!(Quantity::parse("-1m"), Err(QuantityError::Negative(_))));
        for text in ["1e30", "8Ei", "9223372036854775808", "1e2000000000"] {
            assert!(matches!(Quantity::parse(text), Err(QuantityError::TooLarge(_))), "{text}");
        }
        assert!(Quantity::of_value(&Value::Bool(true)).is_err());
    }

    proptest! {
        #[test]
        fn any_decimal_is_what_it_says(digits in 0_u64..10_u64.pow(15), behind in 0_u32..25, two in 0_u32..7) {
            let suffix = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"][two as usize];
            let text = format!("{digits}e-{behind}");
            let expected = |factor: BigUint, behind: u32| {
                let (up, down) = (factor * digits * NANO, BigUint::from(10_u32).pow(behind));
                (up + &down - 1_u32) / down
            };
            prop_assert_eq!(BigUint::from(nano(&text)), expected(BigUint::from(1_u32), behind));
            let padded = format!("{digits:0>width$}", width = behind as usize + 1);
            let (whole, fraction) = padded.split_at(padded.len() - behind as usize);
            let text = format!("{whole}.{fraction}{suffix}");
            let expected = expected(BigUint::from(1_u32) << (10 * two), behind);
            match Quantity::parse(&text) {
                Ok(quantity) => prop_assert_eq!(BigUint::from(quantity.nano()), expected),
                Err(error) => {
                    prop_assert!(matches!(error, QuantityError::TooLarge(_)));
                    prop_assert!(expected > BigUint::from(MOST));
                }
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC*") {
            let _ = Quantity::parse(&text);
        }
    }
}
