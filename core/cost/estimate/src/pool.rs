//! Node pools: how many nodes there are and may be, who may run there, and how they are bought.
//!
//! ```text
//! nodes.yaml ──read──> NodePools ──matching(pod's selector, affinity, tolerations)──> pools ──offer──> price keys
//! ```

mod affinity;
mod read;
#[cfg(test)]
mod tests;
mod toleration;

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_price::Purchase;
use tollgate_vocabulary::{Path, Value};

use crate::node::Node;
use crate::{EstimateError, Quantity};

pub use read::{PoolError, PoolProblem};

/// The node pools of a cluster. None at all means that nothing is known of its nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodePools {
    pools: Vec<Pool>,
    /// where storage and load balancers may be paid: what the pools say of provider, region and zone
    places: Vec<Offer>,
}

/// Nodes that are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pool {
    pub(crate) name: Arc<str>,
    /// where it stands in its file
    pub(crate) path: Path,
    /// nodes now
    pub(crate) nodes: u64,
    /// nodes at most
    pub(crate) most: u64,
    labels: BTreeMap<Arc<str>, Arc<str>>,
    taints: Vec<Taint>,
    pub(crate) offer: Offer,
    cpu: Option<Quantity>,
    memory: Option<Quantity>,
}

/// What keeps pods away from a node.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Taint {
    key: Arc<str>,
    value: Arc<str>,
    effect: Arc<str>,
}

/// How capacity is bought: the parts of a price key that a pool sets. Nothing set asks for the plain rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Offer {
    pub(crate) provider: Option<Arc<str>>,
    pub(crate) region: Option<Arc<str>>,
    pub(crate) zone: Option<Arc<str>>,
    pub(crate) instance_type: Option<Arc<str>>,
    pub(crate) purchase: Purchase,
    /// spot: whether on-demand nodes take its place when it is gone
    pub(crate) falls_back: bool,
}

impl NodePools {
    /// Whether nothing is known of the cluster's nodes.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.pools.is_empty()
    }

    /// The pools that a pod may run in; those of a DaemonSet tolerate a little more.
    /// What a RuntimeClass says of scheduling comes on top of what the pod says.
    pub(crate) fn matching(
        &self,
        pod: &Node<'_, '_>,
        class: Option<&Value>,
        daemon: bool,
    ) -> Result<Vec<&Pool>, EstimateError> {
        let class = class.map_or(Node::absent(), Node::beside);
        let scheduling = class.get("scheduling");
        let mut matching = Vec::new();
        for pool in &self.pools {
            if affinity::selects(pod, &pool.labels)?
                && affinity::has_all(&scheduling.get("nodeSelector"), &pool.labels)?
                && toleration::tolerates([pod, &scheduling], &pool.taints, daemon)?
            {
                matching.push(pool);
            }
        }
        Ok(matching)
    }

    /// Where a claim or a load balancer that is bound to no pool may be.
    pub(crate) fn places(&self) -> &[Offer] {
        &self.places
    }
}

impl Pool {
    /// How much of a resource a pod may have on a node of it, where that is known.
    pub(crate) fn allocatable(&self, resource: &str) -> Option<Quantity> {
        match resource {
            "cpu" => self.cpu,
            "memory" => self.memory,
            _ => None,
        }
    }
}

impl Offer {
    /// The part of it that counts for what is not bought with the node.
    pub(crate) fn place(&self) -> Self {
        Self {
            provider: self.provider.clone(),
            region: self.region.clone(),
            zone: self.zone.clone(),
            ..Self::default()
        }
    }
}
