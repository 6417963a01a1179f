//! Explanations as text: what people see.

use tollgate_estimate::{Estimator, Field, GpuFractions, NodePools, Source, World};
use tollgate_vocabulary::Value;

use crate::data;

/// The explanation of the first object of a case, with its fields located as lines of `deploy.yaml`.
fn explained(case: &str) -> String {
    let [case] = &data::values(case, &data::bytes(&data::corpus().join(format!("{case}.yaml"))))[..] else {
        panic!("one document")
    };
    let prices = case.get("prices").and_then(Value::as_str).unwrap_or("plain.csv");
    let book = data::book(prices, &data::bytes(&data::corpus().join("prices").join(prices)));
    let read = |nodes| NodePools::read(nodes).unwrap();
    let pools = case.get("nodes").map(read).unwrap_or_default();
    let objects = case.get("objects").and_then(Value::as_array).unwrap();
    let (world, fractions) = (World::of(objects.iter()), GpuFractions::default());
    let estimator = Estimator::new(&book, &pools, &fractions, "2026-11-01T00:00:00Z".parse().unwrap());
    let estimate = estimator.explain(&objects[0], &world.around(&objects[0])).unwrap().unwrap();
    let locate = |field: &Field| match &field.source {
        Source::Object => Some(format!("deploy.yaml:{}", field.path.steps().len())),
        Source::Beside(_) | Source::Pools => None,
    };
    estimate.tree.to_text(locate)
}

#[test]
fn a_deployment_is_explained_number_by_number() {
    let expected = "\
Deployment shop/w: 27.74 USD a month expected, 268.64 worst, 0.37 an hour at its peak
  1 replica                                          spec.replicas (deploy.yaml:2)
    cpu              1 core x 0.03 USD = 0.03 an hour    spec.template.spec.containers[0].resources.requests.cpu (deploy.yaml:8)  price plain.csv:3
    cpu at worst     8 core x 0.03 USD = 0.24 an hour    spec.resourcePolicy of VerticalPodAutoscaler shop/v  price plain.csv:3
    memory           2 GiB x 0.004 USD = 0.008 an hour   spec.template.spec.containers[0].resources.requests.memory (deploy.yaml:8)  price plain.csv:4
    memory at worst  32 GiB x 0.004 USD = 0.128 an hour  spec.resourcePolicy of VerticalPodAutoscaler shop/v  price plain.csv:4
  no surge                                           spec.strategy.type (deploy.yaml:3)
  expected   1 x 0.038 USD x 730 h = 27.74 a month
  worst      1 x 0.368 USD x 730 h = 268.64 a month
  peak       1 x 0.368 USD = 0.368 an hour
";
    assert_eq!(explained("vpa-node-as-bound"), expected);
}

#[test]
fn a_surge_names_the_field_that_is_not_set() {
    let text = explained("gpu-surge");
    let line = "  surge 1 at the peak  25 % of 4, rounded up: maxSurge is not set  \
                spec.strategy.rollingUpdate.maxSurge (deploy.yaml:4)\n";
    assert!(text.contains(line), "{text}");
}

#[test]
fn the_pool_that_is_paid_is_named() {
    let text = explained("dearest-pool");
    assert!(text.contains("pool big  the dearest of 2 that it may run in"), "{text}");
    assert!(text.contains("pools[1] of the node pools"), "{text}");
}

#[test]
fn a_name_cannot_make_a_line_of_its_own() {
    let mut object = data::values(
        "job",
        b"apiVersion: batch/v1\nkind: Job\nmetadata: {name: x}\nspec: {parallelism: 0}\n",
    )
    .remove(0);
    let text = "x: 0.00 USD\n\u{1b}[2Jnothing to see";
    if let Value::Object(map) = &mut object {
        map.insert("metadata".into(), tollgate_vocabulary::Map::from_iter([("name", text)]).into());
        let pod = data::values("pod", b"parallelism: 0\ntemplate: {spec: {containers: []}}\n").remove(0);
        map.insert("spec".into(), pod);
    }
    let book = data::book("plain.csv", &data::bytes(&data::corpus().join("prices/plain.csv")));
    let (pools, fractions) = (NodePools::default(), GpuFractions::default());
    let estimator = Estimator::new(&book, &pools, &fractions, "2026-11-01T00:00:00Z".parse().unwrap());
    let estimate = estimator.explain(&object, &tollgate_estimate::Around::default()).unwrap().unwrap();
    let text = estimate.tree.to_text(|_| None);
    assert!(text.starts_with("Job x: 0.00 USD\\n\\u{1b}[2Jnothing to see: 0.00 USD a month"), "{text}");
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn what_is_unknown_says_why() {
    let expected = "PyTorchJob shop/t: unknown: it seems to run pods \
                    (`spec.pytorchReplicaSpecs.Worker.template.spec.containers`), and only its controller knows how many\n";
    assert_eq!(explained("custom-unknown"), expected);
}

#[test]
fn what_an_owner_pays_for_names_the_owner() {
    let text = explained("owned-child");
    assert!(
        text.ends_with("\n  Deployment w  what it costs is in the estimate of its controller\n"),
        "{text}"
    );
}
