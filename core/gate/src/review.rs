//! An AdmissionReview, decoded and masked (admission.k8s.io/v1).

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use tollgate_manifest::{Identity, Limits, Mask, ReadError, json};
use tollgate_vocabulary::{Actor, Authentication, Digest, Operation, Principal, Value};

use crate::change::{DryRun, Home};
use crate::{Change, Phase, Resource, Subject, Surface};

/// A decoded review: one request, masked.
#[derive(Clone, Debug)]
pub struct Review {
    /// the API server's name for this call; the answer repeats it
    pub uid: Arc<str>,
    /// digest of the body as it came: the same UID with another body is refused
    pub body: Digest,
    /// present where the request is a dry run
    pub dry_run: Option<DryRun>,
    principal: Principal,
    token: Arc<str>,
    subject: Subject,
}

/// Why a body is no review.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReviewError {
    /// it is not JSON
    #[error("the body is not JSON: line {}, column {}: {}", .0.position.line, .0.position.column, .0.message)]
    NotJson(ReadError),
    /// it is JSON, but not an AdmissionReview of v1
    #[error("this is not an AdmissionReview of admission.k8s.io/v1: {found}")]
    NotAReview {
        /// what it is
        found: String,
    },
    /// a part that every request has is not there
    #[error("`{path}` is missing or not {expected}")]
    Part {
        /// where
        path: &'static str,
        /// what belongs there
        expected: &'static str,
    },
    /// the objects do not fit the operation
    #[error("a request to {operation} has no `{missing}`")]
    NoObject {
        /// the verb
        operation: &'static str,
        /// `request.object` or `request.oldObject`
        missing: &'static str,
    },
}

impl Review {
    /// Decodes and masks a request body.
    ///
    /// # Errors
    /// What is wrong with the body. A review that cannot be decoded is refused, never guessed at.
    pub fn decode(bytes: &[u8], mask: &Mask, limits: &Limits) -> Result<Self, ReviewError> {
        let mut review = json::read(bytes, limits).map_err(ReviewError::NotJson)?;
        is_a_review(&review)?;
        let request = match &mut review {
            Value::Object(map) => map.remove("request").filter(|request| request.as_object().is_some()),
            _ => None,
        };
        let mut request = request.ok_or(ReviewError::Part { path: "request", expected: "an object" })?;
        mask.apply_review(&mut request);

        let uid =
            text(&request, "uid").ok_or(ReviewError::Part { path: "request.uid", expected: "a text" })?;
        let operation = request.get("operation").and_then(Value::as_str).and_then(Operation::from_word);
        let operation = operation.ok_or(ReviewError::Part {
            path: "request.operation",
            expected: "one of CREATE, UPDATE, DELETE, CONNECT",
        })?;
        let dry_run = match request.get("dryRun") {
            None | Some(Value::Null | Value::Bool(false)) => None,
            Some(Value::Bool(true)) => Some(DryRun::mint()),
            Some(_) => return Err(ReviewError::Part { path: "request.dryRun", expected: "true or false" }),
        };
        let resource = resource(&request)?;
        fits(&request, operation)?;
        let identity = identity(&request)?;
        let principal = principal(&request)?;
        let token = mask.token(principal.username.as_bytes()).into();
        // The Namespace object of a request for a namespace is the change itself, not a fact about it.
        let home = match &identity.namespace {
            Some(namespace) if &*resource.plural != "namespaces" || !resource.group.is_empty() => {
                Home::Namespace(Arc::clone(namespace))
            }
            _ => Home::Cluster,
        };
        let request = Arc::new(request);
        let subject = Subject { operation, identity, resource, home, request, refusals: Vec::new() };
        Ok(Self { uid, body: Digest::of(bytes), dry_run, principal, token, subject })
    }

    /// The change that this request asks for.
    #[must_use]
    pub fn into_change(self, authentication: Authentication, at: Timestamp) -> Change {
        Change {
            surface: Surface::Admission,
            phase: self.dry_run.map_or(Phase::Live, Phase::Dry),
            at,
            actor: Actor { principal: self.principal, authentication },
            actor_token: self.token,
            subjects: vec![self.subject],
        }
    }

