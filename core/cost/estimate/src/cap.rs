//! A cap that an object declares for what has no bound: `tollgate.dev/cost-cap: "50"`, an amount a month.

use tollgate_price::MONTH_HOURS;
use tollgate_vocabulary::{Currency, Money, MoneyError, Ratio};

use crate::estimate::Draft;
use crate::exact::Exact;
use crate::explanation::Per;
use crate::node::Node;
use crate::{EstimateError, EstimateProblem, Explanation};

/// The annotation.
const CAP: &str = "tollgate.dev/cost-cap";

/// Adds an object's cap to the worst figures, where something of it has no bound or is unknown. The peak stays what it is: a month's
/// cap says nothing of an hour.
pub(crate) fn add(
    object: &Node<'_, '_>,
    currency: Currency,
    explain: bool,
    draft: &mut Draft,
) -> Result<(), EstimateError> {
    let metadata = object.get("metadata");
    let annotations = metadata.get("annotations");
    let cap = annotations.get(CAP);
    let Some(text) = cap.text()? else { return Ok(()) };
    let amount = match Money::parse(text, currency) {
        Ok(amount) if amount.is_negative() => {
            return Err(cap.wrong(EstimateProblem::NegativeCap(text.to_owned())));
        }
        Ok(amount) => amount,
        Err(error) => return Err(cap.wrong(EstimateProblem::Cap(error))),
    };
    if draft.unbounded.is_empty() && draft.unknown.is_none() {
        return Ok(());
    }
    let units = u128::try_from(amount.units()).map_err(|_| MoneyError::Overflow)?;
    let hour = Ratio::new(1, MONTH_HOURS.into()).unwrap_or(Ratio::ZERO);
    draft.worst.per_hour = draft.worst.per_hour.plus(Exact::of(units, hour))?;
    draft.capped = Some(amount);
    if explain {
        let words = "what has no bound costs no more than it declares, at worst";
        let line = Explanation::of("declared cap").saying(words).by_field(cap.field());
        draft.tree.push(line.coming_to(amount, Per::Month));
    }
    Ok(())
}
