//! Facts from manifests: the objects of an estate, answering questions where no cluster does.
//!
//! ```text
//! manifests ──of──> ManifestFacts ──answer──> Namespace: the object
//!                                             Object:    the object
//!                                             Around:    autoscalers that target it, limits and quotas of its namespace,
//!                                                        its runtime class, its owner
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_manifest::Identity;
use tollgate_vocabulary::{Fact, Map, ObjectName, Question, Source, Timestamp, Value};

use crate::load::InFile;

/// Objects from manifests, answering questions.
#[derive(Clone, Debug, Default)]
pub struct ManifestFacts {
    objects: BTreeMap<ObjectName, Arc<Value>>,
    /// by target
    autoscalers: BTreeMap<ObjectName, Vec<Arc<Value>>>,
    /// LimitRanges and ResourceQuotas by namespace
    limits: BTreeMap<Arc<str>, Limits>,
    observed_at: Timestamp,
}

/// What a namespace says of the pods in it.
#[derive(Clone, Debug, Default)]
struct Limits {
    ranges: Vec<Arc<Value>>,
    quotas: Vec<Arc<Value>>,
}

/// What stands around an object, as the answer to [`Question::Around`].
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// HorizontalPodAutoscalers, ScaledObjects, VerticalPodAutoscalers that target it
    pub autoscalers: Vec<Value>,
    /// LimitRanges of its namespace
    pub limit_ranges: Vec<Value>,
    /// ResourceQuotas of its namespace
    pub resource_quotas: Vec<Value>,
    /// the RuntimeClass of its pods
    pub runtime_class: Option<Value>,
    /// the object that controls it
    pub owner: Option<Value>,
}

impl ManifestFacts {
    /// Manifests read at `observed_at`.
    #[must_use]
    pub fn of(objects: &[InFile], observed_at: Timestamp) -> Self {
        let mut facts = Self { observed_at, ..Self::default() };
        for object in objects {
            facts.take(&object.written.object.identity, &object.written.object.value);
        }
        facts
    }

    fn take(&mut self, identity: &Identity, value: &Arc<Value>) {
        if let Some(target) = autoscaled(value) {
            self.autoscalers.entry(target).or_default().push(Arc::clone(value));
        }
        if identity.group.is_empty() {
            let namespace = identity.namespace.clone().unwrap_or_default();
            match &*identity.kind {
                "LimitRange" => self.limits.entry(namespace).or_default().ranges.push(Arc::clone(value)),
                "ResourceQuota" => self.limits.entry(namespace).or_default().quotas.push(Arc::clone(value)),
                _ => {}
            }
        }
        if let Some(name) = object_name(identity) {
            self.objects.insert(name, Arc::clone(value));
        }
    }

    /// Adds those of another place; what is here already stays.
    #[must_use]
    pub fn or(mut self, other: Self) -> Self {
        for (name, value) in other.objects {
            self.objects.entry(name).or_insert(value);
        }
        for (target, autoscalers) in other.autoscalers {
            self.autoscalers.entry(target).or_insert(autoscalers);
        }
        for (namespace, limits) in other.limits {
            self.limits.entry(namespace).or_insert(limits);
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
            Question::Namespace(name) => match self.objects.get(&namespace(name)) {
                Some(value) => known(Arc::clone(value)),
                None => none(format!("namespace `{name}`")),
            },
            Question::Object(name) => match self.objects.get(name) {
                Some(value) => known(Arc::clone(value)),
                None => none(format!("{} `{}`", name.kind, name.name)),
            },
            Question::Around(name) => match self.around(name).into_value() {
                Some(value) => known(Arc::new(value)),
                // Nothing was found around it where everything that was read was looked at.
                None => Fact::Absent { observed_at: self.observed_at, source: Source::Estate },
            },
        }
    }

    fn around(&self, name: &ObjectName) -> Surroundings {
        let object = self.objects.get(name);
        let limits = self.limits.get(name.namespace.as_deref().unwrap_or_default());
        let values = |values: &[Arc<Value>]| values.iter().map(|value| (**value).clone()).collect();
        let class = object.and_then(|object| runtime_class(object));
        let owner = object.and_then(|object| owner(object, name.namespace.as_ref()));
        Surroundings {
            autoscalers: self.autoscalers.get(name).map(|found| values(found)).unwrap_or_default(),
            limit_ranges: limits.map(|limits| values(&limits.ranges)).unwrap_or_default(),
            resource_quotas: limits.map(|limits| values(&limits.quotas)).unwrap_or_default(),
            runtime_class: class.and_then(|class| self.objects.get(&class)).map(|class| (**class).clone()),
            owner: owner.and_then(|owner| self.objects.get(&owner)).map(|owner| reference(owner)),
        }
    }
}

