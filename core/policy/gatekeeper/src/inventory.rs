//! `data.inventory`: the objects of the cluster that templates may look at.
//!
//! ```text
//! {"cluster": {"v1": {"Namespace": {"web": {..}}}},
//!  "namespace": {"web": {"networking.k8s.io/v1": {"Ingress": {"front": {..}}}}}}
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_manifest::Identity;
use tollgate_vocabulary::Value;

type Names = BTreeMap<Arc<str>, Arc<Value>>;
type Kinds = BTreeMap<Arc<str>, Names>;
type Versions = BTreeMap<Arc<str>, Kinds>;

/// The objects, by what they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    cluster: Versions,
    namespaces: BTreeMap<Arc<str>, Versions>,
}

/// Why an object has no place in the inventory.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an object of the inventory has no `{missing}`")]
pub struct InventoryError {
    /// what it lacks
    pub missing: &'static str,
}

impl Inventory {
    /// An inventory of objects. Of two that are the same object the later stays.
    ///
    /// # Errors
    /// An object lacks version, kind or name.
    pub fn of(objects: impl IntoIterator<Item = Arc<Value>>) -> Result<Self, InventoryError> {
        let mut inventory = Self::default();
        for object in objects {
            inventory.add(object)?;
        }
        Ok(inventory)
    }

    /// Adds an object, or replaces it.
    ///
    /// # Errors
    /// It lacks version, kind or name.
    pub fn add(&mut self, object: Arc<Value>) -> Result<(), InventoryError> {
        let identity = Identity::of(&object);
        if identity.version.is_empty() {
            return Err(InventoryError { missing: "apiVersion" });
        }
        if identity.kind.is_empty() {
            return Err(InventoryError { missing: "kind" });
        }
        let version: Arc<str> = identity.api_version().into();
        let name = identity.name.ok_or(InventoryError { missing: "metadata.name" })?;
        let versions = match identity.namespace {
            Some(namespace) => self.namespaces.entry(namespace).or_default(),
            None => &mut self.cluster,
        };
        versions.entry(version).or_default().entry(identity.kind).or_default().insert(name, object);
        Ok(())
    }

    /// The Namespace object of that name.
    #[must_use]
    pub fn namespace(&self, name: &str) -> Option<&Value> {
        self.cluster.get("v1")?.get("Namespace")?.get(name).map(|object| &**object)
    }

    /// What Rego sees as `data.inventory`. A part without objects is not there.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let names = |names: &Names| object(names, |object: &Arc<Value>| (**object).clone());
        let kinds = |kinds: &Kinds| object(kinds, names);
        let versions = |versions: &Versions| object(versions, kinds);
        let cluster = (!self.cluster.is_empty()).then(|| ("cluster", versions(&self.cluster)));
        let namespaced =
            (!self.namespaces.is_empty()).then(|| ("namespace", object(&self.namespaces, versions)));
        Value::Object(cluster.into_iter().chain(namespaced).collect())
    }
}

fn object<T>(map: &BTreeMap<Arc<str>, T>, value: impl Fn(&T) -> Value) -> Value {
    Value::Object(map.iter().map(|(key, item)| (key.clone(), value(item))).collect())
}

#[cfg(test)]
mod tests;
