//! What one pod asks for, resource by resource.
//!
//! ```text
//! containers + sidecars ──sum──> steady ─┐
//! init containers, each with the sidecars ├─max──> pod-level request in its place ──> + overhead ──> Request
//! that were started before it ────────────┘
//! ```
//!
//! A container's request is what it says, else its limit, else the namespace's default. INVARIANT: for every resource
//! `worst >= expected`; they differ only where a VerticalPodAutoscaler may raise a request.

mod container;
mod level;
mod limit_range;
mod price;
mod resize;
mod sum;
mod volume;
mod vpa;

use std::sync::Arc;

use tollgate_vocabulary::Path;

use crate::node::Node;
use crate::pool::Pool;
use crate::workload::Claim;
use crate::{Around, EstimateError, EstimateProblem, Field, Quantity};
use container::{Containers, Role};

pub(crate) use price::PodPrice;

/// What one pod asks for.
#[derive(Default)]
pub(crate) struct PodRequest {
    /// by the names of the resources
    pub(crate) requests: Vec<Request>,
    /// volumes that come and go with the pod
    pub(crate) claims: Vec<Claim>,
    /// what has no bound
    pub(crate) unbounded: Vec<Path>,
    /// devices that nobody can price
    pub(crate) unpriced: Vec<Arc<str>>,
    /// what an explanation says beside the figures
    pub(crate) remarks: Vec<Remark>,
}

/// How much of one resource.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) resource: Arc<str>,
    pub(crate) expected: Quantity,
    pub(crate) worst: Quantity,
    /// what it was put together from; only for an explanation
    pub(crate) parts: Vec<Part>,
    /// what makes the worst more than what is expected; only for an explanation
    pub(crate) raised_by: Vec<Field>,
}

/// One number that a request was put together from.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) label: String,
    pub(crate) quantity: Quantity,
    pub(crate) field: Field,
}

/// Something worth saying that is no figure.
pub(crate) struct Remark {
    pub(crate) text: String,
    pub(crate) field: Field,
}

/// What a pod's request is read with.
pub(crate) struct Setting<'a> {
    pub(crate) around: &'a Around<'a>,
    /// the pools that the pod may run in
    pub(crate) pools: &'a [&'a Pool],
    /// whether parts and remarks are wanted
    pub(crate) explain: bool,
}

/// Reads the request of a pod's spec; `status` is that of a pod that runs.
pub(crate) fn request(
    pod: &Node<'_, '_>,
    status: &Node<'_, '_>,
    setting: &Setting<'_>,
) -> Result<PodRequest, EstimateError> {
    let pod = pod.checked()?;
    let list = pod.get("containers");
    if !list.is_set() {
        return Err(list.wrong(EstimateProblem::Missing));
    }
    let mut containers = Containers::of(setting, status)?;
    for container in list.list()? {
        containers.add(&container, Role::Main)?;
    }
    for container in pod.get("initContainers").list()? {
        let sidecar = container.get("restartPolicy").text()? == Some("Always");
        containers.add(&container, if sidecar { Role::Sidecar } else { Role::Init })?;
    }
    let mut request = PodRequest::default();
    containers.finish(&pod, &mut request)?;
    volume::add(&pod, setting.explain, &mut request)?;
    Ok(request)
}
