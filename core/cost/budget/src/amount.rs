//! What a limit is of: money, or GPUs. How both are written for people.

use std::fmt;

use tollgate_vocabulary::{Money, Ratio, Rounding};

/// An amount of what a limit is of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// money
    Money(Money),
    /// GPUs
    Gpus(Ratio),
}

impl Amount {
    /// The number alone, with at most four digits behind the point.
    pub(crate) fn number(self, rounding: Rounding) -> String {
        match self {
            Self::Money(money) => money_text(money, rounding),
            Self::Gpus(gpus) => ratio_text(gpus, 4, rounding),
        }
    }

    /// What it is of.
    pub(crate) fn unit(self) -> String {
        match self {
            Self::Money(money) => money.currency().to_string(),
            Self::Gpus(_) => "GPUs".to_owned(),
        }
    }

    /// What part of `whole` it is, in percent; nothing of nothing, or where the two are no amounts of one thing.
    pub(crate) fn percent_of(self, whole: Self) -> Option<Ratio> {
        let part = match (self, whole) {
            (Self::Money(part), Self::Money(whole)) => part.part_of(whole),
            (Self::Gpus(part), Self::Gpus(whole)) => part.over(whole).ok().flatten(),
            _ => None,
        };
        part.and_then(|part| part.times(Ratio::whole(100)).ok())
    }
}

pub(crate) fn money_text(money: Money, rounding: Rounding) -> String {
    trimmed(money.to_text(4, rounding))
}

/// A decimal number with at most so many digits behind the point.
pub(crate) fn ratio_text(ratio: Ratio, digits: u32, rounding: Rounding) -> String {
    let shifted = 10_u128.checked_pow(digits).map(Ratio::whole).and_then(|step| ratio.times(step).ok());
    let Some(whole) = shifted.and_then(|shifted| shifted.to_whole(rounding).ok()) else {
        return ratio.to_string();
    };
    let (one, width) = (10_u128.pow(digits), digits as usize);
    trimmed(format!("{}.{:0width$}", whole / one, whole % one))
}

fn trimmed(decimal: String) -> String {
    decimal.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// With what it is of: `12.5 USD`, `4 GPUs`.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number(Rounding::HalfUp), self.unit())
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Money(money) => fmt::Debug::fmt(money, f),
            Self::Gpus(gpus) => write!(f, "{gpus} GPUs"),
        }
    }
}
