//! The request that a case's object stands for, as `gator verify` makes it: an object alone is a request without
//! operation; an AdmissionReview is the request that it holds.

use std::sync::Arc;

use tollgate_manifest::{Identity, Mask};
use tollgate_vocabulary::{Map, Path, Value};

use crate::Document;

/// What a case asks, and where in the file the object begins.
pub(super) struct Request {
    pub(super) value: Value,
    /// of the object that is judged, from the root of the document
    pub(super) prefix: Path,
}

impl Request {
    /// The request of a document.
    ///
    /// # Errors
    /// An AdmissionReview that holds no request that could be judged.
    pub(super) fn of(document: &Document, mask: &Mask) -> Result<Self, String> {
        let (group, _, kind) = document.kind();
        if group == "admission.k8s.io" && kind == "AdmissionReview" {
            return review(&document.value, mask);
        }
        Ok(Self { value: of_object(&document.value), prefix: Path::root() })
    }
}

fn of_object(object: &Arc<Value>) -> Value {
    let identity = Identity::of(object);
    let kind: Map = [("group", &identity.group), ("version", &identity.version), ("kind", &identity.kind)]
        .into_iter()
        .map(|(key, word)| (key, Value::String(Arc::clone(word))))
        .collect();
    let mut request: Map = [("kind", kind.into()), ("object", (**object).clone())].into_iter().collect();
    for (key, word) in [("name", identity.name), ("namespace", identity.namespace)] {
        if let Some(word) = word {
            request.insert(key.into(), Value::String(word));
        }
    }
    request.into()
}

fn review(value: &Value, mask: &Mask) -> Result<Request, String> {
    let Some(Value::Object(request)) = value.get("request") else {
        return Err("the AdmissionReview has no `request`".to_owned());
    };
    let there = |key: &str| request.get(key).is_some_and(|value| !value.is_null());
    for key in ["object", "oldObject"] {
        let kind = request.get(key).filter(|value| !value.is_null());
        if kind.is_some_and(|value| value.get("kind").and_then(Value::as_str).is_none_or(str::is_empty)) {
            return Err(format!("`request.{key}` has no `kind`"));
        }
    }
    let judged = match (there("object"), there("oldObject")) {
        (false, false) => {
            return Err("the AdmissionReview has neither `request.object` nor `request.oldObject`".to_owned());
        }
        _ if request.get("operation").and_then(Value::as_str) == Some("DELETE") => "oldObject",
        (true, _) => "object",
        (false, true) => "oldObject",
    };
    let mut value = Value::Object(request.clone());
    mask.apply_review(&mut value);
    Ok(Request { value, prefix: Path::of_keys(&["request", judged]) })
}
