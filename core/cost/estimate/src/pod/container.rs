//! The containers of a pod, added up.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_vocabulary::Path;

use super::limit_range::Defaults;
use super::resize::resized;
use super::sum::{Pair, Sum};
use super::vpa::{Raised, Vpas};
use super::{Part, Setting};
use crate::node::Node;
use crate::{EstimateError, EstimateProblem, Field, Quantity};

/// How a container runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// as long as the pod
    Main,
    /// from its turn among the init containers on, as long as the pod
    Sidecar,
    /// before the others, and then no more
    Init,
}

/// The containers so far.
pub(super) struct Containers<'a> {
    pub(super) setting: &'a Setting<'a>,
    status: &'a Node<'a, 'a>,
    defaults: Defaults<'a>,
    vpas: Vpas<'a>,
    pub(super) sums: BTreeMap<Arc<str>, Sum>,
    /// requests that no container states and nothing else gives: the resource, and where it would stand
    pub(super) unsaid: Vec<(&'static str, Path)>,
}

/// What every container is expected to state.
const STATED: [&str; 2] = ["cpu", "memory"];

impl<'a> Containers<'a> {
    pub(super) fn of(setting: &'a Setting<'a>, status: &'a Node<'a, 'a>) -> Result<Self, EstimateError> {
        Ok(Self {
            setting,
            status,
            defaults: Defaults::of(&setting.around.limit_ranges)?,
            vpas: Vpas::of(&setting.around.autoscalers)?,
            sums: BTreeMap::new(),
            unsaid: Vec::new(),
        })
    }

    pub(super) fn add(&mut self, container: &Node<'_, '_>, role: Role) -> Result<(), EstimateError> {
        let container = container.checked()?;
        let name = container.get("name").text()?.unwrap_or_default();
        let resources = container.get("resources").checked()?;
        let (requests, limits) = (resources.get("requests"), resources.get("limits"));
        let this = This { name, role, requests: &requests };
        for (resource, amount) in requests.entries()? {
            self.said(resource, &amount, this)?;
        }
        for (resource, amount) in limits.entries()? {
            if !requests.get(resource).is_set() {
                self.said(resource, &amount, this)?;
            }
        }
        let set = |resource: &str| requests.get(resource).is_set() || limits.get(resource).is_set();
        self.defaulted(set, this)?;
        for resource in STATED {
            if !set(resource) && self.defaults.get(resource).is_none() {
                self.unsaid(resource, this)?;
            }
        }
        Ok(())
    }

    /// A request, or the limit in its place.
    fn said(
        &mut self,
        resource: &Arc<str>,
        amount: &Node<'_, '_>,
        this: This<'_>,
    ) -> Result<(), EstimateError> {
        let wanted = amount.quantity()?.unwrap_or_default();
        if is_device(resource) && !wanted.is_whole() {
            let found = amount.value().map(crate::node::shown).unwrap_or_default();
            return Err(amount.wrong(EstimateProblem::NotWholeDevice(found, resource.to_string())));
        }
        let list = if this.role == Role::Main { "containerStatuses" } else { "initContainerStatuses" };
        let held = resized(self.status, list, this.name, resource, wanted)?;
        let part = self
            .part(this, held, || if held == wanted { amount.field() } else { self.status.get(list).field() });
        let wanted = self.raised(resource, held, this)?;
        self.put(resource, wanted, part, this.role).map_err(|problem| amount.wrong(problem))?.said = true;
        Ok(())
    }

    /// What LimitRanges give where the container says nothing.
    fn defaulted(&mut self, set: impl Fn(&str) -> bool, this: This<'_>) -> Result<(), EstimateError> {
        let defaults: Vec<_> = self.defaults.iter().map(|(resource, default)| (resource, *default)).collect();
        for (resource, default) in defaults.into_iter().filter(|(resource, _)| !set(resource)) {
            let wanted = self.raised(resource, default.quantity, this)?;
            let part = self.part(this, default.quantity, || default.field(resource));
            self.put(&resource.into(), wanted, part, this.role)
                .map_err(|problem| EstimateError { field: default.field(resource), problem })?;
        }
        Ok(())
    }

    /// Neither the container nor its namespace says how much: a VerticalPodAutoscaler may, at worst.
    fn unsaid(&mut self, resource: &'static str, this: This<'_>) -> Result<(), EstimateError> {
        let place = this.requests.get(resource);
        match self.vpa(resource, this)? {
            Raised::Not => self.unsaid.push((resource, place.path())),
            Raised::UpTo(most, field) => {
                let part = self.part(this, most, || field);
                let wanted = Pair { expected: most, worst: most };
                self.put(&resource.into(), wanted, part, this.role)
                    .map_err(|problem| place.wrong(problem))?;
            }
            Raised::Unbounded(field) => {
                self.put_free(resource, field, this);
                self.sums.entry(resource.into()).or_default().free_unsaid = true;
            }
        }
        Ok(())
    }

    fn raised(&mut self, resource: &str, wanted: Quantity, this: This<'_>) -> Result<Pair, EstimateError> {
        match self.vpa(resource, this)? {
            Raised::Not => Ok(Pair { expected: wanted, worst: wanted }),
            Raised::UpTo(most, field) => {
                if self.setting.explain && most > wanted {
                    self.sums.entry(resource.into()).or_default().raised_by.push(field);
                }
                Ok(Pair { expected: wanted, worst: wanted.max(most) })
            }
            Raised::Unbounded(field) => {
                self.put_free(resource, field, this);
                Ok(Pair { expected: wanted, worst: wanted })
            }
        }
    }

    fn put_free(&mut self, resource: &str, policy: Field, this: This<'_>) {
        let sum = self.sums.entry(resource.into()).or_default();
        sum.free = Some(policy);
        sum.free_places.push(this.requests.get(resource).path());
    }

    /// What a VerticalPodAutoscaler may make of it: it knows cpu and memory, and no init containers.
    fn vpa(&self, resource: &str, this: This<'_>) -> Result<Raised, EstimateError> {
        if this.role == Role::Main && STATED.contains(&resource) {
            self.vpas.raise(this.name, resource)
        } else {
            Ok(Raised::Not)
        }
    }

    fn part(&self, this: This<'_>, quantity: Quantity, field: impl FnOnce() -> Field) -> Option<Part> {
        let label = |role| format!("{role} {}", this.name);
        self.setting.explain.then(|| Part {
            label: match this.role {
                Role::Main => label("container"),
                Role::Sidecar => label("sidecar"),
                Role::Init => label("init container"),
            },
            quantity,
            field: field(),
        })
    }

    fn put(
        &mut self,
        resource: &Arc<str>,
        wanted: Pair,
        part: Option<Part>,
        role: Role,
    ) -> Result<&mut Sum, EstimateProblem> {
        let sum = self.sums.entry(Arc::clone(resource)).or_default();
        match role {
            Role::Main => sum.add_main(wanted)?,
            Role::Sidecar => sum.add_sidecar(wanted)?,
            Role::Init => sum.add_init(wanted)?,
        }
        sum.parts.extend(part);
        Ok(sum)
    }
}

/// The container that is being added.
#[derive(Clone, Copy)]
struct This<'n> {
    name: &'n str,
    role: Role,
    /// where its requests stand
    requests: &'n Node<'n, 'n>,
}

/// Whether a resource is a device, which Kubernetes gives out in whole units only.
fn is_device(resource: &str) -> bool {
    resource
        .split_once('/')
        .is_some_and(|(domain, _)| domain != "kubernetes.io" && !domain.ends_with(".kubernetes.io"))
}
