//! Money through the real API server: never over, whoever races and whatever dies; and nothing kept for what is gone.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::ledger::tollgate;
use crate::plane::{Plane, alone};
use crate::wait::{until, until_true};

/// Deployments that fit.
const FIT: usize = 10;

const THREADS: usize = 8;

/// Longer than a claim is held before somebody looks whether it came to be, and the looking.
const HELD: Duration = Duration::from_secs(150);

/// One core and one GiB cost 0.0358 EUR an hour by the estate's prices; what is recreated has no surge.
const BUDGET: &str = "\
apiVersion: tollgate.dev/v1
kind: Budget
metadata:
  name: race
spec:
  owner: race@example.com
  scope:
    namespaces: [race]
  amount: \"3000\"
  currency: EUR
  peakPerHour: \"0.358\"
";

fn deployment(name: &str, replicas: u64) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "labels": {"finops.apexlogic.com/cost-center": "CC-1001"}},
        "spec": {
            "replicas": replicas,
            "strategy": {"type": "Recreate"},
            "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{
                "name": "web", "image": "registry.apexlogic.com/shop/web:1.0.0",
                "resources": {"requests": {"cpu": "1", "memory": "1Gi"}},
            }]}},
        },
    })
}

const DEPLOYMENTS: &str = "/apis/apps/v1/namespaces/race/deployments";

fn create(client: &Client, name: &str, replicas: u64) -> Answer {
    client.send("POST", DEPLOYMENTS, &deployment(name, replicas).to_string()).expect("the API server answers")
}

fn names(client: &Client) -> Vec<String> {
    let list = client.send("GET", DEPLOYMENTS, "").expect("the API server answers").json();
    let items = list["items"].as_array().expect("a list").iter();
    items.map(|item| item["metadata"]["name"].as_str().expect("a name").to_owned()).collect()
}

fn delete(client: &Client, name: &str) -> Answer {
    client.send("DELETE", &format!("{DEPLOYMENTS}/{name}"), "").expect("the API server answers")
}

/// What `tollgate budget show race -o json` says beside the running gate.
fn shown(plane: &Plane) -> Result<Value, String> {
    let mut command = tollgate();
    command.args(["budget", "show", "race", "-o", "json"]).arg(plane.gate.estate().root());
    let ran = command.arg("--data").arg(plane.gate.data()).output().expect("the program runs");
    if !ran.status.success() {
        return Err(String::from_utf8_lossy(&ran.stderr).into_owned());
    }
    serde_json::from_slice(&ran.stdout).map_err(|error| error.to_string())
}

fn holds(plane: &Plane) -> Result<u64, String> {
    shown(plane)?["holds"].as_u64().ok_or_else(|| "no holds".to_owned())
}

