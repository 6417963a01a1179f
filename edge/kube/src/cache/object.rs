//! Objects as they are kept: by namespace and name, with the uid that tells one incarnation from the next.
//!
//! What bears on cost is kept as text, a third of the size of the value that it becomes when somebody asks for it: a
//! hundred thousand Pods take some 130 MB. Namespaces are few, and asked for by every request: they are kept as values.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;
use tollgate_vocabulary::Value;

use super::Trouble;
use crate::Resource;
use crate::json::{text_of, value_of};
use crate::prune::prune;
use crate::resource::Keep;

/// What an object is called; the namespace is empty where it has none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) namespace: Arc<str>,
    pub(crate) name: Arc<str>,
}

/// An object without its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) uid: Arc<str>,
    pub(crate) body: Body,
}

/// What is kept of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    Value(Arc<Value>),
    Text(Arc<str>),
}

/// All objects of a resource.
#[derive(Debug, Default)]
pub(crate) struct Objects(BTreeMap<Arc<str>, BTreeMap<Arc<str>, Kept>>);

/// Makes what is kept of what the API server sends of one resource.
pub(crate) struct Decoder {
    resource: Resource,
    api_version: String,
}

impl Body {
    /// The value, made anew where it is kept as text.
    pub(crate) fn value(&self) -> Arc<Value> {
        match self {
            Self::Value(value) => Arc::clone(value),
            // It was written from a value. Were it unreadable all the same, it would at least be no object.
            Self::Text(text) => Arc::new(
                serde_json::from_str(text).map_or_else(|_| Value::from(&**text), |json| value_of(&json)),
            ),
        }
    }
}

impl Objects {
    pub(crate) fn get(&self, namespace: &str, name: &str) -> Option<&Kept> {
        self.0.get(namespace)?.get(name)
    }

    /// Keeps an object; returns what had its name.
    pub(crate) fn insert(&mut self, key: Key, kept: Kept) -> Option<Kept> {
        self.0.entry(key.namespace).or_default().insert(key.name, kept)
    }

    pub(crate) fn remove(&mut self, key: &Key) -> Option<Kept> {
        let within = self.0.get_mut(&key.namespace)?;
        let removed = within.remove(&key.name);
        if within.is_empty() {
            self.0.remove(&key.namespace);
        }
        removed
    }

    /// The objects of one namespace or of all, in order.
    pub(crate) fn iter(
        &self,
        namespace: Option<&str>,
    ) -> impl Iterator<Item = (&Arc<str>, &Arc<str>, &Kept)> {
        let (one, all) = match namespace {
            Some(namespace) => (self.0.get_key_value(namespace), None),
            None => (None, Some(self.0.iter())),
        };
        let places = one.into_iter().chain(all.into_iter().flatten());
        places.flat_map(|(namespace, within)| within.iter().map(move |(name, kept)| (namespace, name, kept)))
    }
}

impl Decoder {
    pub(crate) fn new(resource: Resource) -> Self {
        Self { resource, api_version: resource.api_version() }
    }

    /// What is kept of an object: with its kind (the items of a list have none), without who wrote which field.
    pub(crate) fn decode(&self, mut object: Json) -> Result<(Key, Kept), Trouble> {
        if let Some(metadata) = object.get_mut("metadata").and_then(Json::as_object_mut) {
            metadata.remove("managedFields");
        }
        if let Some(fields) = object.as_object_mut() {
            fields.insert("apiVersion".to_owned(), self.api_version.as_str().into());
            fields.insert("kind".to_owned(), self.resource.kind.into());
        }
        let (key, uid) = self.identity(&object)?;
        let value = value_of(&object);
        let body = match self.resource.keep {
            Keep::Whole => Body::Value(Arc::new(value)),
            Keep::Cost => Body::Text(text_of(&prune(value)).into()),
        };
        Ok((key, Kept { uid, body }))
    }

    /// Which object this is, and which incarnation of it.
    pub(crate) fn identity(&self, object: &Json) -> Result<(Key, Arc<str>), Trouble> {
        let text = |field: &str| {
            object
                .get("metadata")
                .and_then(|metadata| metadata.get(field))
                .and_then(Json::as_str)
                .map(Arc::from)
        };
        let namespace = text("namespace").unwrap_or_else(|| "".into());
        match (text("name"), text("uid")) {
            (Some(name), Some(uid)) => Ok((Key { namespace, name }, uid)),
            _ => Err(Trouble::Text(format!(
                "the API server sent one of {} without name or uid",
                self.resource
            ))),
        }
    }
}
