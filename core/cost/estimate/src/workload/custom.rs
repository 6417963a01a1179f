//! Custom resources: what Kubernetes does not define, and may run pods all the same.
//!
//! One that has a template where Kubernetes' own have theirs is estimated by it. One that holds pods, containers or
//! resources anywhere else is unknown: only its controller knows how many it makes of them.

use tollgate_vocabulary::{Path, Step, Value};

use super::Desk;
use crate::estimate::Draft;
use crate::kind::Kind;
use crate::node::Node;
use crate::{EstimateError, Explanation};

/// Levels that are searched; no manifest of any size has more.
const DEPTH: usize = 32;

impl Desk<'_> {
    pub(super) fn custom(&self, object: &Node<'_, '_>) -> Result<Option<Draft>, EstimateError> {
        if object.value().is_some_and(has_template) {
            let spec = object.get("spec");
            let mut draft = self.scaled(Kind::Custom, &spec)?;
            if self.explain {
                let words = "a kind that is not known here is taken to run its template `replicas` times";
                let field = spec.get("template").field();
                draft.tree.push(Explanation::of("custom resource").saying(words).by_field(field));
            }
            return Ok(Some(draft));
        }
        Ok(object.value().and_then(pods_elsewhere).map(|path| {
            let why = format!("it seems to run pods (`{path}`), and only its controller knows how many");
            Draft { unknown: Some(why), ..Draft::default() }
        }))
    }
}

/// Whether a custom resource has a pod template where Kubernetes' own workloads have theirs.
pub(crate) fn has_template(object: &Value) -> bool {
    let pod = object.get("spec").and_then(|spec| spec.get("template")?.get("spec"));
    pod.and_then(|pod| pod.get("containers")?.as_array()).is_some()
}

/// Whether a custom resource seems to run pods, by its template or in a way that only its controller knows.
pub(crate) fn runs_pods(object: &Value) -> bool {
    has_template(object) || pods_elsewhere(object).is_some()
}

/// Where a custom resource holds what looks like containers or their resources.
fn pods_elsewhere(object: &Value) -> Option<Path> {
    let mut path = Path::of_keys(&["spec"]);
    seek(object.get("spec")?, &mut path, DEPTH).then_some(path)
}

fn seek(value: &Value, path: &mut Path, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let mut below = |step: Step, value: &Value| {
        path.push(step);
        let found = seek(value, path, depth);
        if !found {
            path.pop();
        }
        found
    };
    match value {
        Value::Array(items) => items.iter().enumerate().any(|(index, item)| below(Step::Index(index), item)),
        Value::Object(map) => {
            if let Some((key, _)) = map.iter().find(|(key, value)| speaks_of_pods(key, value)) {
                path.push(Step::Key(key.clone()));
                return true;
            }
            map.iter().any(|(key, value)| below(Step::Key(key.clone()), value))
        }
        _ => false,
    }
}

fn speaks_of_pods(key: &str, value: &Value) -> bool {
    let runs = |container: &Value| container.get("image").is_some_and(|image| image.as_str().is_some());
    let asks = |amounts: &Value| amounts.get("cpu").is_some() || amounts.get("memory").is_some();
    match key {
        "containers" | "initContainers" => value.as_array().is_some_and(|items| items.iter().any(runs)),
        "container" => runs(value),
        "resources" => ["requests", "limits"].iter().any(|key| value.get(key).is_some_and(asks)),
        _ => false,
    }
}
