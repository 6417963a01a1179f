//! How a gate leaves its cluster: by itself when it is stopped, with help when it was killed.

use std::process::Output;

use crate::ledger::tollgate;
use crate::object::map;
use crate::plane::{Plane, alone};
use crate::wait::until_true;

fn registered(plane: &Plane) -> bool {
    plane.cluster.kubectl(&["get", "validatingwebhookconfiguration", "tollgate"]).success
}

fn until_nobody_asks(plane: &Plane) {
    until_true("the API server asks nobody", || {
        let path = "/api/v1/namespaces/default/configmaps?dryRun=All";
        plane.client.send("POST", path, &map("free", "bad").to_string()).is_ok_and(|answer| answer.created())
    });
}

fn doctor(plane: &Plane, more: &[&str]) -> Output {
    let mut command = tollgate();
    command.arg("doctor").arg("--kubeconfig").arg(plane.cluster.kubeconfig());
    command.arg("--data").arg(plane.gate.data()).args(more);
    command.output().expect("tollgate runs")
}

#[test]
fn a_graceful_stop_removes_the_webhook_and_a_kill_leaves_it_to_the_doctor() {
    let Some(mut plane) = alone(|_, _| ()) else { return };
    let doctored = doctor(&plane, &[]);
    assert_eq!(doctored.status.code(), Some(0), "{doctored:?}");
    assert!(plane.gate.terminate().success());
    assert!(!registered(&plane));
    until_nobody_asks(&plane);

    plane.gate.restart();
    plane.gate.wait_until_asked();
    plane.gate.kill();
    assert!(registered(&plane));
    let answer = plane.client.create_map("default", &map("refused", "good"));
    assert!(!answer.created() && answer.text.contains("gate.tollgate.dev"), "{}", answer.text);
    let doctored = doctor(&plane, &[]);
    let told = String::from_utf8_lossy(&doctored.stdout).into_owned();
    assert_eq!(doctored.status.code(), Some(1), "{doctored:?}");
    assert!(told.contains("nobody answers") && told.contains("the cluster refuses every change"), "{told}");
    assert!(told.contains("kubectl delete validatingwebhookconfiguration tollgate"), "{told}");
    assert!(registered(&plane), "it only said so");

    let mended = doctor(&plane, &["--fix"]);
    assert_eq!(mended.status.code(), Some(0), "{mended:?}");
    assert!(!registered(&plane));
    until_nobody_asks(&plane);
}

#[test]
fn a_stop_as_soon_as_it_has_announced_itself_removes_the_webhook_too() {
    let Some(mut plane) = alone(|_, _| ()) else { return };
    for round in 0..5 {
        // It has just said where it is asked, or, the first time, it has been asked.
        let ended = plane.gate.terminate();
        assert!(ended.success(), "round {round}: {ended}");
        assert!(!registered(&plane), "round {round}");
        plane.gate.restart();
    }
}

#[test]
fn a_start_that_fails_leaves_no_webhook_behind() {
    let Some(mut plane) = alone(|_, _| ()) else { return };
    assert!(plane.gate.terminate().success());
    // What it has to say cannot be written.
    let script = ["sh", "-c", "exec \"$@\" >/dev/full", "sh"];
    let ended = plane.gate.fail_to_start(script.map(str::to_owned).to_vec());
    assert_eq!(ended.code(), Some(2));
    assert!(!registered(&plane), "nobody answers, and the cluster refuses every change");
}
