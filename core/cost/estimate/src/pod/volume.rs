//! What a pod brings along beside its containers: volumes of its own, and devices by claim.

use std::sync::Arc;

use super::PodRequest;
use crate::EstimateError;
use crate::node::Node;
use crate::workload::Claim;

/// Generic ephemeral volumes are claims that live as long as the pod. What devices a resource claim brings is decided
/// by a driver, so that it has no price here.
pub(super) fn add(pod: &Node<'_, '_>, explain: bool, request: &mut PodRequest) -> Result<(), EstimateError> {
    for volume in pod.get("volumes").list()? {
        let ephemeral = volume.get("ephemeral");
        let template = ephemeral.get("volumeClaimTemplate");
        if template.is_set() {
            request.claims.push(Claim::of(&template, explain)?);
        }
    }
    for claim in pod.get("resourceClaims").list()? {
        let name = claim.get("name").text()?.unwrap_or_default();
        request.unpriced.push(Arc::from(format!("resource-claim/{name}")));
    }
    Ok(())
}
