use super::*;
use crate::Document;

fn value(text: &str) -> Value {
    Document::value_of(&format!("{{apiVersion: v1, kind: X, value: {text}}}")).get("value").unwrap().clone()
}

fn seen(request: &Value, namespace: NamespaceFact<'_>) -> Value {
    shown(&Review { request, namespace, origin: Origin::Original }).unwrap()
}

fn shown(review: &Review<'_>) -> Result<Value, ReviewError> {
    let arena = Arena::new(1 << 20);
    match review_val(review, &arena) {
        Ok(value) => Ok(value.to_document().unwrap()),
        Err(Unready::Review(error)) => Err(error),
        Err(Unready::Full(_)) => panic!("the arena is full"),
    }
}

const POD: &str = "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop}}";

#[test]
fn a_bare_object_is_shown_with_all_that_a_request_always_has() {
    let request = value(&format!(
        "{{kind: {{group: '', version: v1, kind: Pod}}, name: web, namespace: shop, object: {POD}}}"
    ));
    let wanted = value(&format!(
        "{{uid: '', kind: {{group: '', version: v1, kind: Pod}}, resource: {{group: '', version: '', resource: ''}}, \
         name: web, namespace: shop, operation: '', userInfo: {{}}, object: {POD}, oldObject: null, options: null, \
         namespaceObject: {{}}}}"
    ));
    assert_eq!(seen(&request, NamespaceFact::Absent), wanted);
}

#[test]
fn the_namespace_object_is_shown_under_its_name_and_its_old_one() {
    let namespace = value("{metadata: {name: shop, labels: {team: a}}}");
    let review = seen(&value(&format!("{{object: {POD}}}")), NamespaceFact::Known(&namespace));
    assert_eq!(review.get("namespaceObject"), Some(&namespace));
    assert_eq!(review.get("_unstable").and_then(|unstable| unstable.get("namespace")), Some(&namespace));
}

#[test]
fn of_a_delete_the_old_object_is_the_object() {
    let request = value(&format!("{{operation: DELETE, object: null, oldObject: {POD}}}"));
    let review = seen(&request, NamespaceFact::Absent);
    assert_eq!(review.get("object"), review.get("oldObject"));
    assert_eq!(review.get("object"), Some(&value(POD)));
    let request = value("{operation: DELETE, object: null}");
    let broken = Review { request: &request, namespace: NamespaceFact::Absent, origin: Origin::Original };
    assert_eq!(shown(&broken), Err(ReviewError::NoOldObject));
    assert_eq!(broken.object(), None);
}

/// The API server names a Namespace as its own namespace where it is applied by the server (gatekeeper issue 792).
#[test]
fn a_namespace_is_in_no_namespace() {
    let request = value(
        "{kind: {group: '', version: v1, kind: Namespace}, namespace: shop, object: {apiVersion: v1, kind: Namespace, metadata: {name: shop}}}",
    );
    let review = Review { request: &request, namespace: NamespaceFact::Missing, origin: Origin::Original };
    assert_eq!(review.namespace_name(), None);
    assert_eq!(shown(&review).unwrap().get("namespace"), None);
}
