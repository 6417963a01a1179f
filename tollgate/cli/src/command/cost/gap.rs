//! What is in no figure: what has no bound, no price, is not known, or cannot be estimated at all.
//!
//! INVARIANT: nothing of that is counted as nothing in silence: every rendering tells it beside its figures.

use tollgate_flow::{CostLine, Costs, InFile};
use tollgate_vocabulary::Path;

use super::figure::{cents, name};
use super::place_of;

/// One thing that is in no figure.
pub(super) struct Gap {
    /// `unbounded`, `unpriced`, `unknown`
    pub(super) word: &'static str,
    /// the object
    pub(super) name: String,
    /// what of it
    pub(super) what: Vec<String>,
    /// why, where that is not the same for all of its kind
    pub(super) why: Option<String>,
    /// the cap that bounds it all the same
    pub(super) cap: Option<String>,
    /// where it is written
    pub(super) place: String,
}

/// What lines have in no figure, in their order.
pub(super) fn gaps(lines: &[&CostLine], objects: &[InFile]) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for line in lines {
        let Some(object) = objects.get(line.object) else { continue };
        let estimate = &line.estimate;
        let gap = |word, what: Vec<String>, path: &Path| Gap {
            word,
            name: name(&line.identity),
            what,
            why: None,
            cap: None,
            place: place_of(object, path),
        };
        if let Some(first) = estimate.unbounded.first() {
            let what = estimate.unbounded.iter().map(ToString::to_string).collect();
            let cap = estimate.capped.map(cents);
            gaps.push(Gap { cap, ..gap("unbounded", what, first) });
        }
        if !estimate.unpriced.is_empty() {
            let what = estimate.unpriced.iter().map(ToString::to_string).collect();
            gaps.push(gap("unpriced", what, &Path::root()));
        }
        if estimate.unknown.is_some() {
            gaps.push(Gap { why: estimate.unknown.clone(), ..gap("unknown", Vec::new(), &Path::root()) });
        }
    }
    gaps
}

/// How many objects have something that is in no figure, as the end of a sentence; nothing where none has.
pub(super) fn summary(costs: &Costs) -> String {
    let count = |wanted: &dyn Fn(&CostLine) -> bool| costs.lines.iter().filter(|line| wanted(line)).count();
    let open = |line: &CostLine| !line.estimate.unbounded.is_empty() && line.estimate.capped.is_none();
    let told: Vec<String> = [
        (count(&open), "without a bound"),
        (count(&|line| !line.estimate.unpriced.is_empty()), "without a price"),
        (count(&|line| line.estimate.unknown.is_some()), "unknown"),
        (costs.errors.len(), "in error"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect();
    if told.is_empty() { String::new() } else { format!("; in no figure: {}", told.join(", ")) }
}
