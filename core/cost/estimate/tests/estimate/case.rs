//! The cost cases: objects, prices and nodes, with figures that a separate implementation computed.

use std::path::Path;

use tollgate_estimate::{Beside, Estimate, Estimator, Explanation, GpuFractions, NodePools, World};
use tollgate_vocabulary::{Money, Rounding, Value};

use crate::data;

#[test]
fn every_shared_case_comes_to_its_figures() {
    let Some(root) = data::shared() else { return };
    let folder = root.join("cost-cases");
    let cases: Vec<_> = data::entries(&folder).into_iter().filter(|path| path.is_dir()).collect();
    assert!(cases.len() >= 38, "only {} cases", cases.len());
    let wrong: Vec<String> = cases.iter().flat_map(|case| differences(case)).collect();
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

/// What of a case comes out otherwise.
fn differences(folder: &Path) -> Vec<String> {
    let read = |name: &str| data::bytes(&folder.join(name));
    let objects = data::objects("objects.yaml", &read("objects.yaml"));
    let book = data::book("prices.csv", &read("prices.csv"));
    let [nodes] = &data::values("nodes.yaml", &read("nodes.yaml"))[..] else { panic!("one document") };
    let [expected] = &data::values("expected.json", &read("expected.json"))[..] else {
        panic!("one document")
    };
    let pools = NodePools::read(nodes).unwrap();
    let (fractions, world) = (GpuFractions::default(), World::of(objects.iter()));
    let estimator = Estimator::new(&book, &pools, &fractions, "2026-11-01T00:00:00Z".parse().unwrap());
    let mut listed: Vec<(Beside, Estimate)> = Vec::new();
    for object in &objects {
        let around = world.around(object);
        let quick = estimator.estimate(object, &around).unwrap();
        if let Some(estimate) = estimator.explain(object, &around).unwrap() {
            let mut without_tree = estimate.clone();
            without_tree.tree = Explanation::default();
            assert_eq!(quick, Some(without_tree), "a tree changes nothing");
            listed.push((Beside::of(object), estimate));
        }
    }
    let wanted = expected.get("objects").and_then(Value::as_array).unwrap();
    let mut wrong = Vec::new();
    if wanted.len() != listed.len() {
        wrong.push(format!("{}: {} objects instead of {}", folder.display(), listed.len(), wanted.len()));
    }
    for ((identity, estimate), wanted) in listed.iter().zip(wanted) {
        let nine = |money: Money| money.to_text(9, Rounding::HalfUp);
        let mut same = |what: &str, ours: String, theirs: String| {
            if ours != theirs {
                wrong.push(format!("{} {identity}: {what} {ours} instead of {theirs}", folder.display()));
            }
        };
        // To kubectl, `name: n` is no text: that is for reading to refuse, and changes no figure.
        if !identity.name.is_empty() {
            same("name", identity.name.to_string(), data::text(wanted, "name").to_owned());
        }
        same("kind", identity.kind.to_string(), data::text(wanted, "kind").to_owned());
        for (what, ours) in [
            ("expected_month", estimate.expected_month()),
            ("worst_month", estimate.worst_month()),
            ("peak_hour", estimate.peak_hour()),
        ] {
            same(what, nine(ours), data::text(wanted, what).to_owned());
        }
        for (what, charge) in
            [("expected_month", estimate.charge.expected), ("worst_month", estimate.charge.worst)]
        {
            same("charge", nine(charge.month().unwrap()), data::text(wanted, what).to_owned());
        }
        let unbounded: Vec<String> = estimate.unbounded.iter().map(ToString::to_string).collect();
        same("unbounded", unbounded.join(", "), data::texts(wanted, "unbounded").join(", "));
        same("unpriced", estimate.unpriced.join(", "), data::texts(wanted, "unpriced").join(", "));
        let tree = estimate.tree.to_text(|_| None);
        if !tree.starts_with(&identity.to_string()) || tree.lines().count() < 2 {
            wrong.push(format!("{} {identity}: it explains nothing: {tree}", folder.display()));
        }
    }
    wrong
}
