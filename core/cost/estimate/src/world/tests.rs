use tollgate_manifest::{Limits, read_values};

use super::*;
use crate::{Beside, autoscaled, may_cost};

fn values(text: &str) -> Vec<Value> {
    read_values(text.as_bytes(), &Limits::default()).unwrap()
}

/// What lies around the first object, as the names of what is around it.
fn around(text: &str) -> Vec<String> {
    let objects = values(text);
    let world = World::of(objects.iter());
    let around = world.around(&objects[0]);
    let lists =
        [around.autoscalers, around.limit_ranges, around.quotas, around.runtime_class.into_iter().collect()];
    let named = lists.into_iter().flatten().map(|object| Beside::of(object).to_string());
    named.chain(around.owner.map(|owner| format!("owned by {} {}", owner.kind, owner.name))).collect()
}

const DEPLOYMENT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: w, namespace: shop}\n---\n";

fn hpa(name: &str, namespace: &str, target: &str) -> String {
    format!(
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: {name}, namespace: {namespace}}}\n\
         spec: {{scaleTargetRef: {{{target}}}, maxReplicas: 3}}\n---\n"
    )
}

#[test]
fn autoscalers_reach_their_target_in_their_namespace() {
    let mut text = DEPLOYMENT.to_owned();
    for (name, namespace, target) in [
        ("a", "shop", "apiVersion: apps/v1, kind: Deployment, name: w"),
        ("b", "shop", "kind: Deployment, name: w"),
        ("c", "shop", "apiVersion: extensions/v1beta1, kind: Deployment, name: w"),
        ("other-namespace", "other", "kind: Deployment, name: w"),
        ("other-name", "shop", "kind: Deployment, name: v"),
        ("other-kind", "shop", "kind: StatefulSet, name: w"),
        ("other-group", "shop", "apiVersion: example.com/v1, kind: Deployment, name: w"),
        ("no-kind", "shop", "name: w"),
    ] {
        text.push_str(&hpa(name, namespace, target));
    }
    text.push_str(
        "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: k, namespace: shop}\nspec: {scaleTargetRef: \
         {name: w}}\n---\napiVersion: autoscaling.k8s.io/v1\nkind: VerticalPodAutoscaler\nmetadata: {name: v, namespace: \
         shop}\nspec: {targetRef: {kind: Deployment, name: w}}\n",
    );
    assert_eq!(
        around(&text),
        [
            "HorizontalPodAutoscaler shop/a",
            "HorizontalPodAutoscaler shop/b",
            "HorizontalPodAutoscaler shop/c",
            "ScaledObject shop/k",
            "VerticalPodAutoscaler shop/v"
        ]
    );
}

#[test]
fn an_object_without_a_namespace_is_in_the_default_one() {
    let object = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: w}\n---\n";
    let limits = "apiVersion: v1\nkind: LimitRange\nmetadata: {name: l, namespace: default}\n";
    assert_eq!(around(&format!("{object}{limits}")), ["LimitRange default/l"]);
}

#[test]
fn limits_and_quotas_are_those_of_the_namespace_and_the_class_is_that_of_the_pods() {
    let text = "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c, namespace: shop}\nspec: {jobTemplate: {spec: \
                {template: {spec: {runtimeClassName: kata}}}}}\n---\napiVersion: v1\nkind: LimitRange\nmetadata: {name: l, \
                namespace: other}\n---\napiVersion: v1\nkind: LimitRange\nmetadata: {name: m, namespace: shop}\n---\napiVersion: \
                v1\nkind: ResourceQuota\nmetadata: {name: q, namespace: shop}\n---\napiVersion: node.k8s.io/v1\nkind: \
                RuntimeClass\nmetadata: {name: kata}\n---\napiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: \
                gvisor}\n";
    assert_eq!(around(text), ["LimitRange shop/m", "ResourceQuota shop/q", "RuntimeClass kata"]);
}

