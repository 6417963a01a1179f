//! Against a real API server: what exists is known and told, whoever watched or not.

mod heard;
mod wire;

use std::time::{Duration, Instant};

use heard::{PATIENCE, gone, relisted, seen, until, until_known};
use tollgate_kube::{Cluster, Event, Freshness, Listing, Lookup, ReadError, Resource, WATCHED};
use tollgate_testplane::{Cluster as Plane, Options};
use tollgate_vocabulary::Value;
use wire::{Mode, Wire};

const QUICK: Freshness =
    Freshness { stale_after: Duration::from_secs(4), renew_after: Duration::from_secs(1) };
/// Where it is not about staleness, a busy machine may take its time.
const PATIENT: Freshness = Freshness { stale_after: Duration::from_secs(30), ..QUICK };
const SOON: Duration = Duration::from_secs(10);

fn of(name: &str) -> Resource {
    *WATCHED.iter().find(|resource| resource.to_string() == name).unwrap()
}

fn apply(plane: &Plane, object: &str) {
    plane.kubectl_stdin(&["apply", "-f", "-"], object).expect_success();
}

fn deployment(name: &str) -> String {
    format!(
        "{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: {name}, namespace: default}}, spec: {{\
         replicas: 2, selector: {{matchLabels: {{app: {name}}}}}, template: {{metadata: {{labels: {{app: {name}}}}}, \
         spec: {{containers: [{{name: a, image: a, env: [{{name: A, value: hunter2}}], resources: {{requests: {{cpu: 1}}}}}}]}}}}}}}}"
    )
}

/// A custom resource of these versions, the first of which is stored.
fn definition(group: &str, plural: &str, kind: &str, versions: &[&str]) -> String {
    let versions: Vec<String> = versions
        .iter()
        .enumerate()
        .map(|(at, name)| {
            format!(
                "{{name: {name}, served: true, storage: {}, schema: {{openAPIV3Schema: \
                 {{type: object, x-kubernetes-preserve-unknown-fields: true}}}}}}",
                at == 0
            )
        })
        .collect();
    format!(
        "{{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {{name: {plural}.{group}, \
         annotations: {{api-approved.kubernetes.io: unapproved}}}}, \
         spec: {{group: {group}, scope: Namespaced, names: {{plural: {plural}, kind: {kind}}}, versions: [{}]}}}}",
        versions.join(", ")
    )
}

