//! Which field a number comes from, so that whoever shows it can add file and line.

use std::fmt;
use std::sync::Arc;

use tollgate_vocabulary::{Path, Value};

/// A field of the estimated object or of something beside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Field {
    /// whose field
    pub source: Source,
    /// where in it; the place where it would stand, where it is not set
    pub path: Path,
}

/// Whose field it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// the object that is estimated
    Object,
    /// an object beside it
    Beside(Box<Beside>),
    /// the file of node pools
    Pools,
}

/// An object beside the one that is estimated: an autoscaler, a LimitRange, a ResourceQuota, a RuntimeClass.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Beside {
    /// its kind
    pub kind: Arc<str>,
    /// its namespace, as it is written
    pub namespace: Option<Arc<str>>,
    /// its name
    pub name: Arc<str>,
}

impl Field {
    /// A field of the estimated object.
    #[must_use]
    pub const fn of_object(path: Path) -> Self {
        Self { source: Source::Object, path }
    }
}

impl Beside {
    /// What an object says it is.
    #[must_use]
    pub fn of(object: &Value) -> Self {
        let text = |value: Option<&Value>| match value {
            Some(Value::String(text)) if !text.is_empty() => Some(Arc::clone(text)),
            _ => None,
        };
        let metadata = object.get("metadata");
        let of_metadata = |key| text(metadata.and_then(|metadata| metadata.get(key)));
        Self {
            kind: text(object.get("kind")).unwrap_or_default(),
            namespace: of_metadata("namespace"),
            name: of_metadata("name").or_else(|| of_metadata("generateName")).unwrap_or_default(),
        }
    }
}

/// `Deployment shop/api`, `RuntimeClass kata`.
impl fmt::Display for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.kind)?;
        if let Some(namespace) = &self.namespace {
            write!(f, "{namespace}/")?;
        }
        f.write_str(&self.name)
    }
}

/// `spec.replicas`, `spec.maxReplicas of HorizontalPodAutoscaler shop/api`.
impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_root() {
            f.write_str("the whole of it")?;
        } else {
            write!(f, "{}", self.path)?;
        }
        match &self.source {
            Source::Object => Ok(()),
            Source::Beside(beside) => write!(f, " of {beside}"),
            Source::Pools => f.write_str(" of the node pools"),
        }
    }
}
