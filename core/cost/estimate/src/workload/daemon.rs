//! DaemonSets: a pod for each node of the pools that it selects and tolerates.

use tollgate_price::MONTH_HOURS;
use tollgate_vocabulary::Ratio;

use super::Desk;
use super::lines::counted;
use super::surge::{Surge, Unset};
use crate::estimate::{Draft, Replicas};
use crate::explanation::Per;
use crate::node::Node;
use crate::pod::PodPrice;
use crate::{EstimateError, EstimateProblem, Explanation, Field, Source};

impl Desk<'_> {
    pub(super) fn daemon(&self, spec: &Node<'_, '_>) -> Result<Draft, EstimateError> {
        let template = spec.get("template").checked()?;
        let pod = template.get("spec");
        let pods = self.pods(&pod, &Node::absent(), Vec::new(), true)?;
        let mut draft = Draft::default();
        if self.pools.is_empty() {
            draft.unbounded.push(pod.path());
            draft.open_ends(&pods);
            if self.explain {
                let words = "no node pools are known: how many nodes there are has no bound";
                draft.tree.push(Explanation::of("nodes").saying(words).by_field(pod.field()));
                draft.tree.extend(self.of_resources(&pods)?);
            }
            return Ok(draft);
        }
        let mut nodes = Replicas::default();
        let plus = |a: u64, b: u64| a.checked_add(b).ok_or_else(|| pod.wrong(EstimateProblem::Overflow));
        for pool in &pods.pools {
            let price = PodPrice::of(&pods.request, &self.rates, &pool.offer, &[])?;
            nodes.expected = plus(nodes.expected, pool.nodes)?;
            nodes.worst = plus(nodes.worst, pool.most)?;
            let expected = price.expected.times_whole(pool.nodes)?;
            draft.expected.per_hour = draft.expected.per_hour.plus(expected)?;
            draft.worst.per_hour = draft.worst.per_hour.plus(price.worst.times_whole(pool.most)?)?;
            if self.explain {
                let words = format!("{}, {} at most", counted(pool.nodes, "node"), pool.most);
                let field = Field { source: Source::Pools, path: pool.path.clone() };
                let hour = self.money(price.expected)?;
                let words = format!("{words}, a pod at {hour} an hour");
                let line = Explanation::of(format!("pool {}", pool.name)).saying(words).by_field(field);
                draft.tree.push(line);
            }
        }
        let surge = Surge::of(&spec.get("updateStrategy"), nodes.worst, Unset::None, self.explain)?;
        draft.peak = draft.worst.per_hour.plus(pods.price.worst.times_whole(surge.pods)?)?;
        draft.gpus = Some(pods.price.gpus.times(Ratio::from(nodes.worst))?);
        draft.replicas = Some(nodes);
        if nodes.worst > 0 {
            draft.open_ends(&pods);
        }
        if self.explain {
            let label = format!("{}, {} at worst", counted(nodes.expected, "pod"), nodes.worst);
            let line = Explanation::of(label).saying("one for each node that it may run on");
            let below = std::mem::take(&mut draft.tree);
            draft.tree.push(line.resting_on(below));
            let line = Explanation::of("a pod").saying("at its dearest");
            draft.tree.push(line.resting_on(self.of_resources(&pods)?));
            draft.tree.extend(surge.tree);
            for (label, hour) in [("expected", draft.expected.per_hour), ("worst", draft.worst.per_hour)] {
                let month = self.money(hour.times_whole(MONTH_HOURS)?)?;
                let words = format!("{} x {MONTH_HOURS} h", self.money(hour)?);
                draft.tree.push(Explanation::of(label).saying(words).coming_to(month, Per::Month));
            }
            let line = Explanation::of("peak").coming_to(self.money(draft.peak)?, Per::Hour);
            draft.tree.push(line);
        }
        Ok(draft)
    }
}
