//! Columns of a CSV file, and keys of a `[[price]]` table.

/// What can be said of a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Resource,
    Class,
    Provider,
    Region,
    Zone,
    InstanceType,
    Purchase,
    Unit,
    Price,
    Currency,
    TierFrom,
    ValidFrom,
    ValidUntil,
    Source,
}

impl Column {
    pub(super) const ALL: [Self; 14] = [
        Self::Resource,
        Self::Class,
        Self::Provider,
        Self::Region,
        Self::Zone,
        Self::InstanceType,
        Self::Purchase,
        Self::Unit,
        Self::Price,
        Self::Currency,
        Self::TierFrom,
        Self::ValidFrom,
        Self::ValidUntil,
        Self::Source,
    ];

    /// What no price can do without.
    pub(super) const REQUIRED: [Self; 4] = [Self::Resource, Self::Unit, Self::Price, Self::Currency];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Resource => "resource",
            Self::Class => "class",
            Self::Provider => "provider",
            Self::Region => "region",
            Self::Zone => "zone",
            Self::InstanceType => "instance_type",
            Self::Purchase => "purchase",
            Self::Unit => "unit",
            Self::Price => "price",
            Self::Currency => "currency",
            Self::TierFrom => "tier_from",
            Self::ValidFrom => "valid_from",
            Self::ValidUntil => "valid_until",
            Self::Source => "source",
        }
    }

    pub(super) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.word() == word)
    }
}

/// `a, b, c`, of words.
pub(super) fn listed(words: impl IntoIterator<Item = &'static str>) -> String {
    words.into_iter().collect::<Vec<_>>().join(", ")
}
