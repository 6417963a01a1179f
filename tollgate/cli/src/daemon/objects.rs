//! What the cluster answers about its objects; nothing while there is no cluster, and then the estate's manifests do.
//!
//! ```text
//! Namespace, Object ──> the watch's own copy
//! Around ──> autoscalers, limits, quotas, runtime classes, owner, as the watch has them ──World──> one value
//! ```

use std::sync::{Arc, OnceLock};

use tollgate_estimate::World;
use tollgate_flow::Answerer;
use tollgate_kube::{Listing, Lookup, ObjectCache, Resource, WATCHED};
use tollgate_vocabulary::{Fact, Map, ObjectName, Question, Source, Timestamp, Value};

/// Shared by the gate that asks and the connection that learns.
#[derive(Clone, Default)]
pub(crate) struct Objects(Arc<OnceLock<Arc<ObjectCache>>>);

impl Objects {
    /// For a gate to ask.
    pub(crate) fn answerer(&self) -> Answerer {
        let cluster = Arc::clone(&self.0);
        Box::new(move |question| match cluster.get() {
            None => Fact::NotGathered,
            Some(cluster) => answer(cluster, question),
        })
    }

    /// From now on the cluster says what its objects are like.
    pub(crate) fn of_cluster(&self, cluster: Arc<ObjectCache>) {
        // There is one cluster, and it is set once.
        let _ = self.0.set(cluster);
    }
}

/// The watched resource of a kind.
pub(crate) fn resource_of(group: &str, kind: &str) -> Option<Resource> {
    WATCHED.into_iter().find(|resource| resource.group == group && resource.kind == kind)
}

fn answer(cluster: &ObjectCache, question: &Question) -> Fact {
    match question {
        // What is asked about lies in its namespace, so that namespace exists: where the watch knows none, it only has
        // not told of it yet, and nothing may be concluded from that.
        Question::Namespace(name) => match cluster.object("", "namespaces", "", name) {
            Lookup::Absent { observed_at } => Fact::Unavailable {
                why: format!("the watch had not told of namespace `{name}` by {observed_at}").into(),
            },
            other => fact(other),
        },
        Question::Object(name) => match resource_of(&name.group, &name.kind) {
            None => {
                Fact::Unavailable { why: format!("objects of kind `{}` are not watched", name.kind).into() }
            }
            Some(resource) => fact(look(cluster, &resource, name)),
        },
        Question::Quote(_) => Fact::NotGathered,
        Question::Around(name) => around(cluster, name).unwrap_or_else(|why| Fact::Unavailable { why }),
    }
}

fn look(cluster: &ObjectCache, resource: &Resource, name: &ObjectName) -> Lookup {
    let namespace = name.namespace.as_deref().unwrap_or_default();
    cluster.object(resource.group, resource.plural, namespace, &name.name)
}

fn fact(lookup: Lookup) -> Fact {
    match lookup {
        Lookup::Known { value, observed_at } => Fact::Known { value, observed_at, source: Source::Watch },
        Lookup::Absent { observed_at } => Fact::Absent { observed_at, source: Source::Watch },
        Lookup::NotSynced { why } => Fact::Unavailable { why },
    }
}

/// What lies around an object; an error is why nobody can say.
fn around(cluster: &ObjectCache, name: &ObjectName) -> Result<Fact, Arc<str>> {
    let namespace = name.namespace.as_deref();
    let mut gathered = Gathered { cluster, values: Vec::new(), observed_at: Timestamp::MAX };
    for (group, plural) in [
        ("autoscaling", "horizontalpodautoscalers"),
        ("keda.sh", "scaledobjects"),
        ("autoscaling.k8s.io", "verticalpodautoscalers"),
        ("", "limitranges"),
        ("", "resourcequotas"),
    ] {
        gathered.list(group, plural, namespace)?;
    }
    if &*name.kind == "PersistentVolumeClaim" {
        gathered.list("apps", "statefulsets", namespace)?;
    }
    let here = gathered.values.len();
    gathered.list("node.k8s.io", "runtimeclasses", None)?;
    let classes: Vec<Value> = gathered.values.iter().skip(here).map(|value| (**value).clone()).collect();
    let object = match resource_of(&name.group, &name.kind).map(|resource| look(cluster, &resource, name)) {
        Some(Lookup::Known { value, .. }) => value,
        // It is being created: nobody has seen it yet, and what targets it goes by its name.
        _ => Arc::new(named(name)),
    };
    gathered.owner(&object, namespace);
    let world = World::of(gathered.values.iter().map(|value| &**value));
    let mut map = match world.around(&object).to_fact() {
        Some(Value::Object(map)) => map,
        _ => Map::default(),
    };
    if !classes.is_empty() {
        map.insert("runtimeClasses".into(), classes.into());
    }
    let observed_at = gathered.observed_at;
    Ok(if map.is_empty() {
        Fact::Absent { observed_at, source: Source::Watch }
    } else {
        Fact::Known { value: Arc::new(map.into()), observed_at, source: Source::Watch }
    })
}

/// Objects from several lists, and when the oldest of them was true.
struct Gathered<'c> {
    cluster: &'c ObjectCache,
    values: Vec<Arc<Value>>,
    observed_at: Timestamp,
}

impl Gathered<'_> {
    fn list(&mut self, group: &str, plural: &str, namespace: Option<&str>) -> Result<(), Arc<str>> {
        match self.cluster.list(group, plural, namespace) {
            Listing::NotSynced { why } => Err(why),
            Listing::Known { values, observed_at } => {
                self.values.extend(values);
                self.observed_at = self.observed_at.min(observed_at);
                Ok(())
            }
        }
    }

    /// The object that controls it, where it is watched.
    fn owner(&mut self, object: &Value, namespace: Option<&str>) {
        let owners = object.get("metadata").and_then(|metadata| metadata.get("ownerReferences"));
        let controls = |owner: &&Value| owner.get("controller").and_then(Value::as_bool) == Some(true);
        let Some(owner) = owners.and_then(Value::as_array).and_then(|owners| owners.iter().find(controls))
        else {
            return;
        };
        let text = |key| owner.get(key).and_then(Value::as_str).unwrap_or_default();
        let group = text("apiVersion").rsplit_once('/').map_or("", |(group, _)| group);
        let Some(resource) = resource_of(group, text("kind")) else { return };
        let found =
            self.cluster.object(resource.group, resource.plural, namespace.unwrap_or_default(), text("name"));
        if let Lookup::Known { value, .. } = found {
            self.values.push(value);
        }
    }
}

/// An object of which only the name is known.
fn named(name: &ObjectName) -> Value {
    let api_version = match resource_of(&name.group, &name.kind) {
        Some(resource) => resource.api_version(),
        None if name.group.is_empty() => "v1".to_owned(),
        None => format!("{}/v1", name.group),
    };
    let mut metadata: Map = [("name", Value::from(&*name.name))].into_iter().collect();
    if let Some(namespace) = &name.namespace {
        metadata.insert("namespace".into(), (**namespace).into());
    }
    let map: Map = [
        ("apiVersion", Value::from(api_version)),
        ("kind", (*name.kind).into()),
        ("metadata", metadata.into()),
    ]
    .into_iter()
    .collect();
    map.into()
}