/// Waits until exactly so many objects hold money and none is only on its way, for as long as that may take.
#[track_caller]
fn until_held(plane: &Plane, wanted: u64) {
    let start = Instant::now();
    loop {
        let shown = shown(plane).expect("a budget");
        let on_its_way = shown["objects"].as_array().expect("objects").iter().any(|it| it["claims"] != 0);
        if shown["holds"] == wanted && !on_its_way {
            return;
        }
        assert!(start.elapsed() < HELD, "still not {wanted} holds: {shown}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

fn reconciled(plane: &Plane) -> std::process::Output {
    let mut command = tollgate();
    command.args(["budget", "reconcile"]).arg(plane.gate.estate().root());
    command.arg("--data").arg(plane.gate.data()).arg("--kubeconfig").arg(plane.cluster.kubeconfig());
    command.output().expect("the program runs")
}

fn budgeted() -> Option<Plane> {
    let plane = alone(|settings, _| {
        settings.estate.write("budgets/race.yaml", BUDGET);
        let limits = "\n[cost.limits]\n";
        let config = std::fs::read_to_string(settings.estate.root().join("tollgate.toml")).expect("a file");
        // No limit on one identity: all that is under test here is the budget.
        let without = config.split(limits).next().expect("text before").to_owned();
        settings.estate.write("tollgate.toml", &without);
    })?;
    plane.namespace("race");
    Some(plane)
}

#[test]
fn racing_creates_never_pass_a_budget_and_nothing_leaks_when_the_gate_dies() {
    let Some(mut plane) = budgeted() else { return };
    let (stop, created, refused, most) =
        (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let Plane { gate, client, .. } = &mut plane;
    let client = &*client;
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (stop, created, refused) = (&stop, &created, &refused);
            scope.spawn(move || {
                for at in 0.. {
                    if stop.load(Ordering::SeqCst) {
                        return;
                    }
                    let answer = create(client, &format!("d-{thread}-{at}"), 1);
                    if answer.created() {
                        created.fetch_add(1, Ordering::SeqCst);
                        // Some go again, so that there is always something to race for.
                        if at % 2 == 0 {
                            delete(client, &format!("d-{thread}-{at}"));
                        }
                    } else {
                        refused.fetch_add(1, Ordering::SeqCst);
                    }
                }
            });
        }
        let (stop_watching, most) = (&stop, &most);
        scope.spawn(move || {
            while !stop_watching.load(Ordering::SeqCst) {
                most.fetch_max(names(client).len(), Ordering::SeqCst);
            }
        });
        for _ in 0..3 {
            let wanted = created.load(Ordering::SeqCst) + 5;
            until_true("objects are created", || {
                // Room is made by hand too: what is created stays otherwise.
                if let Some(name) = names(client).first() {
                    delete(client, name);
                }
                created.load(Ordering::SeqCst) >= wanted
            });
            gate.kill();
            let wanted = refused.load(Ordering::SeqCst) + THREADS;
            until_true("requests are refused", || refused.load(Ordering::SeqCst) >= wanted);
            gate.restart();
        }
        stop.store(true, Ordering::SeqCst);
    });
    assert!(most.load(Ordering::SeqCst) <= FIT, "{} existed at once", most.load(Ordering::SeqCst));
    assert!(most.load(Ordering::SeqCst) >= FIT / 2, "there was a race");
    assert!(refused.load(Ordering::SeqCst) > 0);

    let left = names(&plane.client);
    assert!(left.len() <= FIT, "{left:?}");
    until_held(&plane, left.len() as u64);
    let same = reconciled(&plane);
    assert!(same.status.success(), "{}", String::from_utf8_lossy(&same.stdout));
    for name in left {
        assert_eq!(delete(&plane.client, &name).code, 200);
    }
    until_held(&plane, 0);
    assert_eq!(shown(&plane).unwrap()["peak_hour"]["used"], "0.000000000", "nothing leaked");
    assert!(plane.gate.terminate().success());
    plane.gate.ledger().verify();
}

#[test]
fn growth_is_refused_with_its_arithmetic_and_shrinking_passes() {
    let Some(plane) = budgeted() else { return };
    let client = &plane.client;
    assert!(create(client, "api", 6).created());
    until_held(&plane, 1);

    let more = plane.kubectl("race", &["scale", "deployment", "api", "--replicas=11"]);
    assert!(!more.success, "{more:?}");
    let text = format!("{more:?}");
    for told in [
        "budget `race` is passed in the dearest hour",
        "held 0.2148",
        "added 0.179",
        "0.3938 EUR/h > 0.358 EUR/h",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(plane.kubectl("race", &["scale", "deployment", "api", "--replicas=10"]).success);
    assert!(!create(client, "other", 1).created(), "ten fit, and ten are taken");
    assert!(plane.kubectl("race", &["scale", "deployment", "api", "--replicas=4"]).success);
    until("what shrank is released once it was seen", || {
        let used = shown(&plane)?["peak_hour"]["used"].as_str().unwrap_or_default().to_owned();
        if used == "0.143200000" { Ok(()) } else { Err(used) }
    });
    assert!(create(client, "other", 6).created(), "and there is room again");

    let autoscaler = json!({
        "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "api"},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "api"},
            "minReplicas": 1, "maxReplicas": 5,
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}}}],
        },
    });
    let refused = plane.send("race", &["create"], &autoscaler);
    assert!(format!("{refused:?}").contains("deny[budget.race]"), "its maximum counts: {refused:?}");

    let dry = plane.send("race", &["create", "--dry-run=server"], &deployment("dry", 1));
    assert!(!dry.success, "a dry run is told the same: {dry:?}");
    assert_eq!(holds(&plane), Ok(2), "and takes nothing");
    assert_eq!(delete(client, "other").code, 200);
    assert_eq!(delete(client, "api").code, 200);
    until_held(&plane, 0);
}

#[test]
fn what_happened_while_no_gate_ran_is_learned_by_the_next() {
    let Some(mut plane) = budgeted() else { return };
    assert!(create(&plane.client, "stays", 1).created());
    assert!(create(&plane.client, "goes", 1).created());
    until_held(&plane, 2);
    assert!(plane.gate.terminate().success(), "and its webhook is gone with it");
    assert_eq!(delete(&plane.client, "goes").code, 200);
    for name in ["new-a", "new-b"] {
        assert!(create(&plane.client, name, 6).created(), "nobody asked");
    }
    let different = reconciled(&plane);
    assert_eq!(different.status.code(), Some(1), "{different:?}");
    let text = String::from_utf8_lossy(&different.stdout).into_owned();
    for name in ["/apps/deployments/race/goes", "/apps/deployments/race/new-a"] {
        assert!(text.contains(name), "{text}");
    }
    plane.gate.restart();
    plane.gate.wait_until_asked();
    until_held(&plane, 3);
    assert!(
        !create(&plane.client, "more", 1).created(),
        "what exists is over the budget, and growth is refused"
    );
    let less = plane.kubectl("race", &["scale", "deployment", "new-a", "--replicas=1"]);
    assert!(less.success, "shrinking passes: {less:?}");
}

