//! What templates are asked about: one AdmissionRequest, and what is known of its namespace.
//!
//! ```text
//! request (+ Namespace) ──> Review ──┬─> Criteria::matches
//!                                    └─> review_part ──> `input.review`
//! ```

use tollgate_rego::Part;
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

/// What an AdmissionRequest always has, though it says nothing.
#[derive(Debug)]
pub(crate) struct Blank {
    text: Value,
    null: Value,
    object: Value,
    kind: Value,
    resource: Value,
}

impl Default for Blank {
    fn default() -> Self {
        let object = |keys: &[&str]| Value::Object(keys.iter().map(|key| (*key, "")).collect());
        Self {
            text: "".into(),
            null: Value::Null,
            object: object(&[]),
            kind: object(&["group", "version", "kind"]),
            resource: object(&["group", "version", "resource"]),
        }
    }
}

/// What Rego sees as `input.review`: the request with every field that an AdmissionRequest always has, `object` filled
/// on DELETE, and `namespaceObject`, which is an empty object where there is none (`_unstable.namespace` too, for
/// templates written before it had its name). Nothing is copied.
///
/// # Errors
/// A DELETE without `oldObject`.
pub(crate) fn review_part<'r>(review: &Review<'r>, blank: &'r Blank) -> Result<Part<'r>, ReviewError> {
    let always = [
        ("uid", &blank.text),
        ("kind", &blank.kind),
        ("resource", &blank.resource),
        ("operation", &blank.text),
        ("userInfo", &blank.object),
        ("object", &blank.null),
        ("oldObject", &blank.null),
        ("options", &blank.null),
        ("namespaceObject", &blank.object),
    ];
    let mut entries: Vec<(&str, Part<'_>)> =
        always.into_iter().map(|(key, value)| (key, Part::Document(value))).collect();
    let homeless = review.is_about_a_namespace();
    let request = review.request.as_object().into_iter().flat_map(|map| map.iter());
    // Of two with one key the later stays.
    entries.extend(
        request
            .filter(|(key, _)| !(homeless && &***key == "namespace"))
            .map(|(key, value)| (&**key, Part::Document(value))),
    );
    if review.is_delete() {
        let object = review.objects()?.first().copied().unwrap_or(&blank.null);
        entries.push(("object", Part::Document(object)));
    }
    if let NamespaceFact::Known(namespace) = review.namespace {
        entries.push(("namespaceObject", Part::Document(namespace)));
        entries.push(("_unstable", Part::Object(vec![("namespace", Part::Document(namespace))])));
    }
    Ok(Part::Object(entries))
}

/// The same as one value.
///
/// # Errors
/// A DELETE without `oldObject`.
pub fn review_value(review: &Review<'_>) -> Result<Value, ReviewError> {
    let blank = Blank::default();
    Ok(whole(&review_part(review, &blank)?))
}

fn whole(part: &Part<'_>) -> Value {
    match part {
        Part::Document(value) => (*value).clone(),
        Part::Object(entries) => {
            Value::Object(entries.iter().map(|(key, part)| (*key, whole(part))).collect())
        }
    }
}

#[cfg(test)]
mod tests;
