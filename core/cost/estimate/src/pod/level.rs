//! From the sums of the containers to the pod: pod-level resources, the node as a bound, overhead.

use std::sync::Arc;

use super::container::Containers;
use super::sum::{Pair, Sum};
use super::{Part, PodRequest, Remark, Request};
use crate::node::Node;
use crate::pool::Pool;
use crate::{EstimateError, EstimateProblem, Field, Quantity};

impl Containers<'_> {
    /// The pod's request out of those of its containers.
    pub(super) fn finish(
        mut self,
        pod: &Node<'_, '_>,
        request: &mut PodRequest,
    ) -> Result<(), EstimateError> {
        let resources = pod.get("resources").checked()?;
        let level = Level { requests: resources.get("requests"), limits: resources.get("limits") };
        let class = self.setting.around.runtime_class.map(Node::beside);
        let fixed = class.as_ref().map(|class| class.get("overhead"));
        let own = pod.get("overhead");
        let overhead = match &fixed {
            Some(fixed) if !own.is_set() => fixed.get("podFixed"),
            _ => own,
        };
        let pod_level = level.requests.entries()?.chain(level.limits.entries()?);
        let named = pod_level.filter(|(resource, _)| is_pod_level(resource)).chain(overhead.entries()?);
        for (resource, _) in named {
            self.sums.entry(Arc::clone(resource)).or_default();
        }
        self.remark(pod, request);
        let unsaid = std::mem::take(&mut self.unsaid).into_iter();
        request.unbounded.extend(unsaid.filter(|(resource, _)| !level.gives(resource)).map(|(_, path)| path));
        for (resource, sum) in std::mem::take(&mut self.sums) {
            let done = self.of_resource(resource, sum, &level, &overhead, request)?;
            request.requests.push(done);
        }
        Ok(())
    }

    fn of_resource(
        &self,
        resource: Arc<str>,
        mut sum: Sum,
        level: &Level<'_, '_>,
        overhead: &Node<'_, '_>,
        request: &mut PodRequest,
    ) -> Result<Request, EstimateError> {
        let explain = self.setting.explain;
        let mut total = sum.total();
        let mut parts = std::mem::take(&mut sum.parts);
        let mut part = |label: &str, quantity, field: &dyn Fn() -> Field| {
            if explain {
                parts.push(Part { label: label.to_owned(), quantity, field: field() });
            }
        };
        let in_place = level.in_place_of(&resource, sum.said)?;
        if let Some((node, quantity)) = in_place {
            total = Pair { expected: quantity, worst: quantity };
            sum.raised_by.clear();
            part("pod-level, in place of the containers", quantity, &|| node.get(&resource).field());
        }
        let added = overhead.get(&resource);
        if let Some(quantity) = added.quantity()? {
            part("overhead", quantity, &|| added.field());
            let plus = |a: Quantity| a.plus(quantity).ok_or_else(|| added.wrong(EstimateProblem::Overflow));
            total = Pair { expected: plus(total.expected)?, worst: plus(total.worst)? };
        }
        if let (None, Some(policy)) = (in_place, sum.free.take()) {
            match allocatable(self.setting.pools, &resource) {
                Some(node) => {
                    total.worst = total.worst.max(node);
                    if sum.free_unsaid {
                        total.expected = total.expected.max(node);
                        part("what a node has: no maxAllowed bounds it", node, &|| policy.clone());
                    }
                    sum.raised_by.push(policy);
                }
                None => request.unbounded.append(&mut sum.free_places),
            }
        }
        let raised_by = sum.raised_by;
        Ok(Request { resource, expected: total.expected, worst: total.worst, parts, raised_by })
    }

    fn remark(&self, pod: &Node<'_, '_>, request: &mut PodRequest) {
        let class = pod.get("runtimeClassName");
        if self.setting.explain
            && self.setting.around.runtime_class.is_none()
            && !pod.get("overhead").is_set()
            && let Ok(Some(name)) = class.text()
        {
            let text = format!("RuntimeClass `{name}` is not known here: no overhead of it is counted");
            request.remarks.push(Remark { text, field: class.field() });
        }
    }
}

/// A pod's own `resources`.
struct Level<'v, 'p> {
    requests: Node<'v, 'p>,
    limits: Node<'v, 'p>,
}

impl<'v, 'p> Level<'v, 'p> {
    fn gives(&self, resource: &str) -> bool {
        self.requests.get(resource).is_set() || self.limits.get(resource).is_set()
    }

    /// What takes the place of the containers' sum: the request, or the limit where no container says anything.
    fn in_place_of(
        &self,
        resource: &str,
        said: bool,
    ) -> Result<Option<(&Node<'v, 'p>, Quantity)>, EstimateError> {
        if !is_pod_level(resource) {
            return Ok(None);
        }
        if let Some(quantity) = self.requests.get(resource).quantity()? {
            return Ok(Some((&self.requests, quantity)));
        }
        let limit = self.limits.get(resource).quantity()?;
        Ok(limit.filter(|_| !said).map(|quantity| (&self.limits, quantity)))
    }
}

fn is_pod_level(resource: &str) -> bool {
    matches!(resource, "cpu" | "memory") || resource.starts_with("hugepages-")
}

/// The most that one pod can have on any node it may run on, where all its pools say so.
fn allocatable(pools: &[&Pool], resource: &str) -> Option<Quantity> {
    pools
        .iter()
        .map(|pool| pool.allocatable(resource))
        .try_fold(Quantity::ZERO, |most, of_pool| of_pool.map(|of_pool| most.max(of_pool)))
        .filter(|_| !pools.is_empty())
}
