//! The file of node pools. INVARIANT: no pools come out of a file with an error, and all its errors come out at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tollgate_price::Purchase;
use tollgate_vocabulary::{Path, Value};

use super::{NodePools, Offer, Pool, Taint};
use crate::node::Node;
use crate::{EstimateError, EstimateProblem};

/// Something in a file of node pools that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{path}`: {problem}")]
pub struct PoolError {
    /// where in the file
    pub path: Path,
    /// what
    pub problem: PoolProblem,
}

/// What is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PoolProblem {
    /// the value itself
    #[error(transparent)]
    Value(#[from] EstimateProblem),
    /// a key that nobody reads
    #[error("unknown key; known are {0}")]
    UnknownKey(&'static str),
    /// two pools of one name
    #[error("pool `{0}` stands twice")]
    Twice(String),
    /// fewer nodes at most than now
    #[error("{most} nodes at most are fewer than the {nodes} there are")]
    FewerAtMost {
        /// nodes now
        nodes: u64,
        /// nodes at most
        most: u64,
    },
}

const POOL: &str = "`name`, `nodes`, `maxNodes`, `labels`, `taints`, `provider`, `region`, `zone`, `instanceType`, \
                    `purchase`, `onDemandFallback`, `allocatable`";

impl From<EstimateError> for PoolError {
    fn from(error: EstimateError) -> Self {
        Self { path: error.field.path, problem: error.problem.into() }
    }
}

impl NodePools {
    /// Reads `pools: [..]`.
    ///
    /// # Errors
    /// All that is wrong with it: keys that nobody knows, values of another type, pools of one name.
    pub fn read(file: &Value) -> Result<Self, Vec<PoolError>> {
        let mut reading = Reading { errors: Vec::new() };
        let root = Node::pools(file);
        reading.keys(&root, "`pools`");
        let list = root.get("pools");
        if !list.is_set() && reading.errors.is_empty() {
            reading.wrong(&list, EstimateProblem::Missing);
        }
        let (mut pools, mut names) = (Vec::new(), BTreeSet::new());
        for item in reading.take(list.list()).into_iter().flatten() {
            let Some(pool) = reading.pool(&item) else { continue };
            if !names.insert(Arc::clone(&pool.name)) && !pool.name.is_empty() {
                reading.wrong(&item.get("name"), PoolProblem::Twice(pool.name.to_string()));
            }
            pools.push(pool);
        }
        if !reading.errors.is_empty() {
            return Err(reading.errors);
        }
        let mut places: Vec<Offer> = pools.iter().map(|pool| pool.offer.place()).collect();
        places.sort();
        places.dedup();
        Ok(Self { pools, places })
    }
}

struct Reading {
    errors: Vec<PoolError>,
}

impl Reading {
    fn pool(&mut self, node: &Node<'_, '_>) -> Option<Pool> {
        self.keys(node, POOL)?;
        let name = self.required(&node.get("name"));
        let nodes = self.take(node.get("nodes").count()).flatten();
        if nodes.is_none() && !node.get("nodes").is_set() {
            self.wrong(&node.get("nodes"), EstimateProblem::Missing);
        }
        let nodes = nodes.unwrap_or_default();
        let most = self.take(node.get("maxNodes").count()).flatten().unwrap_or(nodes);
        if most < nodes {
            self.wrong(&node.get("maxNodes"), PoolProblem::FewerAtMost { nodes, most });
        }
        let offer = self.offer(node);
        let allocatable = node.get("allocatable");
        self.keys(&allocatable, "`cpu`, `memory`");
        Some(Pool {
            name,
            path: node.path(),
            nodes,
            most,
            labels: self.labels(node, &offer),
            taints: self.taints(&node.get("taints")),
            offer,
            cpu: self.take(allocatable.get("cpu").quantity()).flatten(),
            memory: self.take(allocatable.get("memory").quantity()).flatten(),
        })
    }

    fn offer(&mut self, node: &Node<'_, '_>) -> Offer {
        let mut text = |key| self.take(node.get(key).text()).flatten().map(Arc::from);
        let (provider, region) = (text("provider"), text("region"));
        let (zone, instance_type) = (text("zone"), text("instanceType"));
        let word = self.take(node.get("purchase").text()).flatten();
        let purchase = word.and_then(Purchase::from_word).unwrap_or_default();
        if let Some(found) = word.filter(|word| Purchase::from_word(word).is_none()) {
            let known = "`on-demand`, `spot`, `reserved`";
            self.wrong(&node.get("purchase"), EstimateProblem::Word { found: found.to_owned(), known });
        }
        let falls_back = self.take(node.get("onDemandFallback").truth()).flatten();
        // It says nothing of what is not taken away.
        let falls_back = purchase == Purchase::Spot && falls_back.unwrap_or(true);
        Offer { provider, region, zone, instance_type, purchase, falls_back }
    }

    /// What is written, and what the kubelet sets by what else is written.
    fn labels(&mut self, node: &Node<'_, '_>, offer: &Offer) -> BTreeMap<Arc<str>, Arc<str>> {
        let known = [
            ("topology.kubernetes.io/region", &offer.region),
            ("topology.kubernetes.io/zone", &offer.zone),
            ("node.kubernetes.io/instance-type", &offer.instance_type),
        ];
        let mut labels: BTreeMap<Arc<str>, Arc<str>> = known
            .into_iter()
            .filter_map(|(key, value)| Some((Arc::from(key), Arc::clone(value.as_ref()?))))
            .collect();
        let written = node.get("labels");
        for (key, value) in self.take(written.entries()).into_iter().flatten() {
            if let Some(text) = self.take(value.text()).flatten() {
                labels.insert(Arc::clone(key), text.into());
            }
        }
        labels
    }

    fn taints(&mut self, list: &Node<'_, '_>) -> Vec<Taint> {
        let mut taints = Vec::new();
        for item in self.take(list.list()).into_iter().flatten() {
            self.keys(&item, "`key`, `value`, `effect`");
            let (key, effect) = (self.required(&item.get("key")), self.required(&item.get("effect")));
            if !["NoSchedule", "NoExecute", "PreferNoSchedule", ""].contains(&&*effect) {
                let known = "`NoSchedule`, `NoExecute`, `PreferNoSchedule`";
                let found = effect.to_string();
                self.wrong(&item.get("effect"), EstimateProblem::Word { found, known });
            }
            let value = self.take(item.get("value").text()).flatten().unwrap_or_default().into();
            taints.push(Taint { key, value, effect });
        }
        taints
    }

    /// Text that must be there; empty, with an error, where it is not.
    fn required(&mut self, node: &Node<'_, '_>) -> Arc<str> {
        match self.take(node.text()) {
            Some(Some(text)) if !text.is_empty() => text.into(),
            Some(_) => {
                self.wrong(node, EstimateProblem::Missing);
                Arc::from("")
            }
            None => Arc::from(""),
        }
    }

    /// Notes every key that is not among `known`, which names them in backticks; nothing of what has no keys.
    fn keys(&mut self, node: &Node<'_, '_>, known: &'static str) -> Option<()> {
        let entries = self.take(node.entries())?;
        for (key, value) in entries {
            // Every second word is between backticks.
            if !known.split('`').skip(1).step_by(2).any(|word| word == &**key) {
                self.wrong(&value, PoolProblem::UnknownKey(known));
            }
        }
        Some(())
    }

    fn take<T>(&mut self, read: Result<T, EstimateError>) -> Option<T> {
        read.map_err(|error| self.errors.push(error.into())).ok()
    }

    fn wrong(&mut self, node: &Node<'_, '_>, problem: impl Into<PoolProblem>) {
        self.errors.push(PoolError { path: node.path(), problem: problem.into() });
    }
}
