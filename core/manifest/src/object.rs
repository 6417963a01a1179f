//! A Kubernetes object as the gate sees it: masked, with its identity read out.

use std::sync::Arc;

use tollgate_vocabulary::{Digest, Value};

use crate::canonical;

/// What an object says it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    /// API group; empty for the core group
    pub group: Arc<str>,
    /// version, such as `v1`
    pub version: Arc<str>,
    /// kind, such as `Deployment`
    pub kind: Arc<str>,
    /// namespace, where the object names one
    pub namespace: Option<Arc<str>>,
    /// name, where the object has one yet
    pub name: Option<Arc<str>>,
    /// prefix from which the API server makes the name
    pub generate_name: Option<Arc<str>>,
}

/// A masked Kubernetes object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// what it says it is
    pub identity: Identity,
    /// all of it, masked
    pub value: Arc<Value>,
}

impl Identity {
    /// Reads what `value` says it is. Missing parts stay empty.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        let text = |value: Option<&Value>| match value {
            Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
            _ => None,
        };
        let metadata = value.get("metadata");
        let of_metadata = |key| text(metadata.and_then(|metadata| metadata.get(key)));
        let api_version = value.get("apiVersion").and_then(Value::as_str).unwrap_or_default();
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        Self {
            group: group.into(),
            version: version.into(),
            kind: text(value.get("kind")).unwrap_or_default(),
            namespace: of_metadata("namespace"),
            name: of_metadata("name"),
            generate_name: of_metadata("generateName"),
        }
    }

    /// `group/version`, or `version` alone for the core group.
    #[must_use]
    pub fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.to_string()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }
}

impl Object {
    /// An object of a value that is masked already.
    #[must_use]
    pub fn of_masked(value: Value) -> Self {
        Self { identity: Identity::of(&value), value: Arc::new(value) }
    }

    /// The digest of the masked object's canonical bytes: the same however it was written.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&canonical::bytes(&self.value))
    }
}
