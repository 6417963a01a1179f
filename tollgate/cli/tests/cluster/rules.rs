//! Rules that change while the gate runs, and objects that are older than the rule.

use serde_json::json;

use crate::object::map;
use crate::plane::{Plane, alone};
use crate::wait::until;

const LATE: &str = "package late\n\n\
    # METADATA\n# title: Nothing is old\n# custom:\n#   id: nothing-old\n\
    deny contains \"key `old` is not allowed any more\" if {\n\tinput.kind == \"ConfigMap\"\n\tinput.data.old\n}\n";

fn wait_until_denied(plane: &Plane, key: &str, rule: &str) {
    until(&format!("`{rule}` is in force"), || {
        let ran = plane.send("default", &["create", "--dry-run=server"], &map("probe", key));
        if ran.stderr.contains(rule) { Ok(()) } else { Err(format!("{ran:?}")) }
    });
}

#[test]
fn an_object_that_is_older_than_the_rule_can_be_deleted_with_its_finalizers() {
    let Some(mut plane) = alone(|_, _| ()) else { return };
    let mut old = map("old", "old");
    old["metadata"]["finalizers"] = json!(["e2e.apexlogic.com/hold"]);
    plane.send("default", &["create"], &old).expect_success();

    plane.gate.estate().write("policy/late.rego", LATE);
    wait_until_denied(&plane, "old", "deny[nothing-old]");
    let denied = plane.kubectl("default", &["label", "configmap", "old", "a=b"]);
    assert!(denied.expect_failure().contains("deny[nothing-old]"), "{}", denied.stderr);

    plane.kubectl("default", &["delete", "configmap", "old", "--wait=false"]).expect_success();
    assert!(plane.client.maps("default").contains(&"old".to_owned()), "the finalizer holds it");
    let finalizers = r#"{"metadata": {"finalizers": null}}"#;
    plane
        .kubectl("default", &["patch", "configmap", "old", "--type=merge", "-p", finalizers])
        .expect_success();
    assert!(!plane.client.maps("default").contains(&"old".to_owned()), "it is gone");

    // An edit that does not compile keeps what is in force, and says so.
    plane.gate.estate().write("policy/late.rego", "package late\n\ndeny contains \"x\" if {\n");
    let told = plane.gate.process().hear("error: THE RULES ON DISK ARE NOT IN FORCE");
    assert!(told.contains("stays"), "{told}");
    wait_until_denied(&plane, "old", "deny[nothing-old]");
    let denied = plane.send("default", &["create"], &map("old", "old"));
    assert!(denied.expect_failure().contains("deny[nothing-old]"), "{}", denied.stderr);
    assert!(plane.gate.terminate().success());
    plane.ledger().verify();
}
