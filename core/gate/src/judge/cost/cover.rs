//! Which budgets cover an object: by its own labels, those of its pods, and those of its namespace.

use std::sync::Arc;

use tollgate_budget::{Matching, NamespaceLabels, Target};
use tollgate_vocabulary::{Fact, Map, ObjectName, Question, Value};

use crate::cost::CostRules;
use crate::{Facts, Home};

/// What covers an object.
pub(super) struct Covered {
    /// the budgets, or what must be learned first
    pub(super) matching: Matching,
    /// what was read, must be learned, or cannot be
    pub(super) question: Option<Question>,
}

pub(super) fn budgets(
    rules: &CostRules,
    object: &Value,
    name: &ObjectName,
    home: &Home,
    facts: &Facts,
) -> Covered {
    let none = Map::default();
    let question = match home {
        Home::Namespace(name) => Some(Question::Namespace(Arc::clone(name))),
        Home::Cluster | Home::Unknown => None,
    };
    let fact = question.as_ref().map(|question| facts.answer(question));
    let namespace_labels = match (home, fact) {
        (Home::Unknown, _) => NamespaceLabels::Unavailable("the manifest names no namespace"),
        (_, None | Some(Fact::Absent { .. })) => NamespaceLabels::Absent,
        (_, Some(Fact::Known { value, .. })) => {
            NamespaceLabels::Known(labels(value, &["metadata", "labels"]).unwrap_or(&none))
        }
        (_, Some(Fact::Unavailable { why })) => NamespaceLabels::Unavailable(why),
        (_, Some(Fact::NotGathered)) => NamespaceLabels::Missing,
    };
    let template = ["spec", "template", "metadata", "labels"];
    let of_jobs = ["spec", "jobTemplate", "spec", "template", "metadata", "labels"];
    let matching = rules.budgets.matching(&Target {
        kind: &name.kind,
        namespace: name.namespace.as_deref(),
        name: &name.name,
        labels: labels(object, &["metadata", "labels"]),
        template_labels: labels(object, &template).or_else(|| labels(object, &of_jobs)),
        namespace_labels,
    });
    // What nobody asked for was not read either.
    let unread = matches!(matching, Matching::Budgets(_)) && matches!(fact, Some(Fact::NotGathered));
    Covered { matching, question: question.filter(|_| !unread) }
}

fn labels<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Map> {
    path.iter().try_fold(value, |value, key| value.get(key))?.as_object()
}
