//! What a comparison with a constant leaves a value to be.

use std::cmp::Ordering;
use std::sync::Arc;

/// A scalar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Constant {
    Null,
    Bool(bool),
    Number(Arc<str>),
    String(Arc<str>),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
}

/// What a value must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    /// one of these
    OneOf(Vec<Constant>),
    /// so compared with that
    Is(Sign, Constant),
}

impl Sign {
    /// The sign with the sides changed.
    pub(super) const fn turned(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            other => other,
        }
    }

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::In => "in",
        }
    }

    /// Whether it holds of two values in this order.
    pub(super) fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal | Self::In => order == Ordering::Equal,
            Self::NotEqual => order != Ordering::Equal,
            Self::Less => order == Ordering::Less,
            Self::LessOrEqual => order != Ordering::Greater,
            Self::Greater => order == Ordering::Greater,
            Self::GreaterOrEqual => order != Ordering::Less,
        }
    }
}

impl Constant {
    /// The order of two constants, as Rego has it; nothing where it cannot be told here, as of two long numbers.
    pub(super) fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => Some(a.cmp(b)),
            (Self::String(a), Self::String(b)) => Some(a.cmp(b)),
            (Self::Number(a), Self::Number(b)) => {
                if a == b {
                    return Some(Ordering::Equal);
                }
                if let (Ok(a), Ok(b)) = (a.parse::<i64>(), b.parse::<i64>()) {
                    return Some(a.cmp(&b));
                }
                let (a, b): (f64, f64) = (a.parse().ok()?, b.parse().ok()?);
                // What is the same after rounding may differ before.
                a.partial_cmp(&b).filter(|order| a.is_finite() && b.is_finite() && *order != Ordering::Equal)
            }
            _ => Some(self.rank().cmp(&other.rank())),
        }
    }

    const fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Bool(_) => 1,
            Self::Number(_) => 2,
            Self::String(_) => 3,
        }
    }
}

impl Limit {
    pub(super) fn of(sign: Sign, constant: Constant) -> Self {
        match sign {
            Sign::Equal => Self::OneOf(vec![constant]),
            sign => Self::Is(sign, constant),
        }
    }

    /// Whether some value may keep both limits.
    pub(super) fn allows(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::OneOf(values), other) | (other, Self::OneOf(values)) => {
                values.iter().any(|value| other.takes(value))
            }
            (Self::Is(a, low), Self::Is(b, high)) => {
                let (low_sign, low, high_sign, high) = match (a, b) {
                    (Sign::Greater | Sign::GreaterOrEqual, Sign::Less | Sign::LessOrEqual) => {
                        (a, low, b, high)
                    }
                    (Sign::Less | Sign::LessOrEqual, Sign::Greater | Sign::GreaterOrEqual) => {
                        (b, high, a, low)
                    }
                    _ => return true,
                };
                match low.order(high) {
                    Some(Ordering::Greater) => false,
                    Some(Ordering::Equal) => {
                        *low_sign == Sign::GreaterOrEqual && *high_sign == Sign::LessOrEqual
                    }
                    Some(Ordering::Less) | None => true,
                }
            }
        }
    }

    /// Whether it may be this value.
    fn takes(&self, value: &Constant) -> bool {
        match self {
            Self::OneOf(values) => values.iter().any(|own| own.order(value).is_none_or(Ordering::is_eq)),
            Self::Is(sign, own) => value.order(own).is_none_or(|order| sign.holds(order)),
        }
    }
}

#[cfg(test)]
mod tests;
