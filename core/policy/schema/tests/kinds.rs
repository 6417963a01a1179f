//! What the table says about kinds that everybody knows.

use tollgate_schema::{Object, Type, kinds, named, of};

fn at(object: Object, path: &[&str]) -> Type {
    let mut here = Type::Object(object);
    for step in path {
        here = match &here {
            Type::Object(object) => object.field(step).unwrap_or_else(|| panic!("no `{step}`")).of.clone(),
            Type::List { item, .. } if *step == "[]" => (**item).clone(),
            Type::Map(item) => (**item).clone(),
            other => panic!("`{step}` of {other:?}"),
        };
    }
    here
}

#[test]
fn a_deployment_has_its_fields() {
    let deployment = of("apps/v1", "Deployment").unwrap();
    assert_eq!(at(deployment, &["spec", "replicas"]), Type::Integer);
    assert_eq!(at(deployment, &["metadata", "labels", "any/key"]), Type::String(Box::default()));
    let container = ["spec", "template", "spec", "containers", "[]"];
    let below = |rest: &[&str]| at(deployment, &[&container, rest].concat());
    assert_eq!(below(&["securityContext", "privileged"]), Type::Boolean);
    assert_eq!(below(&["resources", "limits", "cpu"]), Type::Quantity);
    assert_eq!(below(&["imagePullPolicy"]), Type::String(["Always", "IfNotPresent", "Never"].into()));
    assert_eq!(below(&["livenessProbe", "httpGet", "port"]), Type::IntOrString);
    let spec = at(deployment, &["spec"]);
    let Type::Object(spec) = spec else { panic!("{spec:?}") };
    assert_eq!(spec.name(), "apps.v1.DeploymentSpec");
    assert!(spec.field("selector").unwrap().required && !spec.field("replicas").unwrap().required);
    assert!(spec.field("replica").is_none());
}

#[test]
fn lists_say_what_makes_an_item_unique() {
    let pod = of("v1", "Pod").unwrap();
    let Type::List { keys, .. } = at(pod, &["spec", "containers", "[]", "ports"]) else { panic!("a list") };
    assert_eq!(keys.as_deref(), Some(&["containerPort", "protocol"][..]));
    let Type::List { keys, .. } = at(pod, &["metadata", "finalizers"]) else { panic!("a list") };
    assert_eq!(keys.as_deref(), Some(&[][..]));
    let Type::List { keys, .. } = at(pod, &["spec", "containers", "[]", "args"]) else { panic!("a list") };
    assert_eq!(keys, None);
}

#[test]
fn a_kind_may_be_in_several_groups_or_none() {
    let groups = |kind| named(kind).map(|kind| kind.api_version).collect::<Vec<_>>();
    assert_eq!(groups("Event"), ["events.k8s.io/v1", "v1"]);
    assert_eq!(groups("HorizontalPodAutoscaler"), ["autoscaling/v1", "autoscaling/v2"]);
    assert_eq!(groups("Widget"), Vec::<&str>::new());
    assert_eq!(groups("DeleteOptions"), Vec::<&str>::new(), "options are no objects");
    assert_eq!(of("apps/v1", "Pod"), None);
    assert!(kinds().count() > 130);
}

#[test]
fn an_admission_request_is_known_but_for_its_objects() {
    let request = Object::admission_request().unwrap();
    assert_eq!(at(request, &["kind", "kind"]), Type::String(Box::default()));
    assert_eq!(at(request, &["userInfo", "groups", "[]"]), Type::String(Box::default()));
    assert_eq!(at(request, &["object"]), Type::Any);
    assert!(matches!(at(request, &["operation"]), Type::String(values) if values.contains(&"CREATE")));
}
