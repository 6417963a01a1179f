//! What somebody asks for: who, when, and the transitions it is made of.

use std::sync::Arc;

use jiff::Timestamp;
use tollgate_manifest::{Identity, Object, canonical, kinds};
use tollgate_vocabulary::{Actor, Digest, Finding, Map, Operation, Principal, Value};

/// What is asked for. The unit of decision: a commit, a review, one batch of file changes.
#[derive(Clone, Debug)]
pub struct Change {
    /// what brought it
    pub surface: Surface,
    /// whether it takes effect if allowed
    pub phase: Phase,
    /// when it arrived; the only time that rules see
    pub at: Timestamp,
    /// who asks
    pub actor: Actor,
    /// a keyed token for who asks, for what is never deleted: effects must not hold a name
    pub actor_token: Arc<str>,
    /// its transitions; the units of judging
    pub subjects: Vec<Subject>,
}

/// What brought a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    /// manifests in files
    Files,
    /// an admission request
    Admission,
}

/// Whether a change takes effect if it is allowed.
#[derive(Clone, Debug)]
pub enum Phase {
    /// it does
    Live,
    /// it does not
    Dry(DryRun),
}

/// Proof that a change was asked for as a dry run. Made only by decoding `dryRun: true`, or by reading files, which
/// changes nothing in a cluster; an answer without an entry in the ledger can be made from nothing else.
#[derive(Clone, Debug)]
pub struct DryRun(());

/// The resource that a request is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resource {
    /// API group
    pub group: Arc<str>,
    /// version
    pub version: Arc<str>,
    /// plural, such as `deployments`
    pub plural: Arc<str>,
    /// subresource, such as `scale`
    pub subresource: Option<Arc<str>>,
}

/// Where an object lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Home {
    /// in this namespace
    Namespace(Arc<str>),
    /// in the cluster itself
    Cluster,
    /// nobody can tell from what is written: no namespace is named, and whoever applies it will choose one
    Unknown,
}

/// One transition: operation, object before, object after.
#[derive(Clone, Debug)]
pub struct Subject {
    /// the verb
    pub operation: Operation,
    /// what the object says it is; namespace and name as the request has them
    pub identity: Identity,
    /// the resource asked for
    pub resource: Resource,
    /// where the object lies
    pub home: Home,
    /// the whole request, masked (admission.k8s.io/v1 `AdmissionRequest`); for files it is made up
    pub request: Arc<Value>,
    /// what reading refused, their `subject` not set yet
    pub refusals: Vec<Finding>,
}

impl DryRun {
    pub(crate) const fn mint() -> Self {
        Self(())
    }
}

impl Phase {
    /// The word that entries use.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Dry(_) => "dry",
        }
    }
}

impl Surface {
    /// The word that entries use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Admission => "admission",
        }
    }
}

impl Change {
    /// A change of manifests in files: everything in them is to be created.
    #[must_use]
    pub fn of_files(objects: Vec<(Object, Vec<Finding>)>, actor: Actor, at: Timestamp) -> Self {
        let subjects = objects
            .into_iter()
            .map(|(object, refusals)| Subject::of_file(&object, refusals, &actor.principal))
            .collect();
        // The process itself checks files; its name is nobody's.
        let actor_token = Arc::from(actor.principal.username.as_str());
        Self { surface: Surface::Files, phase: Phase::Dry(DryRun::mint()), at, actor, actor_token, subjects }
    }

    /// The masked change as one value: what is digested, kept, and judged again in a replay.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let subjects: Vec<Value> = self.subjects.iter().map(|subject| (*subject.request).clone()).collect();
        let map: Map = [
            ("actor", actor_value(&self.actor)),
            ("at", Value::from(self.at.to_string())),
            ("phase", self.phase.word().into()),
            ("schema", "tollgate/change/v1".into()),
            ("subjects", subjects.into()),
            ("surface", self.surface.word().into()),
        ]
        .into_iter()
        .collect();
        map.into()
    }

    /// The canonical bytes of [`Change::to_value`], and their digest.
    #[must_use]
    pub fn canonical(&self) -> (Vec<u8>, Digest) {
        let bytes = canonical::bytes(&self.to_value());
        let digest = Digest::of(&bytes);
        (bytes, digest)
    }
}

impl Subject {
    /// The object after the change, where there is one.
    #[must_use]
    pub fn object(&self) -> Option<&Value> {
        self.request.get("object").filter(|value| !value.is_null())
    }

    /// The object before the change, where there is one.
    #[must_use]
    pub fn old_object(&self) -> Option<&Value> {
        self.request.get("oldObject").filter(|value| !value.is_null())
    }

    /// The object that a person would say this is about: the one after, else the one before.
    #[must_use]
    pub fn shown_object(&self) -> Option<&Value> {
        self.object().or_else(|| self.old_object())
    }

