//! How far a VerticalPodAutoscaler may raise a container's request.

use tollgate_vocabulary::Value;

use crate::node::Node;
use crate::{EstimateError, EstimateProblem, Field, Quantity};

/// VerticalPodAutoscalers that change requests; those that only recommend are left out.
pub(super) struct Vpas<'v>(Vec<&'v Value>);

/// What becomes of one container's request for one resource.
pub(super) enum Raised {
    /// nobody touches it
    Not,
    /// it may become this much
    UpTo(Quantity, Field),
    /// nothing bounds it but the node
    Unbounded(Field),
}

impl<'v> Vpas<'v> {
    pub(super) fn of(autoscalers: &[&'v Value]) -> Result<Self, EstimateError> {
        let mut active = Vec::new();
        for autoscaler in autoscalers {
            if autoscaler.get("kind").and_then(Value::as_str) != Some("VerticalPodAutoscaler") {
                continue;
            }
            let root = Node::beside(autoscaler);
            let spec = root.get("spec");
            let policy = spec.get("updatePolicy");
            let mode = policy.get("updateMode");
            match mode.text()?.unwrap_or("Auto") {
                "Off" => {}
                // `Initial` writes the requests of every new pod, and each roll-out makes new ones.
                "Auto" | "Recreate" | "InPlaceOrRecreate" | "InPlace" | "Initial" => active.push(*autoscaler),
                other => {
                    let known = "`Off`, `Initial`, `Recreate`, `InPlaceOrRecreate`, `InPlace`, `Auto`";
                    return Err(mode.wrong(EstimateProblem::Word { found: other.to_owned(), known }));
                }
            }
        }
        Ok(Self(active))
    }

    /// Of several, that which raises most.
    pub(super) fn raise(&self, container: &str, resource: &str) -> Result<Raised, EstimateError> {
        let mut most = Raised::Not;
        for vpa in &self.0 {
            let raised = of_one(vpa, container, resource)?;
            most = match (most, raised) {
                (kept, Raised::Not) | (kept @ Raised::Unbounded(_), _) => kept,
                (Raised::UpTo(kept, field), Raised::UpTo(other, _)) if kept >= other => {
                    Raised::UpTo(kept, field)
                }
                (_, raised) => raised,
            };
        }
        Ok(most)
    }
}

fn of_one(vpa: &Value, container: &str, resource: &str) -> Result<Raised, EstimateError> {
    let root = Node::beside(vpa);
    let spec = root.get("spec");
    let resource_policy = spec.get("resourcePolicy");
    let policies = resource_policy.get("containerPolicies");
    let mut chosen = None;
    for policy in policies.list()? {
        match policy.get("containerName").text()? {
            Some(name) if name == container => {
                chosen = Some(policy);
                break;
            }
            Some("*") => chosen = Some(policy),
            _ => {}
        }
    }
    let Some(policy) = chosen else { return Ok(Raised::Unbounded(resource_policy.field())) };
    if policy.get("mode").text()? == Some("Off") {
        return Ok(Raised::Not);
    }
    let controlled = policy.get("controlledResources");
    let mut listed = false;
    for controlled in controlled.list()? {
        listed |= controlled.text()? == Some(resource);
    }
    if controlled.is_set() && !listed {
        return Ok(Raised::Not);
    }
    let max_allowed = policy.get("maxAllowed");
    let most = max_allowed.get(resource);
    Ok(match most.quantity()? {
        Some(quantity) => Raised::UpTo(quantity, most.field()),
        None => Raised::Unbounded(most.field()),
    })
}
