//! Pods that a roll-out adds for as long as it lasts.

use tollgate_vocabulary::Value;

use crate::node::{Node, shown};
use crate::{EstimateError, EstimateProblem, Explanation};

/// How many pods more, and why.
pub(crate) struct Surge {
    pub(crate) pods: u64,
    pub(crate) tree: Option<Explanation>,
}

/// What counts where `maxSurge` is not set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unset {
    /// a Deployment's
    Quarter,
    /// a DaemonSet's
    None,
}

impl Surge {
    /// Reads an update strategy for so many pods.
    pub(crate) fn of(
        strategy: &Node<'_, '_>,
        pods: u64,
        unset: Unset,
        explain: bool,
    ) -> Result<Self, EstimateError> {
        let strategy = strategy.checked()?;
        let kind = strategy.get("type");
        match (kind.text()?.unwrap_or("RollingUpdate"), unset) {
            ("RollingUpdate", _) => {}
            ("Recreate", Unset::Quarter) | ("OnDelete", Unset::None) => {
                let line = || Explanation::of("no surge").by_field(kind.field());
                return Ok(Self { pods: 0, tree: explain.then(line) });
            }
            (other, Unset::Quarter) => return Err(unknown(&kind, other, "`RollingUpdate`, `Recreate`")),
            (other, Unset::None) => return Err(unknown(&kind, other, "`RollingUpdate`, `OnDelete`")),
        }
        let rolling = strategy.get("rollingUpdate").checked()?;
        let most = rolling.get("maxSurge");
        let (surge, words) = match (most.value(), unset) {
            (None, Unset::None) => return Ok(Self { pods: 0, tree: None }),
            (None, Unset::Quarter) => {
                (share(25, pods), format!("25 % of {pods}, rounded up: maxSurge is not set"))
            }
            (Some(Value::Number(_)), _) => (most.count()?, String::new()),
            (Some(Value::String(text)), _) => {
                let percent =
                    percent(text).ok_or_else(|| most.wrong(EstimateProblem::NotSurge(text.to_string())))?;
                (share(percent, pods), format!("{percent} % of {pods}, rounded up"))
            }
            (Some(other), _) => return Err(most.wrong(EstimateProblem::NotSurge(shown(other)))),
        };
        // Of nothing, nothing new is made either.
        let surge = if pods == 0 { 0 } else { surge.ok_or_else(|| most.wrong(EstimateProblem::Overflow))? };
        let line =
            || Explanation::of(format!("surge {surge} at the peak")).saying(words).by_field(most.field());
        Ok(Self { pods: surge, tree: explain.then(line) })
    }
}

fn share(percent: u64, of: u64) -> Option<u64> {
    percent.checked_mul(of).map(|hundredths| hundredths.div_ceil(100))
}

fn percent(text: &str) -> Option<u64> {
    let digits = text.strip_suffix('%')?;
    let all = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| all)
}

fn unknown(node: &Node<'_, '_>, found: &str, known: &'static str) -> EstimateError {
    node.wrong(EstimateProblem::Word { found: found.to_owned(), known })
}
