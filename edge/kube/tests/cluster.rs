//! Against a real API server: what it takes, what it asks about, and what we know while it is away.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::process::Command;
use std::time::{Duration, Instant};

use tollgate_kube::{
    Cluster, ConnectError, Endpoint, Freshness, InstallSettings, Lookup, NamespaceCache, RegisterError,
    Registered, Resource, Unregistered, WATCHED, WebhookSettings, WebhookState, manifests,
};
use tollgate_testplane::Cluster as Plane;
use tollgate_vocabulary::Value;

const PATIENCE: Duration = Duration::from_secs(60);

fn label(value: &Value, key: &str) -> Option<String> {
    value.get("metadata")?.get("labels")?.get(key)?.as_str().map(str::to_owned)
}

/// Waits until the cache says so; shows what it says instead.
async fn until(cache: &NamespaceCache, name: &str, wanted: impl Fn(&Lookup) -> bool) -> Lookup {
    let start = Instant::now();
    loop {
        let lookup = cache.lookup(name);
        if wanted(&lookup) {
            return lookup;
        }
        assert!(start.elapsed() < PATIENCE, "`{name}` is still {lookup:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn is_known(lookup: &Lookup) -> bool {
    matches!(lookup, Lookup::Known { .. })
}

fn is_absent(lookup: &Lookup) -> bool {
    matches!(lookup, Lookup::Absent { .. })
}

fn is_unknown(lookup: &Lookup) -> bool {
    matches!(lookup, Lookup::NotSynced { .. })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn namespaces_are_known_followed_and_never_stale() {
    let Some(mut plane) = tollgate_testplane::start() else { return };
    plane.kubectl(&["create", "namespace", "shop"]).expect_success();
    let cluster = Cluster::connect(&plane.kubeconfig(), None).await.unwrap();
    assert!(cluster.version().starts_with("v1."), "{}", cluster.version());
    let freshness = Freshness { stale_after: Duration::from_secs(3), renew_after: Duration::from_secs(1) };
    let cache = cluster.namespaces(freshness);
    assert!(is_unknown(&cache.lookup("shop")), "before the first list");
    assert!(cache.synced(PATIENCE).await);
    let Lookup::Known { value, .. } = cache.lookup("shop") else { panic!("{:?}", cache.trouble()) };
    assert_eq!(value.get("kind").and_then(Value::as_str), Some("Namespace"));
    assert_eq!(label(&value, "kubernetes.io/metadata.name").as_deref(), Some("shop"));
    assert_eq!(value.get("metadata").and_then(|metadata| metadata.get("managedFields")), None);
    assert!(is_absent(&cache.lookup("ship")));

    plane.kubectl(&["label", "namespace", "shop", "team=till"]).expect_success();
    let labelled = |lookup: &Lookup| matches!(lookup, Lookup::Known { value, .. } if label(value, "team").as_deref() == Some("till"));
    until(&cache, "shop", labelled).await;
    plane.kubectl(&["create", "namespace", "ship"]).expect_success();
    until(&cache, "ship", is_known).await;
    // no controller runs that would end it
    plane.kubectl(&["delete", "namespace", "ship", "--wait=false"]).expect_success();
    let empty = r#"{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ship"}, "spec": {"finalizers": []}}"#;
    plane
        .kubectl_stdin(&["replace", "--raw", "/api/v1/namespaces/ship/finalize", "-f", "-"], empty)
        .expect_success();
    until(&cache, "ship", is_absent).await;

    // quiet for longer than an answer may be old: renewals keep it fresh
    let first = cache.lookup("shop");
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(5) {
        assert!(is_known(&cache.lookup("shop")), "{:?}", cache.trouble());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_ne!(first, cache.lookup("shop"), "observed again, later");

    // hung: connections stay open, nobody answers
    let server = plane.apiserver_id().to_string();
    assert!(Command::new("kill").args(["-STOP", &server]).status().unwrap().success());
    until(&cache, "shop", is_unknown).await;
    assert!(Command::new("kill").args(["-CONT", &server]).status().unwrap().success());
    until(&cache, "shop", is_known).await;

    plane.stop_apiserver();
    let Lookup::NotSynced { why } = until(&cache, "shop", is_unknown).await else { unreachable!() };
    assert!(why.contains("the watch of namespaces is broken for"), "{why}");
    plane.restart_apiserver().unwrap();
    plane.kubectl(&["create", "namespace", "later"]).expect_success();
    until(&cache, "later", is_known).await;
    assert!(is_known(&cache.lookup("shop")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_connect_or_look_is_told_why() {
    let missing = Cluster::connect("/no/such/kubeconfig".as_ref(), None).await;
    assert!(matches!(missing, Err(ConnectError::Unreadable { .. })));
    let Some(plane) = tollgate_testplane::start() else { return };
    let context = Cluster::connect(&plane.kubeconfig(), Some("prod")).await.err().unwrap();
    assert!(context.to_string().ends_with("has no context `prod`; it has `testplane`"), "{context}");
    let stranger = plane.kubeconfig_for("stranger", &[]).unwrap();
    let cluster = Cluster::connect(&stranger, None).await.unwrap();
    let cache = cluster.namespaces(Freshness::default());
    let told = |lookup: &Lookup| matches!(lookup, Lookup::NotSynced { why } if why.contains("cannot list") || why.contains("cannot watch"));
    until(&cache, "default", told).await;
    let refused = cluster.webhook_state().await.unwrap_err();
    assert!(refused.to_string().starts_with("cannot read the webhook `tollgate`: "), "{refused}");

    let moved = plane.dir().join("moved.kubeconfig");
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let text = std::fs::read_to_string(plane.kubeconfig()).unwrap();
    std::fs::write(&moved, text.replace(&plane.url(), &format!("https://127.0.0.1:{port}"))).unwrap();
    let nobody = Cluster::connect(&moved, None).await.err().unwrap().to_string();
    assert!(nobody.contains("does not answer") && nobody.contains("refused"), "{nobody}");
    std::fs::write(&moved, text.replace("certificate-authority-data", "proxy-nothing")).unwrap();
    let untrusted = Cluster::connect(&moved, None).await.err().unwrap().to_string();
    assert!(untrusted.contains("certificate"), "{untrusted}");
}

/// Settings whose webhook nobody answers, so that whatever is asked about is refused.
fn unanswered(plane: &Plane) -> WebhookSettings {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    WebhookSettings {
        installation: "one".to_owned(),
        endpoint: Endpoint::Url(format!("https://127.0.0.1:{port}/admit")),
        ca_pem: Some(plane.ca_pem()),
        own_namespace: Some("tollgate".to_owned()),
        timeout_seconds: 3,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_nobody_answers_housekeeping_goes_on_and_changes_do_not() {
    let Some(mut plane) = tollgate_testplane::start() else { return };
    for name in ["shop", "tollgate"] {
        plane.kubectl(&["create", "namespace", name]).expect_success();
    }
    let apply = |plane: &Plane, as_whom: &str, object: &str| {
        let mut arguments = vec!["create", "-f", "-"];
        let groups = ["--as-group=system:nodes", "--as-group=system:authenticated"];
        let whom = format!("--as={as_whom}");
        if !as_whom.is_empty() {
            arguments.push(&whom);
            arguments.push("--as-group=system:masters");
            if as_whom.starts_with("system:node:") {
                arguments.extend(groups);
            }
        }
        plane.kubectl_stdin(&arguments, object)
    };
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\nspec: {containers: [{name: a, image: a, resources: {requests: {cpu: 1}}}]}\n";
    apply(&plane, "", pod).expect_success();
    // one that stays without a node: a resize is first checked against it
    apply(&plane, "", &pod.replace("name: a, namespace", "name: free, namespace")).expect_success();
    let deployment = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: a}]}}}}";
    apply(&plane, "", deployment).expect_success();
    let cluster = Cluster::connect(&plane.kubeconfig(), None).await.unwrap();
    cluster.register(&unanswered(&plane)).await.unwrap();

    let map = |namespace: &str| {
        format!("{{apiVersion: v1, kind: ConfigMap, metadata: {{generateName: a-, namespace: {namespace}}}}}")
    };
    let start = Instant::now();
    while apply(&plane, "", &map("shop")).success {
        assert!(start.elapsed() < PATIENCE, "the API server never asked");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let lease = "{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: l, namespace: shop}}";
    let event = "{apiVersion: v1, kind: Event, metadata: {name: e, namespace: shop}, involvedObject: {namespace: shop}}";
    let review = "{apiVersion: authorization.k8s.io/v1, kind: SelfSubjectAccessReview, spec: {resourceAttributes: {verb: get, resource: pods}}}";
    let node = "{apiVersion: v1, kind: Node, metadata: {name: n1}}";
    let endpoints = "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {generateName: s-, namespace: shop}, addressType: IPv4, endpoints: []}";
    let binding = r#"{"apiVersion": "v1", "kind": "Binding", "metadata": {"name": "a", "namespace": "shop"}, "target": {"kind": "Node", "name": "n1"}}"#;
    let bound = "/api/v1/namespaces/shop/pods/a/binding";
    let controller = "system:serviceaccount:kube-system:endpointslice-controller";
    for (what, whom, object) in [
        ("a lease", "", lease),
        ("an event", "", event),
        ("an access review", "", review),
        ("a node", "", node),
        ("our own namespace", "", &map("tollgate")),
        ("kube-system", "", &map("kube-system")),
        ("endpoints by their controller", controller, endpoints),
        ("a kubelet", "system:node:n1", &map("shop")),
    ] {
        let ran = apply(&plane, whom, object);
        assert!(ran.success, "{what} was asked about: {}", ran.stderr);
    }
    let scheduler =
        ["create", "--raw", bound, "-f", "-", "--as=system:kube-scheduler", "--as-group=system:masters"];
    plane.kubectl_stdin(&scheduler, binding).expect_success();
    plane.kubectl(&["label", "namespace", "tollgate", "a=b"]).expect_success();
    let status = [
        "patch",
        "node",
        "n1",
        "--subresource=status",
        "--type=merge",
        "-p",
        r#"{"status": {"phase": "x"}}"#,
    ];
    plane.kubectl(&status).expect_success();

    for (what, whom, object) in [
        ("a change", "", map("shop").as_str()),
        (
            "a controller's new object",
            "system:serviceaccount:kube-system:replicaset-controller",
            &pod.replace("name: a,", "name: b,"),
        ),
        ("somebody else's endpoints", "", endpoints),
        ("a namespace", "", "{apiVersion: v1, kind: Namespace, metadata: {name: new}}"),
        ("one who only calls himself a node", "mallory", &map("shop")),
    ] {
        let ran = apply(&plane, whom, object);
        assert!(!ran.success, "{what} was not asked about");
        assert!(ran.stderr.contains("gate.tollgate.dev"), "{what}: {}", ran.stderr);
    }
    let scale = ["-n", "shop", "scale", "deployment", "web", "--replicas=9"];
    let autoscaler =
        ["--as=system:serviceaccount:kube-system:horizontal-pod-autoscaler", "--as-group=system:masters"];
    let resized = r#"{"spec": {"containers": [{"name": "a", "resources": {"requests": {"cpu": "9"}}}]}}"#;
    let resize = ["-n", "shop", "patch", "pod", "free", "--subresource=resize", "-p", resized];
    let shelled = r#"{"spec": {"ephemeralContainers": [{"name": "d", "image": "d"}]}}"#;
    for changing in [
        &scale[..],
        &[&scale[..], &autoscaler[..]].concat(),
        &resize,
        &[&resize[..], &autoscaler[..]].concat(),
        &["-n", "shop", "patch", "pod", "a", "--subresource=ephemeralcontainers", "-p", shelled],
        &["-n", "shop", "delete", "pod", "a", "--wait=false"],
        &["label", "namespace", "shop", "a=b"],
        &[
            "patch",
            "namespace",
            "shop",
            "--subresource=status",
            "--type=merge",
            "-p",
            r#"{"status": {"phase": "Active"}}"#,
        ],
    ] {
        let ran = plane.kubectl(changing);
        assert!(ran.expect_failure().contains("gate.tollgate.dev"), "{}: {}", ran.command, ran.stderr);
    }

    // the API server itself must be able to start behind a webhook that nobody answers
    plane.restart_apiserver().unwrap();
    assert_eq!(cluster.unregister("one").await.unwrap(), Unregistered::Removed);
    let start = Instant::now();
    while !apply(&plane, "", &map("shop")).success {
        assert!(start.elapsed() < PATIENCE, "the API server still asks");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_own_webhook_is_touched_and_the_export_is_taken() {
    let Some(plane) = tollgate_testplane::start() else { return };
    let cluster = Cluster::connect(&plane.kubeconfig(), None).await.unwrap();
    assert_eq!(cluster.webhook_state().await.unwrap(), WebhookState::Absent);
    assert_eq!(cluster.unregister("one").await.unwrap(), Unregistered::Absent);
    let one = unanswered(&plane);
    assert_eq!(cluster.register(&one).await.unwrap(), Registered::Created);
    let five = WebhookSettings { timeout_seconds: 5, ..one.clone() };
    assert_eq!(cluster.register(&five).await.unwrap(), Registered::Replaced);
    let WebhookState::Present { installation, configuration } = cluster.webhook_state().await.unwrap() else {
        panic!()
    };
    assert_eq!(installation.as_deref(), Some("one"));
    assert_eq!(configuration["webhooks"][0]["timeoutSeconds"], 5);
    let two = WebhookSettings { installation: "two".to_owned(), ..one };
    assert!(
        matches!(cluster.register(&two).await, Err(RegisterError::Foreign { installation: Some(other) }) if other == "one")
    );
    let left = cluster.unregister("two").await.unwrap();
    assert_eq!(left, Unregistered::Foreign { installation: Some("one".to_owned()) });
    assert_eq!(cluster.unregister("one").await.unwrap(), Unregistered::Removed);

    let settings = InstallSettings {
        installation: "three".to_owned(),
        namespace: "gate".to_owned(),
        image: "registry.example/tollgate@sha256:0000000000000000000000000000000000000000000000000000000000000000".to_owned(),
        arguments: vec!["serve".to_owned(), "/estate".to_owned()],
        path: "/admit".to_owned(),
        ca_pem: None,
        timeout_seconds: 3,
        volume: Some("10Gi".to_owned()),
    };
    let objects = manifests(&settings).unwrap();
    let list = serde_json::json!({"apiVersion": "v1", "kind": "List", "items": objects}).to_string();
    let ran = plane.kubectl_stdin(&["apply", "--validate=strict", "--server-side", "-f", "-"], &list);
    assert!(!ran.stderr.contains("Warning"), "{}", ran.stderr);
    assert_eq!(ran.expect_success().lines().count(), objects.len());
    let state = cluster.webhook_state().await.unwrap();
    assert!(matches!(state, WebhookState::Present { installation: Some(three), .. } if three == "three"));
    let account = ["auth", "can-i", "--as=system:serviceaccount:gate:tollgate", "--quiet"];
    let may = |verb: &str, what: &str| {
        let arguments: Vec<&str> = account.iter().copied().chain([verb, what]).collect();
        plane.kubectl(&arguments).success
    };
    assert!(may("update", "validatingwebhookconfigurations/tollgate"));
    assert!(!may("update", "validatingwebhookconfigurations/other"));
    // RESOURCE [] [NAMES] [VERBS]
    let list = ["auth", "can-i", "--as=system:serviceaccount:gate:tollgate", "--list", "--no-headers"];
    let rights = plane.kubectl(&list).expect_success().to_owned();
    let watched: BTreeSet<String> = WATCHED.iter().map(Resource::to_string).collect();
    let mut told = BTreeSet::new();
    for right in rights.lines().filter(|line| !line.starts_with(' ')) {
        let resource = right.split_whitespace().next().unwrap();
        let group = resource.split_once('.').map_or("", |(_, group)| group);
        if right.ends_with("[get list watch]") {
            told.insert(resource.to_owned());
        } else {
            assert!(
                ["admissionregistration.k8s.io", "authentication.k8s.io", "authorization.k8s.io"]
                    .contains(&group),
                "{right}"
            );
        }
    }
    assert_eq!(told, watched, "{rights}");

    // and they are enough
    let account = plane.kubeconfig_for("system:serviceaccount:gate:tollgate", &[]).unwrap();
    let gate = Cluster::connect(&account, None).await.unwrap();
    let cache = gate.watch(&WATCHED, Freshness::default());
    assert!(cache.synced(PATIENCE).await, "{:?}", cache.troubles());
    for resource in WATCHED {
        let read = gate.read(&resource, "default", "nobody", PATIENCE).await;
        assert_eq!(read, Ok(None), "{resource}");
    }
}