    /// What is asked for.
    #[must_use]
    pub const fn subject(&self) -> &Subject {
        &self.subject
    }
}

fn is_a_review(review: &Value) -> Result<(), ReviewError> {
    let word = |key| review.get(key).and_then(Value::as_str).unwrap_or("nothing");
    let (version, kind) = (word("apiVersion"), word("kind"));
    if (version, kind) == ("admission.k8s.io/v1", "AdmissionReview") {
        return Ok(());
    }
    let found = match review {
        Value::Object(_) => format!("apiVersion `{version}`, kind `{kind}`"),
        _ => "no object".to_owned(),
    };
    Err(ReviewError::NotAReview { found })
}

fn text(value: &Value, key: &str) -> Option<Arc<str>> {
    match value.get(key) {
        Some(Value::String(text)) if !text.is_empty() => Some(Arc::clone(text)),
        _ => None,
    }
}

fn resource(request: &Value) -> Result<Resource, ReviewError> {
    let resource = request.get("resource").unwrap_or(&Value::Null);
    let plural = text(resource, "resource")
        .ok_or(ReviewError::Part { path: "request.resource.resource", expected: "a text" })?;
    Ok(Resource {
        group: text(resource, "group").unwrap_or_default(),
        version: text(resource, "version").unwrap_or_default(),
        plural,
        subresource: text(request, "subResource"),
    })
}

/// CREATE has an object, UPDATE both, DELETE the old one; CONNECT has options in the object's place.
fn fits(request: &Value, operation: Operation) -> Result<(), ReviewError> {
    let there = |key| request.get(key).is_some_and(|value| value.as_object().is_some());
    let needs: &[(&'static str, &'static str)] = match operation {
        Operation::Create | Operation::Connect => &[("object", "request.object")],
        Operation::Update => &[("object", "request.object"), ("oldObject", "request.oldObject")],
        Operation::Delete => &[("oldObject", "request.oldObject")],
    };
    match needs.iter().find(|(key, _)| !there(key)) {
        Some((_, missing)) => Err(ReviewError::NoObject { operation: operation.word(), missing }),
        None => Ok(()),
    }
}

/// Kind as the request has it; namespace and name too, for they hold also where the object does not repeat them.
fn identity(request: &Value) -> Result<Identity, ReviewError> {
    let kind = request.get("kind").unwrap_or(&Value::Null);
    let kind_word =
        text(kind, "kind").ok_or(ReviewError::Part { path: "request.kind.kind", expected: "a text" })?;
    let object =
        ["object", "oldObject"].iter().find_map(|key| request.get(key).filter(|value| !value.is_null()));
    let of_object = object.map(Identity::of).unwrap_or_default();
    Ok(Identity {
        group: text(kind, "group").unwrap_or_default(),
        version: text(kind, "version").unwrap_or_default(),
        kind: kind_word,
        namespace: text(request, "namespace"),
        name: text(request, "name").or(of_object.name),
        generate_name: of_object.generate_name,
    })
}

fn principal(request: &Value) -> Result<Principal, ReviewError> {
    let info = request.get("userInfo").unwrap_or(&Value::Null);
    let username = text(info, "username")
        .ok_or(ReviewError::Part { path: "request.userInfo.username", expected: "a text" })?;
    let texts = |value: &Value| -> Vec<String> {
        let items = value.as_array().unwrap_or_default();
        items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
    };
    let extra: BTreeMap<String, Vec<String>> = info
        .get("extra")
        .and_then(Value::as_object)
        .map(|map| map.iter().map(|(key, value)| (key.to_string(), texts(value))).collect())
        .unwrap_or_default();
    Ok(Principal {
        username: username.to_string(),
        uid: text(info, "uid").unwrap_or_default().to_string(),
        groups: info.get("groups").map(texts).unwrap_or_default(),
        extra,
    })
}
