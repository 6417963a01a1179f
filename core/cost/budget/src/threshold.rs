//! Thresholds: from which part of a budget's amount on what happens.

use tollgate_vocabulary::{Effect, Money, MoneyError, Ratio, Rounding};

use crate::node::{Node, Wrong};

/// One threshold. It is passed by whatever is more than its part of the amount, not by what is equal to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// the part of the amount, in percent
    pub percent: Ratio,
    /// what happens to a claim that passes it, or grows beyond it
    pub effect: Effect,
}

/// The thresholds of a budget, in ascending order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thresholds(Vec<Threshold>);

const EFFECTS: [(&str, Effect); 3] = [("info", Effect::Info), ("warn", Effect::Warn), ("deny", Effect::Deny)];

impl Default for Thresholds {
    /// A warning above 80 percent, a denial above 100.
    fn default() -> Self {
        Self(vec![
            Threshold { percent: Ratio::whole(80), effect: Effect::Warn },
            Threshold { percent: Ratio::whole(100), effect: Effect::Deny },
        ])
    }
}

impl Thresholds {
    /// All of them, in ascending order.
    #[must_use]
    pub fn all(&self) -> &[Threshold] {
        &self.0
    }

    /// The hardest threshold that `total` passes, of equally hard ones the highest, and how much money it is at.
    pub(crate) fn passed(
        &self,
        total: Money,
        amount: Money,
    ) -> Result<Option<(Threshold, Money)>, MoneyError> {
        let mut hardest: Option<(Threshold, Money)> = None;
        for threshold in &self.0 {
            let most = threshold.of(amount)?;
            let passes = total.compare(most)?.is_gt();
            if passes && hardest.is_none_or(|(before, _)| before.effect <= threshold.effect) {
                hardest = Some((*threshold, most));
            }
        }
        Ok(hardest)
    }

    pub(crate) fn read(node: &Node<'_>) -> Result<Self, Wrong> {
        let mut thresholds: Vec<Threshold> = Vec::new();
        for item in node.items()? {
            item.only(&["percent", "effect"])?;
            let lacks = |key: &str| item.wrong(format!("a threshold has a `{key}`"));
            let percent_node = item.find("percent").ok_or_else(|| lacks("percent"))?;
            let percent = percent_node.ratio()?;
            if percent.is_zero() || percent > Ratio::whole(1000) {
                return Err(
                    percent_node.wrong(format!("`{percent}` is not above 0 and at most 1000 percent"))
                );
            }
            if thresholds.iter().any(|threshold| threshold.percent == percent) {
                return Err(percent_node.wrong(format!("{percent} percent stands twice")));
            }
            let effect = item.find("effect").ok_or_else(|| lacks("effect"))?.word(&EFFECTS)?;
            thresholds.push(Threshold { percent, effect });
        }
        thresholds.sort_by_key(|threshold| threshold.percent);
        let denies = thresholds.iter().position(|threshold| threshold.effect == Effect::Deny);
        let says_100 = thresholds.iter().any(|threshold| threshold.percent == Ratio::whole(100));
        match denies {
            None if !says_100 => Err(node.wrong(
                "no threshold denies: add `{percent: 100, effect: deny}`, or say `{percent: 100, effect: warn}` if \
                 nothing is to be denied",
            )),
            Some(at) if at + 1 < thresholds.len() => {
                let percent = thresholds.get(at).map_or(Ratio::ZERO, |threshold| threshold.percent);
                Err(node.wrong(format!("what stands above {percent} percent is never reached: that denies")))
            }
            _ => Ok(Self(thresholds)),
        }
    }
}

impl Threshold {
    /// How much money it is at: the most that does not pass it.
    fn of(&self, amount: Money) -> Result<Money, MoneyError> {
        let part = Ratio::new(1, 100).unwrap_or(Ratio::ZERO).times(self.percent)?;
        // Amounts are whole units, so that what is above the part is above the whole units in it.
        amount.times(part, Rounding::Down)
    }
}
