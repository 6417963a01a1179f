//! Products of two 128-bit numbers in 256 bits, and their division by one of 128 bits.

/// A number of 256 bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Wide {
    high: u128,
    low: u128,
}

const HALF: u32 = 64;
const LOW: u128 = u64::MAX as u128;

/// The exact product.
pub(super) const fn product(a: u128, b: u128) -> Wide {
    let (a1, a0, b1, b0) = (a >> HALF, a & LOW, b >> HALF, b & LOW);
    // Each is below 2^128, and so is each sum below: (2^64 - 1)^2 + 2 (2^64 - 1) = 2^128 - 1.
    let lowest = a0 * b0;
    let middle = a1 * b0 + (lowest >> HALF);
    let other = a0 * b1 + (middle & LOW);
    Wide { high: a1 * b1 + (middle >> HALF) + (other >> HALF), low: (other << HALF) | (lowest & LOW) }
}

/// Quotient and rest; nothing where the quotient does not fit, or the divisor is zero.
pub(super) fn divide(dividend: Wide, divisor: u128) -> Option<(u128, u128)> {
    if dividend.high == 0 {
        return Some((dividend.low.checked_div(divisor)?, dividend.low % divisor));
    }
    if dividend.high >= divisor {
        return None;
    }
    // One bit at a time: the rest stays below the divisor, and what is shifted out of it counts as 2^128.
    let (mut rest, mut quotient) = (dividend.high, 0_u128);
    for bit in (0..u128::BITS).rev() {
        let carry = rest >> (u128::BITS - 1) != 0;
        rest = (rest << 1) | ((dividend.low >> bit) & 1);
        quotient <<= 1;
        if carry || rest >= divisor {
            rest = rest.wrapping_sub(divisor);
            quotient |= 1;
        }
    }
    Some((quotient, rest))
}
