//! How many pods: what is written, within what autoscalers make of it.

use tollgate_vocabulary::Value;

use super::lines::counted;
use crate::node::Node;
use crate::{Around, EstimateError, EstimateProblem, Explanation, Replicas};

/// How many pods, and why.
pub(crate) struct Scale {
    pub(crate) replicas: Replicas,
    pub(crate) tree: Explanation,
}

/// What an autoscaler makes of a number of replicas.
struct Range {
    least: u64,
    most: u64,
    /// whether zero replicas switch it off
    rests: bool,
}

impl Scale {
    /// Reads `replicas` (1 where it is not set), and the autoscalers around; the one that allows most counts.
    pub(crate) fn of(
        replicas: &Node<'_, '_>,
        around: &Around<'_>,
        explain: bool,
    ) -> Result<Self, EstimateError> {
        let written = replicas.count()?.unwrap_or(1);
        let mut scaled: Option<Replicas> = None;
        let mut tree = Vec::new();
        for autoscaler in &around.autoscalers {
            let root = Node::beside(autoscaler);
            let spec = root.get("spec");
            let Some((range, keys)) = Range::of(autoscaler, &spec)? else { continue };
            let by = range.scale(written);
            let kept = scaled.unwrap_or_default();
            scaled =
                Some(Replicas { expected: kept.expected.max(by.expected), worst: kept.worst.max(by.worst) });
            if explain {
                let line = Explanation::of("autoscaler").saying(range.words(written));
                tree.push(line.by_fields(keys.map(|key| spec.get(key).field())));
            }
        }
        let replicas_set = replicas.is_set();
        let total = scaled.unwrap_or(Replicas { expected: written, worst: written });
        if !explain {
            return Ok(Self { replicas: total, tree: Explanation::default() });
        }
        let expected = counted(total.expected, "replica");
        let label = match total {
            Replicas { expected: usual, worst } if usual == worst => expected,
            Replicas { worst, .. } => format!("{expected}, {worst} at worst"),
        };
        let line = Explanation::of(label).saying(if replicas_set { "" } else { "not set: 1" });
        Ok(Self { replicas: total, tree: line.by_field(replicas.field()).resting_on(tree) })
    }
}

impl Range {
    /// The range, and the keys that it stands under; nothing of what scales no replicas.
    fn of(
        autoscaler: &Value,
        spec: &Node<'_, '_>,
    ) -> Result<Option<(Self, [&'static str; 2])>, EstimateError> {
        let (keys, least, most) = match autoscaler.get("kind").and_then(Value::as_str) {
            Some("HorizontalPodAutoscaler") => (["minReplicas", "maxReplicas"], 1, None),
            Some("ScaledObject") => (["minReplicaCount", "maxReplicaCount"], 0, Some(100)),
            _ => return Ok(None),
        };
        let [least_key, most_key] = keys;
        let least = spec.get(least_key).count()?.unwrap_or(least);
        let most_node = spec.get(most_key);
        let most = most_node.count()?.or(most).ok_or_else(|| most_node.wrong(EstimateProblem::Missing))?;
        if least > most {
            return Err(spec.get(least_key).wrong(EstimateProblem::Range(least, most)));
        }
        // KEDA wakes what sleeps at zero; so does the controller where zero is within the range.
        let rests = least_key == "minReplicas" && least > 0;
        Ok(Some((Self { least, most, rests }, keys)))
    }

    fn is_off(&self, written: u64) -> bool {
        self.rests && written == 0
    }

    fn scale(&self, written: u64) -> Replicas {
        if self.is_off(written) {
            return Replicas::default();
        }
        Replicas { expected: written.max(self.least).min(self.most), worst: self.most }
    }

    fn words(&self, written: u64) -> String {
        if self.is_off(written) {
            return "0 replicas switch it off".to_owned();
        }
        format!("{written} within {} to {}, {} at worst", self.least, self.most, self.most)
    }
}
