//! What a constraint is asked about (`spec.match`; gatekeeper `pkg/mutation/match` and `pkg/target`).
//!
//! Of a request's `object` and `oldObject` one that fits is enough. The criteria are looked at in Gatekeeper's order,
//! and the first that does not fit decides, so that a Namespace object is asked for only where the answer hangs on it.

use std::collections::BTreeSet;
use std::sync::Arc;

use tollgate_manifest::Identity;
use tollgate_vocabulary::Value;

use crate::node::Node;
use crate::problem::Problem;
use crate::review::{NamespaceFact, Origin, Review, ReviewError};
use crate::selector::LabelSelector;
use crate::spelling;
use crate::wildcard::Wildcard;

const FIELDS: [&str; 8] = [
    "kinds",
    "scope",
    "namespaces",
    "excludedNamespaces",
    "labelSelector",
    "namespaceSelector",
    "name",
    "source",
];

/// What a constraint is asked about. Empty, it is asked about everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Criteria {
    /// one of these; none means all
    pub kinds: Vec<KindFilter>,
    /// in a namespace, or outside of all
    pub scope: Scope,
    /// the namespace is one of these; none means all. Objects outside of all namespaces fit
    pub namespaces: Vec<Wildcard>,
    /// the namespace is none of these
    pub excluded_namespaces: Vec<Wildcard>,
    /// on the object's labels
    pub label_selector: Option<LabelSelector>,
    /// on the labels of the object's Namespace, or of the object itself where it is one
    pub namespace_selector: Option<LabelSelector>,
    /// on the object's name, or on the prefix that it is generated from
    pub name: Option<Wildcard>,
    /// written objects, generated ones, or both
    pub source: Option<Origin>,
}

/// Groups and kinds; the group and the kind must both fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KindFilter {
    /// API groups; `*` or none means all
    pub groups: Vec<Arc<str>>,
    /// kinds; `*` or none means all
    pub kinds: Vec<Arc<str>>,
}

/// Where objects live.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// anywhere
    #[default]
    All,
    /// outside of all namespaces; Namespace objects are
    Cluster,
    /// in a namespace
    Namespaced,
}

/// Whether a constraint is asked about a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// it is
    Yes,
    /// it is not
    No,
    /// that hangs on the Namespace object of this name, which nobody has asked for yet
    NeedsNamespace(Arc<str>),
    /// it cannot be told: Gatekeeper takes that for a violation
    Unclear(Unmatched),
}

/// Why it cannot be told whether a constraint is asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unmatched {
    /// the request is none
    #[error(transparent)]
    Review(#[from] ReviewError),
    /// a namespace selector, and there is no Namespace object
    #[error("`namespaceSelector` reads the Namespace of `{0}`, and there is no such Namespace")]
    NoNamespace(Arc<str>),
}

impl Criteria {
    /// Whether a constraint with these criteria is asked about `review`.
    #[must_use]
    pub fn matches(&self, review: &Review<'_>) -> Match {
        if *self == Self::default() {
            return Match::Yes;
        }
        match identified(review) {
            Ok(objects) => self.matches_one_of(&objects, review),
            Err(error) => Match::Unclear(error.into()),
        }
    }

    /// The same for a review whose objects are known.
    pub(crate) fn matches_one_of(&self, objects: &[(&Value, Identity)], review: &Review<'_>) -> Match {
        if *self == Self::default() {
            return Match::Yes;
        }
        for (object, identity) in objects {
            match self.fits(object, identity, review) {
                Match::No => {}
                decided => return decided,
            }
        }
        Match::No
    }

    /// The kinds that it names, where it can only match objects of kinds that it names.
    pub(crate) fn named_kinds(&self) -> Option<BTreeSet<Arc<str>>> {
        let open =
            |filter: &KindFilter| filter.kinds.is_empty() || filter.kinds.iter().any(|kind| &**kind == "*");
        if self.kinds.is_empty() || self.kinds.iter().any(open) {
            return None;
        }
        Some(self.kinds.iter().flat_map(|filter| filter.kinds.iter().cloned()).collect())
    }

    fn fits(&self, object: &Value, identity: &Identity, review: &Review<'_>) -> Match {
        let is_namespace = identity.kind.as_ref() == "Namespace" && identity.group.is_empty();
        let home = review.namespace_name();
        let namespaced = identity.namespace.is_some() || home.is_some();
        let namespace =
            if is_namespace { identity.name.as_deref() } else { home.or(identity.namespace.as_deref()) };
        let fits = self.kinds_fit(identity)
            && self.scope_fits(is_namespace, namespaced)
            && (self.namespaces.is_empty()
                || namespace_is_among(&self.namespaces, is_namespace, namespace, true))
            && !namespace_is_among(&self.excluded_namespaces, is_namespace, namespace, false)
            && self.label_selector.as_ref().is_none_or(|selector| selector.matches(object));
        if !fits {
            return Match::No;
        }
        if let Some(selector) = &self.namespace_selector {
            let labelled = match (is_namespace, &review.namespace) {
                (true, _) => object,
                (false, _) if !namespaced => return self.rest_fits(identity, review),
                (false, NamespaceFact::Known(fact)) => fact,
                (false, NamespaceFact::Missing) => {
                    return Match::NeedsNamespace(namespace.unwrap_or_default().into());
                }
                (false, NamespaceFact::Absent) => {
                    return Match::Unclear(Unmatched::NoNamespace(namespace.unwrap_or_default().into()));
                }
            };
            if !selector.matches(labelled) {
                return Match::No;
            }
        }
        self.rest_fits(identity, review)
    }

