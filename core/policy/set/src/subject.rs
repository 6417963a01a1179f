//! What rules are asked about, and which rules are asked about it.
//!
//! ```text
//! AdmissionRequest ──> Transition (operation, subresource, deleting) ──> asks(rule)?
//! ```

use tollgate_vocabulary::{Operation, Timestamp, Value};

use crate::rule::Rule;

/// One transition that rules are asked about.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// the whole masked `AdmissionRequest` (admission.k8s.io/v1): operation, kind, resource, subResource, object,
    /// oldObject, userInfo and the rest
    pub request: &'a Value,
    /// the change's own time, the only one that rules see
    pub at: Timestamp,
    /// the Namespace object of the subject
    pub namespace: NamespaceFact<'a>,
    /// where it comes from: constraints may be enforced there alone
    pub surface: Surface,
}

/// Where a subject comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Surface {
    /// an admission request: Gatekeeper's `validation.gatekeeper.sh`
    Admission,
    /// a manifest in a file: Gatekeeper's `gator.gatekeeper.sh`
    Files,
}

/// What is known of the subject's Namespace object.
#[derive(Clone, Copy, Debug)]
pub enum NamespaceFact<'a> {
    /// it is this
    Known(&'a Value),
    /// there is none
    Absent,
    /// nobody has asked yet
    Missing,
    /// it could not be learned, and why
    Unavailable(&'a str),
}

/// What a subject is, as far as scope goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Transition<'a> {
    operation: Option<Operation>,
    subresource: Option<&'a str>,
    deleting: bool,
}

impl<'a> Transition<'a> {
    pub(crate) fn of(request: &'a Value) -> Self {
        let operation = request.get("operation").and_then(Value::as_str).and_then(Operation::from_word);
        let subresource = request.get("subResource").and_then(Value::as_str).filter(|name| !name.is_empty());
        let deletion = request
            .get("object")
            .and_then(|object| object.get("metadata"))
            .and_then(|metadata| metadata.get("deletionTimestamp"));
        let deleting = operation == Some(Operation::Update) && deletion.is_some_and(|time| !time.is_null());
        Self { operation, subresource, deleting }
    }

    /// Whether `rule` is asked. An operation that nobody knows is asked of every rule: closed, not open.
    pub(crate) fn asks(&self, rule: &Rule) -> bool {
        let Some(operation) = self.operation else { return true };
        if !rule.operations.contains(operation) || (self.deleting && !rule.deleting) {
            return false;
        }
        match (self.subresource, operation) {
            (None, _) => true,
            // CONNECT is always about a subresource: a rule that asks for it and names none means all of them.
            (Some(_), Operation::Connect) if rule.subresources == crate::Subresources::None => true,
            (Some(name), _) => rule.subresources.contains(name),
        }
    }
}

impl NamespaceFact<'_> {
    pub(crate) const fn known(&self) -> Option<&Value> {
        match self {
            Self::Known(value) => Some(value),
            _ => None,
        }
    }
}
