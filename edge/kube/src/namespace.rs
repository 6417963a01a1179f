//! The Namespace objects of the cluster: the watch of [`NAMESPACES`], for whoever needs no other.
//!
//! INVARIANT: what [`ObjectCache`] promises of each resource.

use std::sync::Arc;
use std::time::Duration;

use crate::{Cluster, Freshness, Lookup, NAMESPACES, ObjectCache};

/// A watch on all namespaces, until it is dropped with the cache that it looks at.
#[derive(Clone)]
pub struct NamespaceCache(Arc<ObjectCache>);

impl Cluster {
    /// Starts to watch the cluster's namespaces and nothing else. Must be called within a tokio runtime.
    #[must_use]
    pub fn namespaces(&self, freshness: Freshness) -> NamespaceCache {
        NamespaceCache::of(Arc::new(self.watch(&[NAMESPACES], freshness)))
    }
}

impl NamespaceCache {
    /// The namespaces of a watch that has them among others.
    #[must_use]
    pub const fn of(objects: Arc<ObjectCache>) -> Self {
        Self(objects)
    }

    /// What is known of the namespace, without asking anybody: the whole object without `metadata.managedFields`.
    #[must_use]
    pub fn lookup(&self, name: &str) -> Lookup {
        self.0.object(NAMESPACES.group, NAMESPACES.plural, "", name)
    }

    /// Waits for the first complete list; whether it came within `patience`.
    pub async fn synced(&self, patience: Duration) -> bool {
        self.0.synced_one(NAMESPACES.group, NAMESPACES.plural, patience).await
    }

    /// Why there are no answers now, or nothing where there are.
    #[must_use]
    pub fn trouble(&self) -> Option<Arc<str>> {
        match self.lookup("") {
            Lookup::NotSynced { why } => Some(why),
            _ => None,
        }
    }
}