    /// The digest of the object that this is about; of `null` where there is none.
    #[must_use]
    pub fn object_digest(&self) -> Digest {
        Digest::of(&canonical::bytes(self.shown_object().unwrap_or(&Value::Null)))
    }

    /// `Deployment ml/vision`: how a person would name it.
    #[must_use]
    pub fn title(&self) -> String {
        let name = match (&self.identity.name, &self.identity.generate_name) {
            (Some(name), _) => name.to_string(),
            (None, Some(prefix)) => format!("{prefix}*"),
            (None, None) => "*".to_owned(),
        };
        let kind = match &self.resource.subresource {
            Some(subresource) => format!("{}/{subresource}", self.identity.kind),
            None => self.identity.kind.to_string(),
        };
        match &self.identity.namespace {
            Some(namespace) => format!("{kind} {namespace}/{name}"),
            None => format!("{kind} {name}"),
        }
    }

    /// A subject for an object in a file: the request that would create it.
    fn of_file(object: &Object, refusals: Vec<Finding>, principal: &Principal) -> Self {
        let mut identity = object.identity.clone();
        let known = kinds::of(&identity.group, &identity.version, &identity.kind);
        let plural: Arc<str> = match known {
            Some(info) => info.plural.into(),
            None => guess_plural(&identity.kind).into(),
        };
        if known.is_some_and(|info| !info.namespaced) {
            identity.namespace = None;
        }
        let home = match (&identity.namespace, known) {
            (Some(namespace), _) => Home::Namespace(Arc::clone(namespace)),
            (None, Some(info)) if !info.namespaced => Home::Cluster,
            (None, _) => Home::Unknown,
        };
        let resource = Resource {
            group: identity.group.clone(),
            version: identity.version.clone(),
            plural,
            subresource: None,
        };
        let kind = Value::from(group_version(&resource, "kind", &identity.kind));
        let of_resource = Value::from(group_version(&resource, "resource", &resource.plural));
        let text = |text: &Option<Arc<str>>| text.as_deref().map(Value::from);
        let mut request: Map = [
            ("dryRun", Value::from(true)),
            ("kind", kind.clone()),
            ("object", (*object.value).clone()),
            ("oldObject", Value::Null),
            ("operation", Operation::Create.word().into()),
            ("requestKind", kind),
            ("requestResource", of_resource.clone()),
            ("resource", of_resource),
            ("userInfo", user_info(principal)),
        ]
        .into_iter()
        .collect();
        for (key, value) in [("name", text(&identity.name)), ("namespace", text(&identity.namespace))] {
            if let Some(value) = value {
                request.insert(key.into(), value);
            }
        }
        Self {
            operation: Operation::Create,
            identity,
            resource,
            home,
            request: Arc::new(request.into()),
            refusals,
        }
    }
}

fn group_version(resource: &Resource, key: &str, value: &str) -> Map {
    [
        ("group", Value::from(&*resource.group)),
        ("version", Value::from(&*resource.version)),
        (key, value.into()),
    ]
    .into_iter()
    .collect()
}

/// As Kubernetes guesses where it has no discovery (`meta.UnsafeGuessKindToResource`).
fn guess_plural(kind: &str) -> String {
    let lower = kind.to_lowercase();
    if lower.ends_with('s') {
        format!("{lower}es")
    } else if let Some(stem) = lower.strip_suffix('y') {
        format!("{stem}ies")
    } else {
        format!("{lower}s")
    }
}

/// A principal as `userInfo` (authentication.k8s.io/v1 `UserInfo`).
fn user_info(principal: &Principal) -> Value {
    let mut map: Map = [("username", Value::from(principal.username.as_str()))].into_iter().collect();
    if !principal.uid.is_empty() {
        map.insert("uid".into(), principal.uid.as_str().into());
    }
    if !principal.groups.is_empty() {
        let groups: Vec<&str> = principal.groups.iter().map(String::as_str).collect();
        map.insert("groups".into(), groups.into());
    }
    if !principal.extra.is_empty() {
        let extra: Map = principal
            .extra
            .iter()
            .map(|(key, values)| {
                (key.as_str(), Value::from(values.iter().map(String::as_str).collect::<Vec<_>>()))
            })
            .collect();
        map.insert("extra".into(), extra.into());
    }
    map.into()
}

/// An actor as entries have it.
pub(crate) fn actor_value(actor: &Actor) -> Value {
    let mut map: Map = [
        ("authentication", Value::from(actor.authentication.word())),
        ("principal", user_info(&actor.principal)),
    ]
    .into_iter()
    .collect();
    if let tollgate_vocabulary::Authentication::ClientCertificate { subject } = &actor.authentication {
        map.insert("caller".into(), subject.as_str().into());
    }
    map.into()
}