    fn kinds_fit(&self, identity: &Identity) -> bool {
        let among = |words: &[Arc<str>], word: &str| {
            words.is_empty() || words.iter().any(|known| &**known == "*" || **known == *word)
        };
        let mut filters = self.kinds.iter();
        self.kinds.is_empty()
            || filters
                .any(|filter| among(&filter.kinds, &identity.kind) && among(&filter.groups, &identity.group))
    }

    const fn scope_fits(&self, is_namespace: bool, namespaced: bool) -> bool {
        match self.scope {
            Scope::All => true,
            Scope::Cluster => is_namespace || !namespaced,
            Scope::Namespaced => !is_namespace && namespaced,
        }
    }

    /// What stands behind the namespace selector in Gatekeeper's order.
    fn rest_fits(&self, identity: &Identity, review: &Review<'_>) -> Match {
        let name = self.name.as_ref().is_none_or(|pattern| {
            pattern.is_empty()
                || pattern.matches(identity.name.as_deref().unwrap_or_default())
                || pattern.matches_generated(identity.generate_name.as_deref().unwrap_or_default())
        });
        let source = self.source.is_none_or(|source| source == review.origin);
        if name && source { Match::Yes } else { Match::No }
    }

    pub(crate) fn read(node: &Node<'_>, problems: &mut Vec<Problem>) -> Self {
        if node.object(problems).is_none() {
            return Self::default();
        }
        problems.extend(node.unknown_fields(&FIELDS, "constraint-unknown-field"));
        let mut selector = |key: &str| node.get(key).map(|selector| LabelSelector::read(&selector, problems));
        let (label_selector, namespace_selector) = (selector("labelSelector"), selector("namespaceSelector"));
        Self {
            kinds: kinds(node, problems),
            scope: scope(node, problems),
            namespaces: wildcards(node, "namespaces", problems),
            excluded_namespaces: wildcards(node, "excludedNamespaces", problems),
            label_selector,
            namespace_selector,
            name: node.get("name").and_then(|name| wildcard(&name, problems)),
            source: source(node, problems),
        }
    }
}

/// The objects of a review, each with what it says it is.
///
/// # Errors
/// There is none, or one of them has no kind.
pub(crate) fn identified<'r>(review: &Review<'r>) -> Result<Vec<(&'r Value, Identity)>, ReviewError> {
    let objects: Vec<_> =
        review.objects()?.into_iter().map(|object| (object, Identity::of(object))).collect();
    let nameless = objects.iter().any(|(_, identity)| identity.kind.is_empty());
    if nameless { Err(ReviewError::NoKind) } else { Ok(objects) }
}

/// Whether the namespace fits one of the patterns. An object that has none is told by `homeless`.
fn namespace_is_among(
    patterns: &[Wildcard],
    is_namespace: bool,
    namespace: Option<&str>,
    homeless: bool,
) -> bool {
    match namespace {
        Some(name) => patterns.iter().any(|pattern| pattern.matches(name)),
        None if is_namespace => patterns.iter().any(|pattern| pattern.matches("")),
        None => homeless,
    }
}

fn kinds(node: &Node<'_>, problems: &mut Vec<Problem>) -> Vec<KindFilter> {
    let items = node.get("kinds").map(|list| list.items(problems)).unwrap_or_default();
    let mut filters = Vec::new();
    for item in items {
        if item.object(problems).is_none() {
            continue;
        }
        problems.extend(item.unknown_fields(&["apiGroups", "kinds"], "constraint-unknown-field"));
        let mut texts = |key: &str| item.get(key).map(|list| list.texts(problems)).unwrap_or_default();
        filters.push(KindFilter { groups: texts("apiGroups"), kinds: texts("kinds") });
    }
    filters
}

fn scope(node: &Node<'_>, problems: &mut Vec<Problem>) -> Scope {
    let Some(scope) = node.get("scope") else { return Scope::All };
    match scope.text(problems).as_deref() {
        None | Some("*" | "") => Scope::All,
        Some("Cluster") => Scope::Cluster,
        Some("Namespaced") => Scope::Namespaced,
        Some(other) => {
            let message = format!("`{other}` is no scope; Gatekeeper would match everything");
            let remedy = spelling::remedy(other, &["Cluster", "Namespaced", "*"]);
            problems.push(scope.place().error("constraint-scope", message).mended_by(remedy));
            Scope::All
        }
    }
}

fn source(node: &Node<'_>, problems: &mut Vec<Problem>) -> Option<Origin> {
    let source = node.get("source")?;
    match &*source.text(problems)? {
        "All" => None,
        "Original" => Some(Origin::Original),
        "Generated" => Some(Origin::Generated),
        other => {
            let remedy = spelling::remedy(other, &["All", "Original", "Generated"]);
            problems.push(source.error(format!("`{other}` is no source")).mended_by(remedy));
            None
        }
    }
}

fn wildcards(node: &Node<'_>, key: &str, problems: &mut Vec<Problem>) -> Vec<Wildcard> {
    let items = node.get(key).map(|list| list.items(problems)).unwrap_or_default();
    items.iter().filter_map(|item| wildcard(item, problems)).collect()
}

fn wildcard(node: &Node<'_>, problems: &mut Vec<Problem>) -> Option<Wildcard> {
    let text = node.text(problems)?;
    let wildcard = Wildcard::parse(&text);
    if wildcard.is_none() {
        let error = node.error(format!("`{text}` is no pattern of names"));
        problems.push(error.mended_by("lower-case letters, digits, `-` and `:`, with `*` only at the ends"));
    }
    wildcard
}

#[cfg(test)]
mod tests;
