//! What the gate makes of what a watch and consistent reads tell it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tollgate_gate::RuleFile;
use tollgate_manifest::Limits;
use tollgate_vocabulary::{Authentication, ObjectName, Timestamp};

use super::estate::{Asked, ESTATES, Spec, answer, existing, key, object};
use crate::estate::Estate;
use crate::gate::{Gate, Settings, now};
use crate::reconcile::{Existing, hold_key};

const RUN: Spec = Spec { replicas: 1, cpu: 100, gpu: false, centre: false };

fn gate(dir: &tempfile::TempDir) -> Gate {
    let files: Vec<RuleFile> = Vec::new();
    let estate = Estate { root: None, bundle: Arc::clone(&ESTATES[0].bundle), files };
    Gate::open(&Settings { data: dir.path().to_owned() }, estate, Box::new(answer)).unwrap()
}

fn admit(gate: &Gate, uid: &str, asked: &Asked<'_>) -> bool {
    let deadline = Instant::now() + Duration::from_secs(60);
    let body = asked.review(uid);
    gate.admit(body.as_bytes(), &Authentication::Unauthenticated, &Limits::default(), deadline)
        .unwrap()
        .answer
        .allows()
}

fn holds(gate: &Gate) -> Vec<u64> {
    gate.standing().unwrap().iter().map(|standing| standing.holds).collect()
}

/// When every claim of now has expired.
fn later() -> Timestamp {
    now() + Duration::from_secs(100)
}

#[test]
fn a_run_that_a_read_finds_ended_is_not_held_again() {
    let dir = tempfile::tempdir().unwrap();
    let gate = gate(&dir);
    let job = |version, finished| object("job", "u", Some(version), &RUN, finished);
    let new = object("job", "u", None, &RUN, false);
    let create =
        Asked { operation: "CREATE", name: "job", object: Some(&new), old: None, user: "ann", dry: false };
    assert!(admit(&gate, "1", &create));
    assert_eq!(holds(&gate), [1, 0, 0], "all, centre, shop");
    let finished = existing("job", &job(2, true));
    assert_eq!(gate.verified(key("job"), Some(&finished), later()).unwrap().moved, 1);
    assert_eq!(holds(&gate), [0, 0, 0]);
    gate.gone(key("job"), "u").unwrap();
    assert!(gate.recorder.read_state(|state| state.account.hold(&key("job")).is_none()));
    gate.stop();
}

#[test]
fn what_stops_costing_gives_back_what_it_held() {
    let dir = tempfile::tempdir().unwrap();
    let gate = gate(&dir);
    let service = |version: u64, kind: &str| {
        let text = format!(
            r#"{{"apiVersion":"v1","kind":"Service","metadata":{{"name":"web","namespace":"shop","uid":"u",
            "resourceVersion":"{version}","annotations":{{"tollgate.dev/cost-cap":"20"}}}},"spec":{{"type":"{kind}"}}}}"#
        );
        let name = ObjectName {
            group: "".into(),
            kind: "Service".into(),
            namespace: Some("shop".into()),
            name: "web".into(),
        };
        Existing { plural: "services".into(), value: Arc::new(super::estate::value(&text)), name }
    };
    let key = |service: &Existing| hold_key("", "services", &service.name);
    let balancer = service(1, "LoadBalancer");
    assert_eq!(gate.seen(std::slice::from_ref(&balancer)).unwrap().moved, 1);
    assert_eq!(holds(&gate), [1, 0, 1]);
    assert_eq!(gate.seen(&[service(2, "ClusterIP")]).unwrap().moved, 1);
    assert_eq!(holds(&gate), [0, 0, 0]);
    let hidden = Existing {
        name: ObjectName { name: "other".into(), ..balancer.name.clone() },
        ..service(3, "ClusterIP")
    };
    assert_eq!(gate.seen(std::slice::from_ref(&hidden)).unwrap().moved, 0, "what never cost moves nothing");
    assert!(gate.recorder.read_state(|state| state.account.hold(&key(&hidden)).is_none()));
    gate.stop();
}