impl Surroundings {
    /// The answer's value; nothing where nothing stands around.
    #[must_use]
    pub fn into_value(self) -> Option<Value> {
        let lists = [
            ("autoscalers", self.autoscalers),
            ("limitRanges", self.limit_ranges),
            ("resourceQuotas", self.resource_quotas),
        ];
        let one = [("runtimeClass", self.runtime_class), ("owner", self.owner)];
        let lists = lists.into_iter().filter(|(_, list)| !list.is_empty());
        let map: Map = lists
            .map(|(key, list)| (key, Value::from(list)))
            .chain(one.into_iter().filter_map(|(key, value)| Some((key, value?))))
            .collect();
        (!map.is_empty()).then(|| map.into())
    }
}

/// The name of an object that has one.
#[must_use]
pub fn object_name(identity: &Identity) -> Option<ObjectName> {
    Some(ObjectName {
        group: Arc::clone(&identity.group),
        kind: Arc::clone(&identity.kind),
        namespace: identity.namespace.clone(),
        name: identity.name.clone()?,
    })
}

/// What an autoscaler scales: a HorizontalPodAutoscaler or ScaledObject by `spec.scaleTargetRef`, a
/// VerticalPodAutoscaler by `spec.targetRef`.
#[must_use]
pub fn autoscaled(value: &Value) -> Option<ObjectName> {
    let identity = Identity::of(value);
    let (key, default) = match (&*identity.group, &*identity.kind) {
        ("autoscaling", "HorizontalPodAutoscaler") => ("scaleTargetRef", None),
        ("keda.sh", "ScaledObject") => ("scaleTargetRef", Some(("apps/v1", "Deployment"))),
        ("autoscaling.k8s.io", "VerticalPodAutoscaler") => ("targetRef", None),
        _ => return None,
    };
    let target = value.get("spec")?.get(key)?;
    let text = |key| target.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let api_version = text("apiVersion").or(default.map(|default| default.0)).unwrap_or("apps/v1");
    Some(ObjectName {
        group: api_version.rsplit_once('/').map_or("", |(group, _)| group).into(),
        kind: text("kind").or(default.map(|default| default.1))?.into(),
        namespace: identity.namespace,
        name: text("name")?.into(),
    })
}

/// The RuntimeClass that an object's pods name.
#[must_use]
pub fn runtime_class(object: &Value) -> Option<ObjectName> {
    let spec = object.get("spec")?;
    let job = spec.get("jobTemplate").and_then(|job| job.get("spec"));
    let template = |spec: &Value| spec.get("template")?.get("spec").cloned();
    let pod = template(spec).or_else(|| job.and_then(template));
    let name = pod.as_ref().unwrap_or(spec).get("runtimeClassName")?.as_str()?;
    Some(ObjectName {
        group: "node.k8s.io".into(),
        kind: "RuntimeClass".into(),
        namespace: None,
        name: name.into(),
    })
}

/// The object that an object says it is controlled by.
#[must_use]
pub fn owner(object: &Value, namespace: Option<&Arc<str>>) -> Option<ObjectName> {
    let owners = object.get("metadata")?.get("ownerReferences")?.as_array()?;
    let controls = |owner: &&Value| owner.get("controller").and_then(Value::as_bool) == Some(true);
    let owner = owners.iter().find(controls)?;
    let text = |key| owner.get(key).and_then(Value::as_str);
    let api_version = text("apiVersion")?;
    Some(ObjectName {
        group: api_version.rsplit_once('/').map_or("", |(group, _)| group).into(),
        kind: text("kind")?.into(),
        namespace: namespace.cloned(),
        name: text("name")?.into(),
    })
}

/// An owner as what it owns refers to it: all that bears on the cost of what it owns.
fn reference(owner: &Value) -> Value {
    let mut map = Map::default();
    for key in ["apiVersion", "kind"] {
        if let Some(value) = owner.get(key) {
            map.insert(key.into(), value.clone());
        }
    }
    for key in ["name", "namespace", "uid"] {
        if let Some(value) = owner.get("metadata").and_then(|metadata| metadata.get(key)) {
            map.insert(key.into(), value.clone());
        }
    }
    map.into()
}

fn namespace(name: &str) -> ObjectName {
    ObjectName { group: "".into(), kind: "Namespace".into(), namespace: None, name: name.into() }
}
