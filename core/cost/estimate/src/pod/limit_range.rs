//! What a namespace's LimitRanges give a container that says nothing.
//!
//! As the API server fills a LimitRange in: `default` falls back to `max`, `defaultRequest` to `default`, then to
//! `min`. Which of several LimitRanges comes first is not defined in Kubernetes: the largest is taken.

use std::collections::BTreeMap;

use tollgate_vocabulary::Value;

use crate::node::Node;
use crate::{EstimateError, Field, Quantity};

/// Default requests of containers by resource.
#[derive(Default)]
pub(super) struct Defaults<'v>(BTreeMap<&'v str, Default<'v>>);

#[derive(Clone, Copy)]
pub(super) struct Default<'v> {
    pub(super) quantity: Quantity,
    range: &'v Value,
    item: usize,
    key: &'static str,
}

/// In the order in which they answer.
const KEYS: [&str; 4] = ["defaultRequest", "default", "max", "min"];

impl<'v> Defaults<'v> {
    pub(super) fn of(ranges: &[&'v Value]) -> Result<Self, EstimateError> {
        let mut all = BTreeMap::new();
        for range in ranges {
            for (resource, default) in of_range(range)? {
                let kept = all.entry(resource).or_insert(default);
                if kept.quantity < default.quantity {
                    *kept = default;
                }
            }
        }
        Ok(Self(all))
    }

    pub(super) fn get(&self, resource: &str) -> Option<&Default<'v>> {
        self.0.get(resource)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'v str, &Default<'v>)> {
        self.0.iter().map(|(resource, default)| (*resource, default))
    }
}

impl Default<'_> {
    pub(super) fn field(&self, resource: &str) -> Field {
        let root = Node::beside(self.range);
        let spec = root.get("spec");
        let limits = spec.get("limits");
        let item = limits.item(self.item);
        item.get(self.key).get(resource).field()
    }
}

/// Later items of one LimitRange replace earlier ones.
fn of_range(range: &Value) -> Result<BTreeMap<&str, Default<'_>>, EstimateError> {
    let mut defaults = BTreeMap::new();
    let root = Node::beside(range);
    let spec = root.get("spec");
    for (item, limit) in spec.get("limits").list()?.enumerate() {
        if limit.get("type").text()? != Some("Container") {
            continue;
        }
        let mut of_item: BTreeMap<&str, Default<'_>> = BTreeMap::new();
        for key in KEYS {
            for (resource, amount) in limit.get(key).entries()? {
                let quantity = amount.quantity()?.unwrap_or_default();
                of_item.entry(resource).or_insert(Default { quantity, range, item, key });
            }
        }
        defaults.extend(of_item);
    }
    Ok(defaults)
}
