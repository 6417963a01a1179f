//! Exceptions: a deny of one rule, for named subjects, until a day, with somebody who answers for it.

use std::sync::Arc;

use jiff::Timestamp;
use tollgate_manifest::{Identity, Written, kinds};
use tollgate_vocabulary::{Map, Path, PolicyPlace, RuleId, Value};

/// `kind: Exception` of `tollgate.dev/v1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// its name
    pub name: Arc<str>,
    /// the rule that it softens
    pub rule: RuleId,
    /// who answers for it
    pub owner: Arc<str>,
    /// why it was granted
    pub reason: Arc<str>,
    /// when it ends, judged against the change's own time
    pub expires: Timestamp,
    /// where it names its rule
    pub place: PolicyPlace,
    subjects: Vec<Named>,
}

/// One subject, named whole: an exception for whatever comes would be a hole.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    kind: Arc<str>,
    namespace: Option<Arc<str>>,
    name: Arc<str>,
}

/// What is wrong with an exception, and where in it.
pub(crate) struct Wrong {
    pub(crate) path: Path,
    pub(crate) message: String,
}

impl Exception {
    /// Whether an object is an exception.
    pub(crate) fn is_one(identity: &Identity) -> bool {
        &*identity.group == "tollgate.dev" && &*identity.kind == "Exception"
    }

    /// Whether it covers `rule` for this object at this time.
    #[must_use]
    pub fn covers(&self, rule: &RuleId, identity: &Identity, at: Timestamp) -> bool {
        self.rule == *rule
            && at < self.expires
            && self.subjects.iter().any(|named| {
                named.kind == identity.kind
                    && named.namespace == identity.namespace
                    && Some(&named.name) == identity.name.as_ref()
            })
    }

    pub(crate) fn read(file: &Arc<str>, written: &Written) -> Result<Self, Wrong> {
        let value = &written.object.value;
        only(value, &[], &["apiVersion", "kind", "metadata", "spec"])?;
        if &*written.object.identity.version != "v1" {
            return Err(wrong(&["apiVersion"], "an exception is of `tollgate.dev/v1`".into()));
        }
        let name = written.object.identity.name.clone();
        let name = name.ok_or_else(|| wrong(&["metadata"], "an exception has a name".into()))?;
        let spec = value.get("spec").unwrap_or(&Value::Null);
        only(spec, &["spec"], &["rule", "subjects", "owner", "reason", "expires"])?;
        let expires = text(spec, "expires")?;
        let expires = expires.parse().map_err(|_| {
            let message = format!("`{expires}` is not a time such as `2027-01-31T00:00:00Z`");
            wrong(&["spec", "expires"], message)
        })?;
        let subjects = spec.get("subjects").and_then(Value::as_array).unwrap_or_default();
        if subjects.is_empty() {
            return Err(wrong(&["spec", "subjects"], "an exception names its subjects".into()));
        }
        Ok(Self {
            name,
            rule: RuleId::new(text(spec, "rule")?),
            owner: text(spec, "owner")?,
            reason: text(spec, "reason")?,
            expires,
            place: {
                let span = written.spans.locate(value, &Path::of_keys(&["spec", "rule"])).span;
                PolicyPlace { file: Arc::clone(file), line: span.start.line, column: span.start.column }
            },
            subjects: subjects.iter().map(Named::read).collect::<Result<_, _>>()?,
        })
    }
}

impl Named {
    fn read(value: &Value) -> Result<Self, Wrong> {
        let here = ["spec", "subjects"];
        only(value, &here, &["kind", "namespace", "name"])?;
        let part = |key| match value.get(key) {
            Some(Value::String(text)) if !text.is_empty() => Some(Arc::clone(text)),
            _ => None,
        };
        let (Some(kind), Some(name)) = (part("kind"), part("name")) else {
            return Err(wrong(
                &here,
                "a subject has a `kind` and a `name`, and a `namespace` if it lies in one".into(),
            ));
        };
        let namespace = part("namespace");
        match (namespaced(&kind), &namespace) {
            (Some(true), None) => Err(wrong(&here, format!("`{kind} {name}` lies in a namespace: name it"))),
            (Some(false), Some(_)) => Err(wrong(&here, format!("`{kind}` lies in no namespace"))),
            _ => Ok(Self { kind, namespace, name }),
        }
    }
}

/// Whether objects of a kind lie in namespaces, as far as the built-in kinds tell.
fn namespaced(kind: &str) -> Option<bool> {
    kinds::all().find(|info| info.kind == kind).map(|info| info.namespaced)
}

fn wrong(keys: &[&str], message: String) -> Wrong {
    Wrong { path: Path::of_keys(keys), message }
}

fn text(spec: &Value, key: &str) -> Result<Arc<str>, Wrong> {
    match spec.get(key) {
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(Arc::clone(text)),
        _ => Err(wrong(&["spec", key], format!("an exception has a `{key}`"))),
    }
}

fn only(value: &Value, here: &[&str], keys: &[&str]) -> Result<(), Wrong> {
    let map = value.as_object().cloned().unwrap_or_else(Map::default);
    match map.iter().find(|(key, _)| !keys.contains(&&***key)) {
        Some((key, _)) => {
            let mut path = here.to_vec();
            path.push(key);
            Err(wrong(&path, format!("`{key}` means nothing here; known are {}", keys.join(", "))))
        }
        None => Ok(()),
    }
}
