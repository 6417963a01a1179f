//! Constraints (constraints.gatekeeper.sh): a template with parameters, and what it is asked about.

use std::sync::Arc;

use tollgate_vocabulary::{Map, Path, Value};

use crate::criteria::Criteria;
use crate::node::Node;
use crate::problem::{Place, Problem};
use crate::selector::is_subdomain;
use crate::{Document, Enforcement, Grade, Template};

const GROUP: &str = "constraints.gatekeeper.sh";
const SPEC: [&str; 4] = ["match", "parameters", "enforcementAction", "scopedEnforcementActions"];

/// A constraint, checked against its template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// its kind: that of its template
    pub kind: Arc<str>,
    /// `metadata.name`, unique within the kind
    pub name: Arc<str>,
    /// where it begins
    pub place: Place,
    /// what it is asked about
    pub criteria: Criteria,
    /// `spec.parameters` with the defaults of the schema; an empty object where there are none
    pub parameters: Arc<Value>,
    /// what a violation does
    pub enforcement: Enforcement,
}

impl Constraint {
    /// Whether a document is a constraint.
    #[must_use]
    pub fn is_one(document: &Document) -> bool {
        document.kind().0 == GROUP
    }

    /// Reads a constraint of a template. What is wrong is added to `problems`; nothing comes out where that is an
    /// error.
    pub fn read(document: &Document, template: &Template, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut found: Vec<Problem> = document.doubts().collect();
        let constraint = read(document, template, &mut found);
        let wrong = found.iter().any(Problem::is_error);
        problems.append(&mut found);
        constraint.filter(|_| !wrong)
    }
}

fn read(document: &Document, template: &Template, problems: &mut Vec<Problem>) -> Option<Constraint> {
    let root = Node::root(document, "constraint-schema");
    let (_, version, kind) = document.kind();
    if !["v1beta1", "v1alpha1"].contains(&version) {
        let message = format!("`{GROUP}/{version}` is no version of constraints");
        let at = root.get("apiVersion").unwrap_or_else(|| root.clone());
        let remedy = format!("write `apiVersion: {GROUP}/v1beta1`");
        problems.push(at.place().error("constraint-version", message).mended_by(remedy));
    }
    let name = name(&root, problems);
    let spec = root.get("spec");
    let mut criteria = Criteria::default();
    if let Some(spec) = &spec
        && spec.object(problems).is_some()
    {
        problems.extend(spec.unknown_fields(&SPEC, "constraint-unknown-field"));
        criteria = spec.get("match").map(|node| Criteria::read(&node, problems)).unwrap_or_default();
    }
    let enforcement = Enforcement::read(spec.as_ref(), problems);
    let parameters = parameters(spec.as_ref(), template, problems);
    Some(Constraint {
        kind: kind.into(),
        name: name?,
        place: root.place(),
        criteria,
        parameters: Arc::new(parameters),
        enforcement,
    })
}

/// Whether a problem is that a value does not fit the schema of its field or of the template's parameters.
pub(crate) fn is_of_schema(problem: &Problem) -> bool {
    problem.is_error() && problem.code == "constraint-schema"
}

fn name(root: &Node<'_>, problems: &mut Vec<Problem>) -> Option<Arc<str>> {
    let Some(node) = root.below(&["metadata", "name"]) else {
        problems.push(root.place().error("constraint-name", "`metadata.name` is missing"));
        return None;
    };
    let name = node.text(problems)?;
    if !is_subdomain(&name) || name.len() > 63 {
        let message = format!("`{name}` cannot be the name of a constraint");
        let remedy = "at most 63 lower-case letters, digits, `-` and `.`, a letter or digit at both ends";
        problems.push(node.place().error("constraint-name", message).mended_by(remedy));
        return None;
    }
    Some(name)
}

fn parameters(spec: Option<&Node<'_>>, template: &Template, problems: &mut Vec<Problem>) -> Value {
    let empty = || Value::Object(Map::default());
    let node = spec.and_then(|spec| spec.get("parameters"));
    let Some(schema) = &template.schema else {
        if let Some(node) = node {
            let message = format!("the template `{}` takes no parameters", template.kind);
            let remedy = format!("remove `{}`, or give the template an `openAPIV3Schema`", node.path);
            let place = node.document.key_place(&node.path);
            problems.push(place.error("constraint-unknown-field", message).mended_by(remedy));
        }
        return empty();
    };
    let Some(node) = node else {
        // A default of the whole is put in only where there is a `spec` to put it in.
        let Some(mut value) = schema.default_value().filter(|_| spec.is_some()).cloned() else {
            return empty();
        };
        schema.fill(&mut value);
        return value;
    };
    for error in schema.validate(node.value) {
        let steps = node.path.steps().iter().chain(error.path.steps()).cloned();
        let path = Path::from(steps.collect::<Vec<_>>());
        let (place, code) = if error.unknown {
            (node.document.key_place(&path), "constraint-unknown-field")
        } else {
            (node.document.place(&path), "constraint-schema")
        };
        let message = format!("`{path}` {}", error.message);
        problems.push(Problem { place, grade: Grade::Error, code, message, remedy: error.remedy });
    }
    let mut value = node.value.clone();
    schema.fill(&mut value);
    value
}

#[cfg(test)]
mod tests;