#[test]
fn a_quote_is_redeemed_once_by_what_it_was_given_for() {
    let Some(plane) = budgeted() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let mut manifest = deployment("api", 2);
    manifest["metadata"]["namespace"] = json!("race");
    let path = plane.gate.estate().root().join("api.json");
    std::fs::write(&path, manifest.to_string()).expect("a manifest");
    // Files know of a namespace what a manifest of it says.
    plane
        .gate
        .estate()
        .write("namespaces/race.yaml", "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: race\n");
    let quotes = folder.path().join("quotes.json");
    let mut command = tollgate();
    command.args(["check", "-q", "--quote"]).arg(&quotes).arg("--data").arg(plane.gate.data()).arg(&path);
    let ran = command.output().expect("the program runs");
    assert!(ran.status.success(), "{ran:?}");
    let rows: Value = serde_json::from_slice(&std::fs::read(&quotes).expect("quotes")).expect("JSON");
    assert_eq!(rows[0]["object"], "apps/Deployment/race/api");
    assert_eq!(rows[0]["expected_month"], "52.268 EUR", "2 x 0.0358 EUR x 730 h");
    let quote = rows[0]["quote"].as_str().expect("a quote").to_owned();

    let with = |name: &str, replicas: u64, quote: &str| {
        let mut object = deployment(name, replicas);
        object["metadata"]["annotations"] = json!({"tollgate.dev/quote": quote});
        plane.client.send("POST", DEPLOYMENTS, &object.to_string()).expect("the API server answers")
    };
    for (name, replicas, quote, why) in [
        ("web", 2, quote.as_str(), "it is for `apps/Deployment/race/api`"),
        ("api", 3, quote.as_str(), "it says 52.268 EUR a month, and this costs 78.402 EUR"),
        ("api", 2, "bm90IGEgbm90ZQ==", "it is no signed note"),
    ] {
        let refused = with(name, replicas, quote);
        assert!(!refused.created() && refused.text.contains("deny[cost.quote]"), "{}", refused.text);
        assert!(refused.text.contains(why), "{why}: {}", refused.text);
    }
    assert!(with("api", 2, &quote).created());
    assert_eq!(delete(&plane.client, "api").code, 200);
    let again = with("api", 2, &quote);
    assert!(again.text.contains("its quote was redeemed before"), "{}", again.text);
    assert!(create(&plane.client, "api", 2).created(), "this estate does not ask for quotes");
}

#[test]
fn what_was_allowed_and_never_stored_is_released_by_looking() {
    let Some(plane) = budgeted() else { return };
    let quota = json!({
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "none"},
        "spec": {"hard": {"count/deployments.apps": "0"}},
    });
    assert!(plane.send("race", &["create"], &quota).success);
    // The quota counts only once its status says so; nobody runs the controller that would.
    let patch =
        json!({"status": {"hard": {"count/deployments.apps": "0"}, "used": {"count/deployments.apps": "0"}}});
    let status = "/api/v1/namespaces/race/resourcequotas/none/status";
    assert_eq!(plane.client.send("PATCH", status, &patch.to_string()).expect("an answer").code, 200);

    let answer = create(&plane.client, "never", 1);
    assert!(!answer.created() && answer.text.contains("exceeded quota"), "{}", answer.text);
    assert_eq!(holds(&plane), Ok(1), "the gate had allowed it");
    until_held(&plane, 0);
    assert!(plane.ledger().kinds().contains(&"expiry".to_owned()), "and an entry says so");
}

#[test]
fn what_wakes_up_or_grows_is_charged_then() {
    let Some(plane) = budgeted() else { return };
    let template = deployment("x", 1)["spec"]["template"].clone();
    let job = json!({
        "apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "nightly"},
        "spec": {
            "schedule": "0 3 * * *", "suspend": true,
            "jobTemplate": {"spec": {
                "parallelism": 11, "completions": 11, "activeDeadlineSeconds": 3600,
                "template": {"metadata": template["metadata"], "spec": {
                    "restartPolicy": "Never", "containers": template["spec"]["containers"],
                }},
            }},
        },
    });
    let made = plane.send("race", &["create"], &job);
    assert!(made.success, "asleep it costs nothing: {made:?}");
    let wake = |suspend: bool| {
        let patch = json!({"spec": {"suspend": suspend}}).to_string();
        plane.kubectl("race", &["patch", "cronjob", "nightly", "--type=merge", "-p", &patch])
    };
    let refused = wake(false);
    assert!(
        format!("{refused:?}").contains("held 0 + added 0.3938 = 0.3938 EUR/h > 0.358 EUR/h"),
        "{refused:?}"
    );
    let fewer = json!({"spec": {"suspend": false, "jobTemplate": {"spec": {"parallelism": 10}}}}).to_string();
    let fits = plane.kubectl("race", &["patch", "cronjob", "nightly", "--type=merge", "-p", &fewer]);
    assert!(fits.success, "{fits:?}");
    assert!(!create(&plane.client, "beside", 1).created(), "ten at once fill it");
    assert!(wake(true).success, "and it may sleep again");
    until_held(&plane, 0);
    assert!(create(&plane.client, "beside", 1).created());
}
