//! What a budget is for, and whether an object is of it.
//!
//! ```text
//! Target ──own parts──> no ──────────────────────────> no
//!             └─ fits so far ──its namespace's labels──> yes, no, or depends on what must be asked for
//! ```

use std::sync::Arc;

use tollgate_vocabulary::{Map, Value};

use crate::node::{Node, Wrong};
use crate::selector::{Selector, is_name_label, label_value};

/// What a budget is for: all that is given must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scope {
    namespaces: Vec<Arc<str>>,
    cost_centre: Option<Arc<str>>,
    workload: Option<Workload>,
    selector: Option<Selector>,
    namespace_selector: Option<Selector>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Workload {
    kind: Arc<str>,
    namespace: Arc<str>,
    name: Arc<str>,
}

/// An object that budgets are looked up for.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// kind
    pub kind: &'a str,
    /// namespace, where it lies in one
    pub namespace: Option<&'a str>,
    /// name
    pub name: &'a str,
    /// its own labels
    pub labels: Option<&'a Map>,
    /// the labels of its pod template
    pub template_labels: Option<&'a Map>,
    /// the labels of its namespace
    pub namespace_labels: NamespaceLabels<'a>,
}

/// What is known of the labels of an object's namespace.
#[derive(Clone, Copy, Debug)]
pub enum NamespaceLabels<'a> {
    /// these
    Known(&'a Map),
    /// there is no such namespace, so there are no labels
    Absent,
    /// nobody asked yet
    Missing,
    /// could not be learned, and why
    Unavailable(&'a str),
}

/// Which budgets an object is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matching {
    /// these, by name, in order
    Budgets(Vec<Arc<str>>),
    /// some depend on its namespace's labels, which must be asked for first
    NeedsNamespace,
    /// some depend on its namespace's labels, which cannot be learned
    Unavailable {
        /// why
        why: Arc<str>,
        /// those that depend on them
        budgets: Vec<Arc<str>>,
    },
}

/// Whether one budget fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    Yes,
    No,
    /// on the labels of the namespace
    Depends,
}

const KEYS: [&str; 6] =
    ["everything", "namespaces", "costCentre", "workload", "selector", "namespaceSelector"];

impl Scope {
    /// Whether `target` fits; `label` is the key of the label that names cost centres.
    pub(crate) fn fit(&self, target: &Target<'_>, label: Option<&str>) -> Fit {
        let in_namespace = |name: &str| target.namespace == Some(name);
        if !self.namespaces.is_empty() && !self.namespaces.iter().any(|name| in_namespace(name)) {
            return Fit::No;
        }
        let is_workload = |workload: &Workload| {
            *workload.kind == *target.kind
                && in_namespace(&workload.namespace)
                && *workload.name == *target.name
        };
        if !self.workload.as_ref().is_none_or(is_workload) {
            return Fit::No;
        }
        if !self.selector.as_ref().is_none_or(|selector| selector.matches(target.labels)) {
            return Fit::No;
        }
        let centre = match (&self.cost_centre, label) {
            (None, _) => None,
            (Some(_), None) => return Fit::No,
            (Some(centre), Some(label)) => {
                match value_of(target.labels, label).or_else(|| value_of(target.template_labels, label)) {
                    Some(own) if *own == **centre => None,
                    Some(_) => return Fit::No,
                    None => Some((label, centre)),
                }
            }
        };
        if centre.is_none() && self.namespace_selector.is_none() {
            return Fit::Yes;
        }
        // Only the namespace can tell, and what lies in none has none.
        let labels = match (target.namespace, target.namespace_labels) {
            (None, _) => return Fit::No,
            (_, NamespaceLabels::Known(labels)) => Some(labels),
            (_, NamespaceLabels::Absent) => None,
            (_, NamespaceLabels::Missing | NamespaceLabels::Unavailable(_)) => return Fit::Depends,
        };
        let is_centre = |(label, centre): (&str, &Arc<str>)| value_of(labels, label) == Some(centre);
        let selected = self.namespace_selector.as_ref().is_none_or(|selector| selector.matches(labels));
        if centre.is_none_or(is_centre) && selected { Fit::Yes } else { Fit::No }
    }

    /// Whether it names a cost centre.
    pub(crate) const fn names_cost_centre(&self) -> bool {
        self.cost_centre.is_some()
    }

    pub(crate) fn read(node: &Node<'_>) -> Result<Self, Wrong> {
        node.only(&KEYS)?;
        let given: Vec<&str> = KEYS.into_iter().filter(|key| node.find(key).is_some()).collect();
        if let Some(everything) = node.find("everything") {
            return match (everything.truth()?, given.len()) {
                (true, 1) => Ok(Self::default()),
                (true, _) => {
                    Err(everything.wrong("`everything` stands alone: what else is given would narrow it"))
                }
                (false, _) => Err(everything.wrong("`everything` is `true` or left out")),
            };
        }
        if given.is_empty() {
            let message = format!("a scope has at least one of {}", KEYS.join(", "));
            return Err(node.wrong(message));
        }
        let namespaces = match node.find("namespaces") {
            None => Vec::new(),
            Some(list) => list.items()?.iter().map(namespace).collect::<Result<_, _>>()?,
        };
        Ok(Self {
            namespaces,
            cost_centre: node.find("costCentre").map(|centre| cost_centre(&centre)).transpose()?,
            workload: node.find("workload").map(|workload| Workload::read(&workload)).transpose()?,
            selector: node.find("selector").map(|selector| Selector::read(&selector)).transpose()?,
            namespace_selector: node
                .find("namespaceSelector")
                .map(|selector| Selector::read(&selector))
                .transpose()?,
        })
    }
}

fn value_of<'a>(labels: Option<&'a Map>, key: &str) -> Option<&'a str> {
    labels.and_then(|labels| labels.get(key)).and_then(Value::as_str)
}

impl Workload {
    fn read(node: &Node<'_>) -> Result<Self, Wrong> {
        node.only(&["kind", "namespace", "name"])?;
        let part = |key: &str| {
            node.find(key).ok_or_else(|| node.wrong("a workload has a `kind`, a `namespace` and a `name`"))
        };
        Ok(Self {
            kind: part("kind")?.text()?,
            namespace: namespace(&part("namespace")?)?,
            name: part("name")?.text()?,
        })
    }
}

fn namespace(node: &Node<'_>) -> Result<Arc<str>, Wrong> {
    let name = node.text()?;
    if name.len() <= 63 && is_name_label(&name) {
        Ok(name)
    } else {
        Err(node.wrong(format!("`{name}` cannot be the name of a namespace")))
    }
}

fn cost_centre(node: &Node<'_>) -> Result<Arc<str>, Wrong> {
    node.text()?;
    label_value(node)
}
