//! What a ResourceQuota says of requests that nobody states.
//!
//! It does not bound them: Kubernetes refuses the pod. So it changes no figure, and is only mentioned.

use tollgate_vocabulary::{Path, Step, Value};

use crate::estimate::Draft;
use crate::node::Node;
use crate::{Around, Explanation};

/// Mentions every quota that wants a request which the object does not state.
pub(crate) fn remark(around: &Around<'_>, draft: &mut Draft) {
    let asked = |resource: &str| draft.unbounded.iter().any(|path| ends_in(path, resource));
    let missing: Vec<&str> = ["cpu", "memory"].into_iter().filter(|resource| asked(resource)).collect();
    for quota in &around.quotas {
        let root = Node::beside(quota);
        let spec = root.get("spec");
        let hard = spec.get("hard");
        for resource in &missing {
            let long = format!("requests.{resource}");
            let Some(key) = [long.as_str(), resource].into_iter().find(|key| hard.get(key).is_set()) else {
                continue;
            };
            let name = root.get("metadata").get("name").value().and_then(Value::as_str).unwrap_or_default();
            let words = format!(
                "Kubernetes refuses these pods: ResourceQuota `{name}` wants a request for {resource}"
            );
            draft.tree.push(Explanation::of("note").saying(words).by_field(hard.get(key).field()));
        }
    }
}

fn ends_in(path: &Path, resource: &str) -> bool {
    matches!(path.steps(), [.., Step::Key(list), Step::Key(last)] if &**list == "requests" && &**last == resource)
}
