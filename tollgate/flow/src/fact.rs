//! Facts from manifests: the objects of an estate, answering questions where no cluster does.
//!
//! ```text
//! manifests ──of──> ManifestFacts ──answer──> Namespace: the object
//!                                             Object:    the object
//!                                             Around:    autoscalers, limits, quotas, runtime class, owner
//! ```

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use tollgate_estimate::World;
use tollgate_manifest::Identity;
use tollgate_vocabulary::{Fact, ObjectName, Question, Source, Timestamp, Value};

use crate::load::InFile;

/// Objects from manifests, answering questions.
#[derive(Clone, Debug, Default)]
pub struct ManifestFacts {
    objects: Vec<(Identity, Arc<Value>)>,
    names: BTreeMap<ObjectName, usize>,
    /// what lies around each, computed when it is first asked for
    around: OnceLock<BTreeMap<ObjectName, Arc<Value>>>,
    observed_at: Timestamp,
}

impl ManifestFacts {
    /// Manifests read at `observed_at`.
    #[must_use]
    pub fn of(objects: &[InFile], observed_at: Timestamp) -> Self {
        let mut facts = Self { observed_at, ..Self::default() };
        for object in objects {
            let object = &object.written.object;
            facts.take(object.identity.clone(), Arc::clone(&object.value));
        }
        facts
    }

    /// Adds those of another place; what is here already stays.
    #[must_use]
    pub fn or(mut self, other: Self) -> Self {
        self.around = OnceLock::new();
        for (identity, value) in other.objects {
            if object_name(&identity).is_none_or(|name| !self.names.contains_key(&name)) {
                self.take(identity, value);
            }
        }
        self
    }

    /// The answer. That there is no manifest of an object does not mean that there is no such object.
    #[must_use]
    pub fn answer(&self, question: &Question) -> Fact {
        let known =
            |value: Arc<Value>| Fact::Known { value, observed_at: self.observed_at, source: Source::Estate };
        let none = |what: String| Fact::Unavailable {
            why: format!("there is no manifest of {what} among those read").into(),
        };
        match question {
            Question::Namespace(name) => match self.object(&namespace(name)) {
                Some(value) => known(value),
                None => none(format!("namespace `{name}`")),
            },
            Question::Object(name) => match self.object(name) {
                Some(value) => known(value),
                None => none(format!("{} `{}`", name.kind, name.name)),
            },
            // Files redeem nothing.
            Question::Quote(_) => none("a key that signs quotes".to_owned()),
            // All that was read was looked at: where nothing was found around it, there is nothing.
            Question::Around(name) => match self.around().get(name) {
                Some(value) => known(Arc::clone(value)),
                None => Fact::Absent { observed_at: self.observed_at, source: Source::Estate },
            },
        }
    }

    fn take(&mut self, identity: Identity, value: Arc<Value>) {
        if let Some(name) = object_name(&identity) {
            self.names.insert(name, self.objects.len());
        }
        self.objects.push((identity, value));
    }

    fn object(&self, name: &ObjectName) -> Option<Arc<Value>> {
        let at = self.names.get(name)?;
        self.objects.get(*at).map(|(_, value)| Arc::clone(value))
    }

    fn around(&self) -> &BTreeMap<ObjectName, Arc<Value>> {
        self.around.get_or_init(|| {
            let world = World::of(self.objects.iter().map(|(_, value)| &**value));
            let of = |(identity, value): &(Identity, Arc<Value>)| {
                let name = named_or_generated(identity)?;
                let fact = tollgate_estimate::may_cost(value).then(|| world.around(value).to_fact())??;
                Some((name, Arc::new(fact)))
            };
            self.objects.iter().filter_map(of).collect()
        })
    }
}

/// The name of an object that has one.
#[must_use]
pub fn object_name(identity: &Identity) -> Option<ObjectName> {
    let name = identity.name.clone()?;
    let (group, kind) = (Arc::clone(&identity.group), Arc::clone(&identity.kind));
    Some(ObjectName { group, kind, namespace: identity.namespace.clone(), name })
}

/// As the judge names an object that has only the beginning of a name yet.
fn named_or_generated(identity: &Identity) -> Option<ObjectName> {
    let name = identity.name.clone().or_else(|| identity.generate_name.clone());
    object_name(&Identity { name, ..identity.clone() })
}

fn namespace(name: &str) -> ObjectName {
    ObjectName { group: "".into(), kind: "Namespace".into(), namespace: None, name: name.into() }
}