fn replicas(value: &Value) -> Option<String> {
    let Value::Number(replicas) = value.get("spec")?.get("replicas")? else { return None };
    Some(replicas.as_str().to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_made_scaled_and_deleted_is_known_told_and_read() {
    let Some(plane) = tollgate_testplane::start() else { return };
    let cluster = Cluster::connect(&plane.kubeconfig(), None).await.unwrap();
    let cache = cluster.watch(&WATCHED, PATIENT);
    assert!(matches!(cache.object("", "pods", "default", "a"), Lookup::NotSynced { .. }));
    assert!(cache.synced(PATIENCE).await, "{:?}", cache.troubles());
    assert_eq!(cache.troubles(), []);
    let mut events = cache.subscribe();
    let mut listed: Vec<String> = Vec::new();
    for _ in WATCHED {
        let Some(Event::Relisted { resource, objects, .. }) = events.next().await else { panic!() };
        assert_eq!(objects.is_empty(), !matches!(resource.plural, "namespaces" | "services"), "{resource}");
        listed.push(resource.to_string());
    }
    listed.sort();
    listed.dedup();
    assert_eq!(listed.len(), WATCHED.len());

    apply(&plane, &deployment("web"));
    let heard = until(&mut events, |event| seen(event, "deployments", "web").is_some()).await;
    let object = seen(heard.last().unwrap(), "deployments", "web").unwrap().clone();
    assert_eq!(replicas(&object.value()).as_deref(), Some("2"));
    assert!(!format!("{:?}", object.value()).contains("hunter2"), "{:?}", object.value());
    plane.kubectl(&["scale", "deployment/web", "--replicas=5"]).expect_success();
    let five = |event: &Event| {
        seen(event, "deployments", "web").is_some_and(|now| replicas(&now.value()).as_deref() == Some("5"))
    };
    until(&mut events, five).await;
    let Lookup::Known { value, .. } = cache.object("apps", "deployments", "default", "web") else { panic!() };
    assert_eq!(replicas(&value).as_deref(), Some("5"));
    let Listing::Known { values, .. } = cache.list("apps", "deployments", Some("default")) else { panic!() };
    assert_eq!(values, std::slice::from_ref(&value));
    assert!(
        matches!(cache.list("apps", "deployments", Some("other")), Listing::Known { values, .. } if values.is_empty())
    );
    assert!(
        matches!(cache.list("apps", "daemonsets", None), Listing::Known { values, .. } if values.is_empty())
    );
    assert!(
        matches!(cache.object("", "secrets", "default", "a"), Lookup::NotSynced { why } if &*why == "`secrets` is not watched")
    );

    let deployments = of("deployments.apps");
    let read = cluster.read(&deployments, "default", "web", SOON).await.unwrap();
    assert_eq!(read.as_ref(), Some(&*value), "as the watch has it");
    assert_eq!(cluster.read(&deployments, "default", "never-stored", SOON).await, Ok(None));
    assert_eq!(cluster.read(&deployments, "no-such-namespace", "web", SOON).await, Ok(None));
    assert_eq!(cluster.read(&of("runtimeclasses.node.k8s.io"), "", "kata", SOON).await, Ok(None));
    assert_eq!(cluster.read(&of("scaledobjects.keda.sh"), "default", "web", SOON).await, Ok(None));
    let nowhere = cluster.read(&deployments, "default", "../web", SOON).await;
    assert_eq!(nowhere, Err(ReadError::Name("../web".to_owned())));

    plane.kubectl(&["delete", "deployment", "web", "--cascade=orphan", "--wait=false"]).expect_success();
    // orphaning is a finalizer, and no controller runs that would take it away
    plane
        .kubectl(&[
            "patch",
            "deployment",
            "web",
            "--type=merge",
            "-p",
            r#"{"metadata": {"finalizers": null}}"#,
        ])
        .expect_success();
    let heard = until(&mut events, |event| gone(event, "deployments", "web").is_some()).await;
    assert_eq!(gone(heard.last().unwrap(), "deployments", "web"), Some(&*object.uid));
    let ending = |event: &Event| {
        seen(event, "deployments", "web")
            .is_some_and(|now| now.value().get("metadata").unwrap().get("deletionTimestamp").is_some())
    };
    assert!(heard.len() == 1 || heard.iter().any(ending), "{heard:#?}");
    assert!(matches!(cache.object("apps", "deployments", "default", "web"), Lookup::Absent { .. }));
    assert_eq!(cluster.read(&deployments, "default", "web", SOON).await, Ok(None));
    drop(cache);
    while let Some(event) = events.next().await {
        assert!(!matches!(event, Event::Gone { .. }), "{event:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_served_is_absent_until_it_is_served_and_unknown_in_another_version() {
    let Some(plane) = tollgate_testplane::start() else { return };
    let cluster = Cluster::connect(&plane.kubeconfig(), None).await.unwrap();
    let cache = cluster.watch(&WATCHED, PATIENT);
    let mut events = cache.subscribe();
    assert!(cache.synced(PATIENCE).await, "{:?}", cache.troubles());
    let scaled = ("keda.sh", "scaledobjects", "default", "web");
    let is_absent = |lookup: &Lookup| matches!(lookup, Lookup::Absent { .. });
    let Lookup::Absent { observed_at } = cache.object(scaled.0, scaled.1, scaled.2, scaled.3) else {
        panic!()
    };
    // looked for again at each renewal, so the answer does not go stale
    until_known(
        &cache,
        scaled,
        |lookup| matches!(lookup, Lookup::Absent { observed_at: later } if *later > observed_at),
    )
    .await;
    assert_eq!(cache.troubles(), [], "and nothing else minds");

    apply(&plane, &definition("keda.sh", "scaledobjects", "ScaledObject", &["v1alpha1"]));
    apply(
        &plane,
        &definition("autoscaling.k8s.io", "verticalpodautoscalers", "VerticalPodAutoscaler", &["v1beta2"]),
    );
    plane.kubectl(&["wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"]).expect_success();
    let object = "{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: web, namespace: default}, spec: {maxReplicaCount: 9}}";
    let start = Instant::now();
    while !plane.kubectl_stdin(&["apply", "-f", "-"], object).success {
        assert!(start.elapsed() < PATIENCE, "the definition is never served");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    until_known(&cache, scaled, |lookup| matches!(lookup, Lookup::Known { .. })).await;
    let has_web = |event: &Event| {
        seen(event, "scaledobjects", "web").is_some()
            || relisted(event, "scaledobjects").is_some_and(|all| !all.is_empty())
    };
    until(&mut events, has_web).await;

    // one that has all the objects, under a version that we do not read
    let vertical = ("autoscaling.k8s.io", "verticalpodautoscalers", "default", "web");
    let told = |lookup: &Lookup| matches!(lookup, Lookup::NotSynced { why } if why.contains("as `autoscaling.k8s.io/v1beta2`, and answers 404 to `autoscaling.k8s.io/v1`"));
    until_known(&cache, vertical, told).await;
    let troubled: Vec<&str> = cache.troubles().iter().map(|(resource, _)| resource.plural).collect();
    assert_eq!(troubled, ["verticalpodautoscalers"]);
    let read = cluster.read(&of("verticalpodautoscalers.autoscaling.k8s.io"), "default", "web", SOON).await;
    assert!(matches!(&read, Err(ReadError::Api { why, .. }) if why.contains("v1beta2")), "{read:?}");

    plane.kubectl(&["delete", "crd", "scaledobjects.keda.sh"]).expect_success();
    until(&mut events, |event| gone(event, "scaledobjects", "web").is_some()).await;
    until_known(&cache, scaled, is_absent).await;
    assert!(matches!(cache.object("", "pods", "default", "web"), Lookup::Absent { .. }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happened_while_nobody_watched_is_told_by_the_next_list() {
    let Some(plane) = tollgate_testplane::start() else { return };
    let (wire, kubeconfig) = Wire::to(&plane).await;
    let cluster = Cluster::connect(&kubeconfig, None).await.unwrap();
    let deployments = of("deployments.apps");
    let cache = cluster.watch(&[deployments], QUICK);
    let mut events = cache.subscribe();
    for name in ["stays", "goes", "again"] {
        apply(&plane, &deployment(name));
    }
    let web = |name: &'static str| ("apps", "deployments", "default", name);
    let mut uids = Vec::new();
    for name in ["stays", "goes", "again"] {
        let known = until_known(&cache, web(name), |lookup| matches!(lookup, Lookup::Known { .. })).await;
        let Lookup::Known { value, .. } = known else { unreachable!() };
        uids.push(value.get("metadata").unwrap().get("uid").and_then(Value::as_str).unwrap().to_owned());
    }
    while events.try_next().is_some() {}

    wire.set(Mode::Cut);
    plane.kubectl(&["delete", "deployment", "goes", "again"]).expect_success();
    apply(&plane, &deployment("again"));
    apply(&plane, &deployment("new"));
    let unknown = |lookup: &Lookup| matches!(lookup, Lookup::NotSynced { why } if why.starts_with("the watch of deployments.apps is broken for"));
    until_known(&cache, web("goes"), unknown).await;
    assert_eq!(events.try_next(), None, "nobody can say what happened");
    let refused = cluster.read(&deployments, "default", "goes", SOON).await;
    assert!(matches!(refused, Err(ReadError::Api { .. })), "{refused:?}");

    wire.set(Mode::Open);
    let heard = until(&mut events, |event| relisted(event, "deployments").is_some()).await;
    let [went, replaced, all] = &heard[..] else { panic!("{heard:#?}") };
    assert_eq!(gone(went, "deployments", "again"), Some(&*uids[2]));
    assert_eq!(gone(replaced, "deployments", "goes"), Some(&*uids[1]));
    let all = relisted(all, "deployments").unwrap();
    assert_eq!(all.iter().map(|object| &*object.name).collect::<Vec<_>>(), ["again", "new", "stays"]);
    assert!(*all[0].uid != *uids[2] && *all[2].uid == *uids[0]);

    // a silence that looks like peace: connections stay, nothing passes
    wire.set(Mode::Frozen);
    plane.kubectl(&["delete", "deployment", "new"]).expect_success();
    until_known(&cache, web("new"), unknown).await;
    let short = Duration::from_millis(200);
    assert_eq!(cluster.read(&deployments, "default", "new", short).await, Err(ReadError::Deadline(short)));
    wire.set(Mode::Cut);
    wire.set(Mode::Open);
    until(&mut events, |event| gone(event, "deployments", "new").is_some()).await;

    // another process that starts anew
    let mut events = cluster.watch(&[deployments], QUICK).subscribe();
    assert_eq!(events.next().await, None, "its cache is dropped");
    let cache = cluster.watch(&[deployments], QUICK);
    let mut events = cache.subscribe();
    let heard = until(&mut events, |_| true).await;
    let all = relisted(&heard[0], "deployments").unwrap();
    assert_eq!(all.iter().map(|object| &*object.name).collect::<Vec<_>>(), ["again", "stays"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_that_is_gone_is_listed_anew_and_answers_go_on() {
    // without its watch cache the API server watches etcd, which forgets every second
    let options = Options {
        apiserver_flags: vec![
            "--watch-cache-sizes=limitranges#0,pods#0".to_owned(),
            "--etcd-compaction-interval=1s".to_owned(),
        ],
        ..Options::default()
    };
    let Some(plane) = tollgate_testplane::start_with(&options) else { return };
    let cluster = Cluster::connect(&plane.kubeconfig(), None).await.unwrap();
    let cache = cluster.watch(&[of("limitranges"), of("pods")], PATIENT);
    let mut events = cache.subscribe();
    assert!(cache.synced(PATIENCE).await, "{:?}", cache.troubles());
    apply(
        &plane,
        "{apiVersion: v1, kind: LimitRange, metadata: {name: quiet, namespace: default}, spec: {limits: []}}",
    );
    let known = |lookup: &Lookup| matches!(lookup, Lookup::Known { .. });
    until_known(&cache, ("", "limitranges", "default", "quiet"), known).await;
    while events.try_next().is_some() {}
    let start = Instant::now();
    let mut listed_anew = false;
    while !listed_anew {
        assert!(start.elapsed() < PATIENCE, "the old version is still there");
        plane
            .kubectl(&["create", "configmap", &format!("other-{}", start.elapsed().as_millis())])
            .expect_success();
        let quiet = cache.object("", "limitranges", "default", "quiet");
        assert!(known(&quiet), "{quiet:?}");
        while let Some(event) = events.try_next() {
            assert!(!matches!(event, Event::Gone { .. }), "{event:?}");
            listed_anew |= relisted(&event, "limitranges").is_some_and(|all| &*all[0].name == "quiet");
        }
    }
    plane.kubectl(&["delete", "limitrange", "quiet"]).expect_success();
    until(&mut events, |event| gone(event, "limitranges", "quiet").is_some()).await;
}
