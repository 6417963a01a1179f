//! The price that a book answers with: one row, or the tiers of one price.

use tollgate_vocabulary::{Money, MoneyError, Ratio, Rounding};

use crate::{Row, Unit};

/// What a book answers: the tiers of one price, all of one unit and for the same time; most have one tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price<'a> {
    first: &'a Row,
    tiers: &'a [Row],
}

impl<'a> Price<'a> {
    /// Tiers in ascending order, the first of which begins at zero; nothing of no tiers.
    pub(crate) fn of(tiers: &'a [Row]) -> Option<Self> {
        tiers.first().map(|first| Self { first, tiers })
    }

    /// The row of the first tier: what one unit costs where there is but one tier.
    #[must_use]
    pub const fn row(&self) -> &'a Row {
        self.first
    }

    /// All tiers, ascending.
    #[must_use]
    pub const fn tiers(&self) -> &'a [Row] {
        self.tiers
    }

    /// What is counted.
    #[must_use]
    pub const fn unit(&self) -> Unit {
        self.first.unit
    }

    /// What so many units cost, in a month where there are tiers: each tier's price for what lies in it. Each tier's
    /// part is rounded on its own.
    ///
    /// # Errors
    /// An overflow.
    pub fn amount(&self, quantity: Ratio, rounding: Rounding) -> Result<Money, MoneyError> {
        let mut sum = Money::zero(self.first.price.currency());
        let mut above = self.tiers.iter().skip(1);
        for tier in self.tiers {
            let end = above.next().map_or(quantity, |next| next.tier_from.min(quantity));
            if tier.tier_from < end || tier.tier_from.is_zero() {
                sum = sum.plus(tier.price.times(end.minus(tier.tier_from)?, rounding)?)?;
            }
        }
        Ok(sum)
    }
}