#[test]
fn only_what_pays_for_a_child_is_its_owner() {
    let owned = |child: &str, owner: &str, controller: bool, more: &str| {
        let (version, kind) = owner.split_once(' ').unwrap();
        let (child_version, child_kind) = child.split_once(' ').unwrap();
        around(&format!(
            "apiVersion: {child_version}\nkind: {child_kind}\nmetadata: {{name: x, namespace: shop, ownerReferences: [{{apiVersion: \
             {version}, kind: {kind}, name: o, controller: {controller}, uid: \"1\"}}]}}\n---\napiVersion: {version}\nkind: \
             {kind}\nmetadata: {{name: o, namespace: shop{more}}}\n"
        ))
    };
    assert_eq!(owned("v1 Pod", "apps/v1 ReplicaSet", true, ""), ["owned by ReplicaSet o"]);
    assert_eq!(owned("batch/v1 Job", "batch/v1 CronJob", true, ", uid: \"1\""), ["owned by CronJob o"]);
    let none: [&str; 0] = [];
    assert_eq!(owned("v1 Pod", "apps/v1 ReplicaSet", false, ""), none);
    assert_eq!(owned("v1 Pod", "apps/v1 ReplicaSet", true, ", uid: \"2\""), none);
    assert_eq!(owned("v1 Pod", "apps/v1 Deployment", true, ""), none);
    assert_eq!(owned("v1 Pod", "v1 ConfigMap", true, ""), none);
    assert_eq!(owned("v1 Pod", "example.com/v1 Thing", true, ""), none);
}

#[test]
fn a_fact_says_what_the_set_says() {
    let text = format!(
        "{DEPLOYMENT}{}apiVersion: v1\nkind: LimitRange\nmetadata: {{name: l, namespace: shop}}\n",
        hpa("a", "shop", "kind: Deployment, name: w")
    );
    let objects = values(&text);
    let world = World::of(objects.iter());
    let fact = world.around(&objects[0]).to_fact().unwrap();
    let read = Around::of_fact(&fact, &objects[0]);
    assert_eq!(read.autoscalers, [&objects[1]]);
    assert_eq!(read.limit_ranges, [&objects[2]]);
    assert_eq!(read.to_fact(), Some(fact.clone()));
    assert_eq!(Around::default().to_fact(), None);
}

#[test]
fn a_version_of_an_autoscaler_takes_the_place_of_the_other() {
    let objects = values(&format!(
        "{}{}{}",
        hpa("a", "shop", "kind: Deployment, name: w"),
        hpa("a", "shop", "kind: Deployment, name: v"),
        hpa("b", "shop", "kind: Deployment, name: w")
    ));
    let [new, moved, other] = &objects[..] else { panic!() };
    let around = Around { autoscalers: vec![new, other], ..Around::default() };
    let with = |version| around.clone().with_autoscaler(version, new).autoscalers;
    assert_eq!(with(Some(new)), [other, new]);
    assert_eq!(with(None), [other]);
    assert_eq!(with(Some(moved)), [other], "before, it scaled something else");
}

#[test]
fn what_an_autoscaler_scales_is_named() {
    let scaler = values(&hpa("a", "shop", "apiVersion: v1, kind: ReplicationController, name: w")).remove(0);
    let target = autoscaled(&scaler).unwrap();
    assert_eq!((&*target.group, &*target.kind, &*target.name), ("", "ReplicationController", "w"));
    assert_eq!(target.namespace.as_deref(), Some("shop"));
    assert_eq!(autoscaled(&values(DEPLOYMENT)[0]), None);
}

#[test]
fn what_may_cost_is_known_by_its_kind_and_what_it_runs() {
    let may = |text: &str| may_cost(&values(text)[0]);
    assert!(may(DEPLOYMENT));
    assert!(may("apiVersion: v1\nkind: Service\nspec: {type: LoadBalancer}\n"));
    assert!(!may("apiVersion: v1\nkind: Service\nspec: {type: ClusterIP}\n"));
    assert!(!may("apiVersion: v1\nkind: Service\nspec: {}\n"));
    assert!(!may("apiVersion: v1\nkind: Secret\n"));
    assert!(!may("apiVersion: cert-manager.io/v1\nkind: Certificate\nspec: {secretName: x}\n"));
    assert!(may("apiVersion: example.com/v1\nkind: Runner\nspec: {container: {image: x}}\n"));
}
