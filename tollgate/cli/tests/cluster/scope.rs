//! What the API server is told not to ask about.

use crate::object::map;
use crate::plane::shared;

#[test]
fn kube_system_is_not_asked_about() {
    let Some(plane) = shared() else { return };
    let answer = plane.client.create_map("kube-system", &map("exempt", "bad"));
    assert!(answer.created(), "{}", answer.text);
    assert!(plane.ledger().about("kube-system/").is_empty());
}
