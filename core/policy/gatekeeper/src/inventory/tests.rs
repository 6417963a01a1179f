use super::*;
use crate::Document;

fn objects(text: &str) -> Vec<Arc<Value>> {
    Document::written(text).into_iter().map(|document| document.value).collect()
}

const OBJECTS: &str = "
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: front, namespace: shop}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Service
metadata: {name: front, namespace: shop}
---
apiVersion: v1
kind: Service
metadata: {name: front, namespace: blog, labels: {first: 'true'}}
---
apiVersion: v1
kind: Service
metadata: {name: front, namespace: blog}
";

#[test]
fn objects_stand_below_scope_version_kind_and_name() {
    let value = Inventory::of(objects(OBJECTS)).unwrap().to_value();
    let wanted = Document::value_of(
        "
apiVersion: v1
kind: X
wanted:
  cluster: {v1: {Namespace: {shop: {apiVersion: v1, kind: Namespace, metadata: {name: shop}}}}}
  namespace:
    blog: {v1: {Service: {front: {apiVersion: v1, kind: Service, metadata: {name: front, namespace: blog}}}}}
    shop:
      networking.k8s.io/v1:
        Ingress: {front: {apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: front, namespace: shop}}}
      v1: {Service: {front: {apiVersion: v1, kind: Service, metadata: {name: front, namespace: shop}}}}
",
    );
    assert_eq!(Some(&value), wanted.get("wanted"));
}

#[test]
fn the_order_of_different_objects_does_not_matter() {
    let (forth, mut back) = (objects(OBJECTS), objects(OBJECTS));
    back.pop();
    back.reverse();
    let mut forth = forth;
    forth.remove(3);
    let expected = Inventory::of(forth).unwrap();
    assert_ne!(expected, Inventory::of(back).unwrap());
    let mut shuffled = objects(OBJECTS);
    shuffled.remove(3);
    shuffled.reverse();
    assert_eq!(expected, Inventory::of(shuffled).unwrap());
}

#[test]
fn an_empty_inventory_is_an_empty_object() {
    assert_eq!(Inventory::default().to_value(), Value::Object(tollgate_vocabulary::Map::default()));
}

#[test]
fn namespaces_are_found_by_name() {
    let inventory = Inventory::of(objects(OBJECTS)).unwrap();
    assert!(inventory.namespace("shop").is_some());
    assert!(inventory.namespace("blog").is_none());
}

#[test]
fn an_object_without_a_name_has_no_place() {
    let nameless =
        objects("{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"generateName\": \"a-\"}}");
    assert_eq!(Inventory::of(nameless), Err(InventoryError { missing: "metadata.name" }));
}
