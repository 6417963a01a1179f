//! Finding the resources that one refers to: the template of a group, the cluster of a pool, the scaler of a table.
//!
//! ```text
//! known value (an id, a name, a link) ──identity──┐
//!                                                 ├──> the one change it means, or nothing
//! references in the configuration ──address───────┘
//! ```
//!
//! INVARIANT: where more than one resource may be meant, none is found.

use std::collections::BTreeMap;

use tollgate_vocabulary::Path;

use crate::address::{Reference, ancestor};
use crate::configuration::Provider;
use crate::plan::{Change, Plan};
use crate::view::View;
use crate::{Side, kind};

/// Fields that others name a resource by.
const IDENTITIES: [&str; 4] = ["id", "name", "self_link", "arn"];

/// All resources of a plan, by what others call them.
#[derive(Clone, Debug)]
pub(crate) struct Links<'p> {
    plan: &'p Plan,
    by_address: BTreeMap<&'p str, usize>,
    /// by the module's address, type and name
    by_name: BTreeMap<(&'p str, &'p str, &'p str), Vec<usize>>,
    /// by type and identity; nothing where several have it
    by_identity: BTreeMap<(&'p str, &'p str), Option<usize>>,
    /// what scales a resource, by the resource
    scalers: BTreeMap<usize, Vec<usize>>,
    /// what a scaler scales
    scaled: BTreeMap<usize, usize>,
}

impl<'p> Links<'p> {
    pub(crate) fn of(plan: &'p Plan) -> Self {
        let mut links = Self {
            plan,
            by_address: BTreeMap::new(),
            by_name: BTreeMap::new(),
            by_identity: BTreeMap::new(),
            scalers: BTreeMap::new(),
            scaled: BTreeMap::new(),
        };
        for (at, change) in plan.changes.iter().enumerate().filter(|(_, change)| !change.deposed) {
            links.by_address.insert(&change.address, at);
            links.by_name.entry((&change.module_address, &change.kind, &change.name)).or_default().push(at);
            links.identify(at, change);
        }
        for (at, change) in plan.changes.iter().enumerate() {
            let Some(scaler) = kind::of(&change.kind).and_then(|kind| kind.scales) else { continue };
            let view = links.view(change, Side::After).or_else(|| links.view(change, Side::Before));
            if let Some(target) = view.and_then(|view| links.index(&view, scaler.target, scaler.types)) {
                links.scalers.entry(target).or_default().push(at);
                links.scaled.insert(at, target);
            }
        }
        links
    }

    fn identify(&mut self, at: usize, change: &'p Change) {
        for values in [&change.before, &change.after].into_iter().flatten() {
            for identity in IDENTITIES.iter().filter_map(|key| values.known().get(key)?.as_str()) {
                self.by_identity
                    .entry((&change.kind, identity))
                    .and_modify(|found| *found = found.filter(|found| *found == at))
                    .or_insert(Some(at));
            }
        }
    }

    /// A resource before or after, where it is there.
    pub(crate) fn view(&self, change: &'p Change, side: Side) -> Option<View<'p>> {
        let written = self.plan.configuration.written(&change.module, &change.kind, &change.name);
        let before = if side == Side::After { change.before.as_ref() } else { None };
        change.values(side).map(|values| View::new(change, values, before, written))
    }

    /// How the provider of a resource is configured.
    pub(crate) fn provider(&self, change: &Change) -> Option<&'p Provider> {
        let configuration = &self.plan.configuration;
        match configuration.written(&change.module, &change.kind, &change.name) {
            Some(written) => configuration.provider(written),
            None if change.provider.is_empty() => configuration.only_provider(change.kind.split('_').next()?),
            None => configuration.only_provider(&change.provider),
        }
    }

    /// The one resource of these types that the field at `path` means.
    pub(crate) fn target(&self, view: &View<'p>, path: &str, types: &[&str]) -> Option<&'p Change> {
        self.index(view, path, types).and_then(|at| self.plan.changes.get(at))
    }

    /// What scales a resource.
    pub(crate) fn scalers(&self, change: &Change) -> impl Iterator<Item = &'p Change> {
        let found = self.by_address.get(&*change.address).and_then(|at| self.scalers.get(at));
        found.into_iter().flatten().filter_map(|at| self.plan.changes.get(*at))
    }

    /// Whether what a scaler scales is in the plan.
    pub(crate) fn scales(&self, change: &Change) -> bool {
        self.by_address.get(&*change.address).is_some_and(|at| self.scaled.contains_key(at))
    }

    fn index(&self, view: &View<'p>, path: &str, types: &[&str]) -> Option<usize> {
        let of_value = view.text(path).known().and_then(|text| self.identified(&text, types));
        of_value.or_else(|| self.referred(view.change, &view.path(path), types))
    }

    fn identified(&self, text: &str, types: &[&str]) -> Option<usize> {
        // Autoscaling names `table/orders` and `service/cluster/api`.
        let part = match text.split('/').collect::<Vec<_>>()[..] {
            ["table", name] | ["table", name, "index", _] | ["service", _, name] => Some(name),
            _ => None,
        };
        let find = |text: &str| only(types.iter().filter_map(|kind| self.identity(kind, text)));
        find(text).or_else(|| find(part?))
    }

    fn identity(&self, kind: &str, text: &str) -> Option<usize> {
        self.by_identity.get(&(kind, text)).copied().flatten()
    }

    fn referred(&self, change: &Change, path: &Path, types: &[&str]) -> Option<usize> {
        let configuration = &self.plan.configuration;
        let written = configuration.written(&change.module, &change.kind, &change.name)?;
        let references = configuration.references(&change.module, written, path);
        let wanted = || references.iter().filter(|(_, reference)| types.contains(&reference.kind));
        let found = wanted().filter_map(|(module, reference)| {
            // `x[0].id` stands beside `x[0]` and `x`: the one that says which counts.
            let is_told = reference.index.is_empty()
                && wanted().any(|(_, other)| {
                    other.name == reference.name && other.kind == reference.kind && !other.index.is_empty()
                });
            (!is_told).then(|| self.resource(change, module, reference))
        });
        // One that is not found may be meant as well.
        only(found.collect::<Option<Vec<_>>>()?.into_iter())
    }

    fn resource(&self, change: &Change, module: &str, reference: &Reference<'_>) -> Option<usize> {
        let depth = if module.is_empty() { 0 } else { module.split('.').count() };
        let within = ancestor(&change.module_address, depth);
        let dot = if within.is_empty() { "" } else { "." };
        let address = |index: &str| format!("{within}{dot}{}.{}{index}", reference.kind, reference.name);
        if !reference.index.is_empty() {
            return self.by_address.get(&*address(reference.index)).copied();
        }
        match self.by_name.get(&(within, reference.kind, reference.name))?.as_slice() {
            [one] => Some(*one),
            // `x[each.key]` and `x[count.index]`: that of the same index.
            _ => self.by_address.get(&*address(&change.index)).copied(),
        }
    }
}

/// The one that all are.
fn only(mut found: impl Iterator<Item = usize>) -> Option<usize> {
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

/// A scaler: which field names what it scales, and of which types that may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scales {
    pub(crate) target: &'static str,
    pub(crate) types: &'static [&'static str],
}
