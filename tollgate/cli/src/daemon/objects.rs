//! What the cluster answers about its namespaces; nothing while there is no cluster, and then the estate's manifests do.

use std::sync::{Arc, OnceLock};

use tollgate_flow::Answerer;
use tollgate_kube::{Lookup, NamespaceCache};
use tollgate_vocabulary::{Fact, Question, Source};

/// Shared by the gate that asks and the connection that learns.
#[derive(Clone, Default)]
pub(super) struct Namespaces(Arc<OnceLock<Arc<NamespaceCache>>>);

impl Namespaces {
    /// For a gate to ask.
    pub(super) fn answerer(&self) -> Answerer {
        let cluster = Arc::clone(&self.0);
        Box::new(move |question| match cluster.get() {
            None => Fact::NotGathered,
            Some(cluster) => answer(cluster, question),
        })
    }

    /// From now on the cluster says what its namespaces are like.
    pub(super) fn of_cluster(&self, cluster: Arc<NamespaceCache>) {
        // There is one cluster, and it is set once.
        let _ = self.0.set(cluster);
    }
}

/// What is asked about lies in its namespace, so that namespace exists: where the watch knows none, it only has not
/// told of it yet, and nothing may be concluded from that.
fn answer(cluster: &NamespaceCache, question: &Question) -> Fact {
    let Question::Namespace(name) = question else { return Fact::NotGathered };
    match cluster.lookup(name) {
        Lookup::Known { value, observed_at } => Fact::Known { value, observed_at, source: Source::Watch },
        Lookup::Absent { observed_at } => Fact::Unavailable {
            why: format!("the watch had not told of namespace `{name}` by {observed_at}").into(),
        },
        Lookup::NotSynced { why } => Fact::Unavailable { why },
    }
}
