//! Numbers of 256 bits: what a price times a quantity needs before it is divided.

/// A number of 256 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Wide {
    high: u128,
    low: u128,
}

const HALF: u32 = 64;
const LOW: u128 = u64::MAX as u128;

impl Wide {
    pub(crate) const ZERO: Self = Self { high: 0, low: 0 };

    /// The exact product of two numbers of 128 bits.
    pub(crate) const fn product(a: u128, b: u128) -> Self {
        if a <= LOW && b <= LOW {
            return Self { high: 0, low: a * b };
        }
        let (a1, a0, b1, b0) = (a >> HALF, a & LOW, b >> HALF, b & LOW);
        // Each is below 2^128, and so is each sum below: (2^64 - 1)^2 + 2 (2^64 - 1) = 2^128 - 1.
        let lowest = a0 * b0;
        let middle = a1 * b0 + (lowest >> HALF);
        let other = a0 * b1 + (middle & LOW);
        Self { high: a1 * b1 + (middle >> HALF) + (other >> HALF), low: (other << HALF) | (lowest & LOW) }
    }

    /// The product; nothing where it does not fit.
    pub(crate) fn times(self, factor: u128) -> Option<Self> {
        let low = Self::product(self.low, factor);
        if self.high == 0 {
            return Some(low);
        }
        let high = self.high.checked_mul(factor)?.checked_add(low.high)?;
        Some(Self { high, low: low.low })
    }

    /// The sum; nothing where it does not fit.
    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        let (low, carry) = self.low.overflowing_add(other.low);
        let high = self.high.checked_add(other.high)?.checked_add(u128::from(carry))?;
        Some(Self { high, low })
    }

    pub(crate) const fn is_zero(self) -> bool {
        self.high == 0 && self.low == 0
    }

    /// Quotient and rest; nothing where the quotient does not fit into 128 bits, or the divisor is zero.
    pub(crate) fn divide(self, divisor: u128) -> Option<(u128, u128)> {
        if self.high == 0 {
            return Some((self.low.checked_div(divisor)?, self.low.checked_rem(divisor)?));
        }
        if self.high >= divisor {
            return None;
        }
        // One bit at a time: the rest stays below the divisor, and what is shifted out of it counts as 2^128.
        let (mut rest, mut quotient) = (self.high, 0_u128);
        for bit in (0..u128::BITS).rev() {
            let carry = rest >> (u128::BITS - 1) != 0;
            rest = (rest << 1) | ((self.low >> bit) & 1);
            quotient <<= 1;
            if carry || rest >= divisor {
                rest = rest.wrapping_sub(divisor);
                quotient |= 1;
            }
        }
        Some((quotient, rest))
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::prelude::*;

    use super::*;

    fn big(wide: Wide) -> BigUint {
        (BigUint::from(wide.high) << 128_u32) + BigUint::from(wide.low)
    }

    proptest! {
        #[test]
        fn it_computes_as_numbers_without_a_size_do(a: u128, b: u128, c in 1..=u128::MAX, d: u64) {
            let product = Wide::product(a, b);
            prop_assert_eq!(big(product), BigUint::from(a) * b);
            let longer = product.times(d.into());
            let expected = BigUint::from(a) * b * d;
            prop_assert_eq!(longer.map(big), (expected.bits() <= 256).then_some(expected));
            let sum = BigUint::from(a) * b + BigUint::from(a) * c;
            let ours = product.plus(Wide::product(a, c)).map(big);
            prop_assert_eq!(ours, (sum.bits() <= 256).then_some(sum));
            let (quotient, rest) = (BigUint::from(a) * b / c, BigUint::from(a) * b % c);
            match product.divide(c) {
                Some((ours, left)) => {
                    prop_assert_eq!((BigUint::from(ours), BigUint::from(left)), (quotient, rest));
                }
                None => prop_assert!(quotient.bits() > 128),
            }
        }
    }

    #[test]
    fn nothing_is_divided_by_zero() {
        assert_eq!(Wide::product(7, 3).divide(0), None);
        assert_eq!(Wide::product(u128::MAX, u128::MAX).divide(0), None);
    }
}
