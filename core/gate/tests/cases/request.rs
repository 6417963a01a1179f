//! A case's request as an AdmissionReview; what it leaves out follows from its objects.

use tollgate_gate::{Change, Review};
use tollgate_manifest::{Identity, Limits, Mask, canonical, kinds};
use tollgate_vocabulary::{Authentication, Map, Timestamp, Value};

use crate::text;

pub(crate) fn change(request: &Value, at: Timestamp) -> Change {
    let bytes = review_bytes(request);
    let review = Review::decode(bytes.as_bytes(), &Mask::new([7; 32]), &Limits::default()).unwrap();
    review.into_change(Authentication::Unauthenticated, at)
}

fn review_bytes(request: &Value) -> String {
    let object = request.get("object").filter(|value| !value.is_null());
    let old = request.get("oldObject").filter(|value| !value.is_null());
    let identity = Identity::of(object.or(old).unwrap());
    let group_version = |key: &str, value: &str| -> Map {
        [
            ("group", Value::from(&*identity.group)),
            ("version", (*identity.version).into()),
            (key, value.into()),
        ]
        .into_iter()
        .collect()
    };
    let plural =
        kinds::of(&identity.group, &identity.version, &identity.kind).map_or("things", |info| info.plural);
    let resource =
        request.get("resource").cloned().unwrap_or_else(|| group_version("resource", plural).into());
    let user: Map = [("username", text(request, "user").unwrap_or("somebody"))].into_iter().collect();
    let mut review_request: Map = [
        ("uid", Value::from("case")),
        ("kind", group_version("kind", &identity.kind).into()),
        ("resource", resource),
        ("operation", request.get("operation").cloned().unwrap()),
        ("userInfo", user.into()),
        ("object", object.cloned().into()),
        ("oldObject", old.cloned().into()),
        ("dryRun", request.get("dryRun").cloned().unwrap_or(Value::Bool(false))),
    ]
    .into_iter()
    .collect();
    for (key, value) in [("name", &identity.name), ("namespace", &identity.namespace)] {
        if let Some(value) = value {
            review_request.insert(key.into(), (**value).into());
        }
    }
    if let Some(subresource) = request.get("subResource") {
        review_request.insert("subResource".into(), subresource.clone());
    }
    let review: Map = [
        ("apiVersion", Value::from("admission.k8s.io/v1")),
        ("kind", "AdmissionReview".into()),
        ("request", review_request.into()),
    ]
    .into_iter()
    .collect();
    canonical::text(&review.into())
}
