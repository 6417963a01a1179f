//! Jobs: paid once, for as long as their pods may run.

use tollgate_vocabulary::Ratio;

use super::Desk;
use super::run::Run;
use crate::estimate::{Draft, Span};
use crate::exact::Exact;
use crate::explanation::Per;
use crate::node::Node;
use crate::{EstimateError, Explanation};

impl Desk<'_> {
    pub(super) fn job(&self, spec: &Node<'_, '_>) -> Result<Draft, EstimateError> {
        let run = Run::of(spec, self.explain)?;
        let template = spec.get("template").checked()?;
        let pods = self.pods(&template.get("spec"), &Node::absent(), Vec::new(), false)?;
        let mut draft = Draft::default();
        if run.is_idle() {
            if self.explain {
                draft.tree.push(idle(&run, spec));
            }
            return Ok(draft);
        }
        // Without history, the bound is all that can be expected.
        let hours = run.pod_hours.unwrap_or(Ratio::ZERO);
        let once = |pod: Exact| pod.times(hours).map(|once| Span { per_hour: Exact::ZERO, once });
        draft.expected = once(pods.price.expected)?;
        draft.worst = once(pods.price.worst)?;
        draft.peak = pods.price.worst.times_whole(run.width)?;
        draft.gpus = Some(pods.price.gpus.times(Ratio::from(run.width))?);
        draft.open_ends(&pods);
        if run.pod_hours.is_none() {
            draft.unbounded.push(run.deadline.clone());
        }
        if self.explain {
            draft.tree = run.tree;
            draft.tree.extend(self.lines(&pods)?);
            draft.tree.push(match run.pod_hours {
                Some(hours) => {
                    let words = format!("{hours} pod-hours x {}", self.money(pods.price.worst)?);
                    let figure = self.money(draft.worst.once)?;
                    Explanation::of("worst").saying(words).coming_to(figure, Per::Once)
                }
                None => Explanation::of("no deadline").saying("it may run for ever: only its peak is known"),
            });
            let words = format!("{} x {}", run.width, self.money(pods.price.worst)?);
            let line = Explanation::of("peak").saying(words);
            draft.tree.push(line.coming_to(self.money(draft.peak)?, Per::Hour));
        }
        Ok(draft)
    }
}

/// Why no pod runs.
pub(super) fn idle(run: &Run, spec: &Node<'_, '_>) -> Explanation {
    if run.suspended {
        let words = "it costs nothing until it is resumed";
        Explanation::of("suspended").saying(words).by_field(spec.get("suspend").field())
    } else {
        Explanation::of("no pods").saying("none may run")
    }
}
