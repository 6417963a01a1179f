//! What one price pays for, and of which resources it can be.

use std::fmt;

use crate::Key;

/// What one price pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// one core for an hour
    CoreHour,
    /// one GiB (2^30 bytes) for an hour
    GibHour,
    /// one GPU, or one slice of one, for an hour
    GpuHour,
    /// one of it for an hour
    Hour,
    /// one of it for a month of 730 hours
    Month,
    /// one GiB for a month of 730 hours
    GibMonth,
    /// one GiB moved
    Gib,
    /// one of it, once
    Each,
}

impl Unit {
    /// All, in their order.
    pub const ALL: [Self; 8] = [
        Self::CoreHour,
        Self::GibHour,
        Self::GpuHour,
        Self::Hour,
        Self::Month,
        Self::GibMonth,
        Self::Gib,
        Self::Each,
    ];

    /// The word that price files use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::CoreHour => "core-hour",
            Self::GibHour => "GiB-hour",
            Self::GpuHour => "gpu-hour",
            Self::Hour => "hour",
            Self::Month => "month",
            Self::GibMonth => "GiB-month",
            Self::Gib => "GiB",
            Self::Each => "each",
        }
    }

    /// The unit of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.word() == word)
    }

    /// Units that a price of this key can be by; any for a resource that is not known here.
    #[must_use]
    pub fn of_key(key: &Key) -> &'static [Self] {
        match &*key.resource {
            "cpu" => &[Self::CoreHour],
            // Of a class, such as a disk of one size, a whole volume can have a price.
            "storage" if key.class.is_some() => &[Self::GibHour, Self::GibMonth, Self::Hour, Self::Month],
            "memory" | "storage" | "ephemeral-storage" => &[Self::GibHour, Self::GibMonth],
            "instance" | "load-balancer" => &[Self::Hour, Self::Month],
            resource if resource.starts_with("hugepages-") => &[Self::GibHour, Self::GibMonth],
            // An extended resource is counted in whole pieces.
            resource if resource.contains('/') => &[Self::GpuHour, Self::Hour, Self::Month],
            _ => &Self::ALL,
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
