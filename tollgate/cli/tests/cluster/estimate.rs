//! What pods ask for, beside kubectl's own sums of it: `kubectl describe node` adds up what the scheduler would.

use std::path::Path;

use serde_json::{Value, json};

use crate::ledger::tollgate;
use crate::plane::{Plane, alone};

/// One pod for each way in which requests add up.
fn pods() -> Vec<Value> {
    let container = |name: &str, cpu: &str, memory: &str| {
        json!({
            "name": name, "image": "registry.apexlogic.com/shop/web:1.0.0",
            "resources": {"requests": {"cpu": cpu, "memory": memory}},
        })
    };
    let pod = |name: &str, spec: Value| {
        let mut pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec});
        pod["spec"]["nodeName"] = "node-a".into();
        pod
    };
    let sidecar = |name: &str, cpu: &str, memory: &str| {
        let mut sidecar = container(name, cpu, memory);
        sidecar["restartPolicy"] = "Always".into();
        sidecar
    };
    let mut limited = container("web", "100m", "64Mi");
    limited["resources"] = json!({"limits": {"cpu": "250m", "memory": "96Mi"}});
    vec![
        pod("plain", json!({"containers": [container("a", "250m", "128Mi"), container("b", "1", "1G")]})),
        pod("limit-alone", json!({"containers": [limited]})),
        pod(
            "init-larger",
            json!({"containers": [container("a", "100m", "64Mi")], "initContainers": [container("i", "2", "32Mi")]}),
        ),
        pod(
            "sidecars",
            json!({
                "containers": [container("a", "300m", "100Mi")],
                "initContainers": [
                    container("first", "700m", "10Mi"),
                    sidecar("s", "150m", "80Mi"),
                    container("late", "200m", "150Mi"),
                ],
            }),
        ),
        pod("overhead", json!({"runtimeClassName": "kata", "containers": [container("a", "100m", "100Mi")]})),
        pod(
            "pod-level",
            json!({
                "resources": {"requests": {"cpu": "600m", "memory": "300Mi"}},
                "containers": [container("a", "100m", "100Mi"), container("b", "100m", "50Mi")],
            }),
        ),
    ]
}

/// The sum that `tollgate cost` comes to by a book in which one resource costs 1 and the other nothing.
fn summed(folder: &Path, objects: &Path, cpu: &str, memory: &str) -> String {
    let prices = folder.join("prices.csv");
    let text = format!(
        "resource,unit,price,currency,source\ncpu,core-hour,{cpu},USD,test\nmemory,GiB-hour,{memory},USD,test\n"
    );
    std::fs::write(&prices, text).expect("prices");
    let mut command = tollgate();
    let ran =
        command.args(["cost", "-o", "json", "--prices"]).arg(prices).arg(objects).output().expect("it runs");
    assert!(ran.status.success(), "{ran:?}");
    let told: Value = serde_json::from_slice(&ran.stdout).expect("JSON");
    told["total"]["peak_hour"].as_str().expect("an amount").to_owned()
}

/// `cpu` and `memory` of the allocated resources that kubectl describes, in thousandths of a core and in bytes.
fn described(plane: &Plane) -> (u64, u64) {
    let ran = plane.cluster.kubectl(&["describe", "node", "node-a"]);
    assert!(ran.success, "{ran:?}");
    let allocated = ran.stdout.split("Allocated resources:").nth(1).expect("allocated resources").to_owned();
    let first = |name: &str| {
        let line = allocated.lines().find(|line| line.trim_start().starts_with(name)).expect("a line");
        line.split_whitespace().nth(1).expect("a quantity").to_owned()
    };
    let milli = |text: &str| match text.strip_suffix('m') {
        Some(milli) => milli.parse().expect("a number"),
        None => text.parse::<u64>().expect("a number") * 1000,
    };
    let bytes = |text: &str| {
        let units = [
            ("Ki", 1 << 10),
            ("Mi", 1 << 20),
            ("Gi", 1 << 30),
            ("M", 1_000_000),
            ("G", 1_000_000_000),
            ("k", 1000),
        ];
        let unit = units.iter().find_map(|(unit, size)| Some((text.strip_suffix(unit)?, *size)));
        let (number, size) = unit.unwrap_or((text, 1));
        number.parse::<u64>().expect("a number") * size
    };
    (milli(&first("cpu ")), bytes(&first("memory ")))
}

#[test]
fn requests_add_up_as_kubectl_adds_them() {
    let Some(plane) = alone(|_, _| ()) else { return };
    plane.namespace("sums");
    let folder = tempfile::tempdir().expect("a folder");
    let node = json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node-a"}});
    assert!(plane.send("sums", &["create"], &node).success);
    let class = json!({
        "apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "metadata": {"name": "kata"}, "handler": "kata",
        "overhead": {"podFixed": {"cpu": "250m", "memory": "120Mi"}},
    });
    assert!(plane.send("sums", &["create"], &class).success);
    for pod in pods() {
        let made = plane.send("sums", &["create"], &pod);
        assert!(made.success, "{made:?}");
    }
    let listed = plane.kubectl("sums", &["get", "pods", "-o", "json"]);
    let objects = folder.path().join("pods.json");
    std::fs::write(&objects, &listed.stdout).expect("a file");

    let (milli, bytes) = described(&plane);
    // Cores have three digits at most; GiB of whole bytes have thirty, of which nine are shown.
    assert_eq!(
        summed(folder.path(), &objects, "1", "0"),
        format!("{}.{:03}000000", milli / 1000, milli % 1000)
    );
    let nano_gib = (u128::from(bytes) * 1_000_000_000 * 2 + (1 << 30)) / (2 << 30);
    let gib = format!("{}.{:09}", nano_gib / 1_000_000_000, nano_gib % 1_000_000_000);
    assert_eq!(summed(folder.path(), &objects, "0", "1"), gib, "{bytes} bytes");
}
