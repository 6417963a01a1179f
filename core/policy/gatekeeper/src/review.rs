//! What templates are asked about: one AdmissionRequest, and what is known of its namespace.
//!
//! ```text
//! request (+ Namespace) ──> Review ──┬─> Criteria::matches
//!                                    └─> review_val ──> `input.review`
//! ```

use tollgate_rego::{Arena, Val};
use tollgate_rego_value::Full;
use tollgate_vocabulary::Value;

/// One request.
#[derive(Clone, Copy, Debug)]
pub struct Review<'a> {
    /// an AdmissionRequest (admission.k8s.io/v1), masked
    pub request: &'a Value,
    /// the Namespace object of what it is about
    pub namespace: NamespaceFact<'a>,
    /// whether somebody wrote the object or a controller will make it
    pub origin: Origin,
}

/// What is known of the Namespace object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamespaceFact<'a> {
    /// it is this
    Known(&'a Value),
    /// there is none
    Absent,
    /// nobody has asked yet
    Missing,
}

/// Where an object comes from (`spec.match.source`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// it was asked for as it is
    #[default]
    Original,
    /// an ExpansionTemplate made it from one that was
    Generated,
}

/// Why a request cannot be reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReviewError {
    /// the request is to DELETE, and what is deleted is not told
    #[error("a request to DELETE has no `oldObject`")]
    NoOldObject,
    /// neither `object` nor `oldObject`
    #[error("the request has neither `object` nor `oldObject`")]
    NoObject,
    /// an object without kind
    #[error("the object has no `kind`")]
    NoKind,
}

impl<'a> Review<'a> {
    /// The objects that criteria are held against: `object` and `oldObject`; of a DELETE `oldObject` alone.
    ///
    /// # Errors
    /// There is none.
    pub fn objects(&self) -> Result<Vec<&'a Value>, ReviewError> {
        let object = |key| self.request.get(key).filter(|value: &&Value| !value.is_null());
        let old = object("oldObject");
        if self.is_delete() {
            return old.map(|old| vec![old]).ok_or(ReviewError::NoOldObject);
        }
        let objects: Vec<&Value> = object("object").into_iter().chain(old).collect();
        if objects.is_empty() { Err(ReviewError::NoObject) } else { Ok(objects) }
    }

    /// The object that findings point into: `object`, or `oldObject` where that is what is judged.
    #[must_use]
    pub fn object(&self) -> Option<&'a Value> {
        self.objects().ok()?.first().copied()
    }

    /// The namespace of what the request is about. A Namespace object is in none, though the request names it.
    #[must_use]
    pub fn namespace_name(&self) -> Option<&'a str> {
        let text = |value: Option<&'a Value>| value.and_then(Value::as_str).filter(|text| !text.is_empty());
        let requested = text(self.request.get("namespace")).filter(|_| !self.is_about_a_namespace());
        match self.namespace {
            NamespaceFact::Known(namespace) => {
                text(namespace.get("metadata").and_then(|metadata| metadata.get("name"))).or(requested)
            }
            NamespaceFact::Missing => requested,
            NamespaceFact::Absent => None,
        }
    }

    fn is_delete(&self) -> bool {
        self.request.get("operation").and_then(Value::as_str) == Some("DELETE")
    }

    fn is_about_a_namespace(&self) -> bool {
        let kind = self.request.get("kind");
        let word = |key| kind.and_then(|kind| kind.get(key)).and_then(Value::as_str).unwrap_or_default();
        word("kind") == "Namespace" && word("group").is_empty()
    }
}

/// Why a review cannot be shown.
pub(crate) enum Unready {
    /// it is none
    Review(ReviewError),
    /// there is no memory left
    Full(Full),
}

impl From<Full> for Unready {
    fn from(full: Full) -> Self {
        Self::Full(full)
    }
}

/// What Rego sees as `input.review`: the request with every field that an AdmissionRequest always has, `object` filled
/// on DELETE, and `namespaceObject`, which is an empty object where there is none (`_unstable.namespace` too, for
/// templates written before it had its name). While the Namespace is still to be asked for, neither is there. Nothing
/// is copied.
///
/// # Errors
/// A DELETE without `oldObject`; the arena is full.
pub(crate) fn review_val<'a>(review: &Review<'a>, arena: &'a Arena) -> Result<Val<'a>, Unready> {
    let blank = |keys: &[&'static str]| {
        arena.object(keys.iter().map(|key| (Val::String(key), Val::String(""))).collect())
    };
    let mut entries = vec![
        (Val::String("uid"), Val::String("")),
        (Val::String("kind"), blank(&["group", "version", "kind"])?),
        (Val::String("resource"), blank(&["group", "version", "resource"])?),
        (Val::String("operation"), Val::String("")),
        (Val::String("userInfo"), blank(&[])?),
        (Val::String("object"), Val::Null),
        (Val::String("oldObject"), Val::Null),
        (Val::String("options"), Val::Null),
    ];
    // Of two entries with one key the later stays.
    let homeless = review.is_about_a_namespace();
    let request = review.request.as_object().into_iter().flat_map(|map| map.iter());
    let shown = request.filter(|(key, _)| !(homeless && &***key == "namespace"));
    entries.extend(shown.map(|(key, value)| (Val::String(key), Val::of(value))));
    if review.is_delete() {
        let objects = review.objects().map_err(Unready::Review)?;
        entries.push((Val::String("object"), objects.first().map_or(Val::Null, |object| Val::of(object))));
    }
    match review.namespace {
        NamespaceFact::Known(namespace) => {
            let unstable = arena.object(vec![(Val::String("namespace"), Val::of(namespace))])?;
            entries.push((Val::String("namespaceObject"), Val::of(namespace)));
            entries.push((Val::String("_unstable"), unstable));
        }
        NamespaceFact::Missing if review.namespace_name().is_some() => {}
        NamespaceFact::Missing | NamespaceFact::Absent => {
            entries.push((Val::String("namespaceObject"), blank(&[])?));
        }
    }
    Ok(arena.object(entries)?)
}

#[cfg(test)]
mod tests;
