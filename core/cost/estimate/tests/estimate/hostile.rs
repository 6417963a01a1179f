//! Whatever stands in an object, nothing panics, and what comes out keeps its promises.

use std::cmp::Ordering;
use std::sync::Arc;

use proptest::prelude::*;
use tollgate_estimate::{
    Around, Estimator, Explanation, GpuFractions, NodePools, World, autoscaled, may_cost,
};
use tollgate_vocabulary::{Map, Number, Value};

use crate::data;

/// Words that an estimate looks for, so that random objects hit something.
const KEYS: &[&str] = &[
    "spec",
    "template",
    "jobTemplate",
    "jobTargetRef",
    "containers",
    "initContainers",
    "resources",
    "requests",
    "limits",
    "cpu",
    "memory",
    "nvidia.com/gpu",
    "replicas",
    "name",
    "metadata",
    "annotations",
    "schedule",
    "tollgate.dev/cost-cap",
    "strategy",
    "rollingUpdate",
    "maxSurge",
    "overhead",
    "activeDeadlineSeconds",
    "parallelism",
    "volumeClaimTemplates",
    "storage",
    "type",
    "nodeSelector",
    "tolerations",
    "affinity",
    "maxReplicas",
    "minReplicas",
    "scaleTargetRef",
    "targetRef",
    "ownerReferences",
    "items",
    "a.b/c",
    "",
];
const WORDS: &[&str] = &[
    "1",
    "500m",
    "1Gi",
    "9E",
    "9223372036854775807",
    "-1",
    "abc",
    "25%",
    "4294967296%",
    "* * * * *",
    "@every 1ns",
    "0 0 30 2 *",
    "Always",
    "LoadBalancer",
    "Recreate",
    "w",
    "default",
    "",
    "\u{0}",
    "\u{fffd}é",
    "NaN",
    "340282366920938463463374607431768211456",
    "0.00000000000000000000000000000000000000000001",
];
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "-1",
    "3",
    "2147483647",
    "2147483648",
    "9223372036854775807",
    "18446744073709551616",
    "1e400",
    "0.5",
    "-0",
];

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        proptest::sample::select(NUMBERS).prop_map(|text| Value::Number(Number::parse(text).unwrap())),
        proptest::sample::select(WORDS).prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ]
}

fn any_value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(8, 96, 6, |below| {
        prop_oneof![
            proptest::collection::vec(below.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((proptest::sample::select(KEYS), below), 0..6)
                .prop_map(|entries| Value::from(entries.into_iter().collect::<Map>())),
        ]
    })
}

/// Every object of the corpus, and pools beside them.
fn corpus() -> Vec<Value> {
    let files = data::entries(&data::corpus());
    let cases = files.iter().filter(|file| file.extension().is_some_and(|end| end == "yaml"));
    let objects = cases.flat_map(|file| {
        let case = data::values("corpus", &data::bytes(file)).remove(0);
        case.get("objects").and_then(Value::as_array).unwrap().to_vec()
    });
    objects.collect()
}

/// Puts something else at one of the places of a value.
fn replace(value: &mut Value, at: &mut usize, with: &Value) -> bool {
    if *at == 0 {
        *value = with.clone();
        return true;
    }
    *at -= 1;
    match value {
        Value::Array(items) => items.iter_mut().any(|item| replace(item, at, with)),
        Value::Object(map) => map.iter_mut().any(|(_, item)| replace(item, at, with)),
        _ => false,
    }
}

struct Bench {
    estimate: Vec<NodePools>,
    book: tollgate_price::PriceBook,
}

impl Bench {
    fn new() -> Self {
        let pools = b"pools:\n- {name: a, nodes: 2147483647, allocatable: {cpu: 8, memory: 16Gi}}\n- {name: s, nodes: 1, purchase: spot, instanceType: x}\n";
        let pools = NodePools::read(&data::values("pools", pools)[0]).unwrap();
        let book = b"resource,unit,price,currency\ncpu,core-hour,100000000000000000,USD\nmemory,GiB-hour,0.000000000000000001,USD\nnvidia.com/gpu,month,1,USD\nstorage,GiB-month,1,USD\n";
        Self { estimate: vec![NodePools::default(), pools], book: data::book("book", book) }
    }

    fn try_all(&self, objects: &[Value]) -> Result<(), TestCaseError> {
        let world = World::of(objects.iter());
        let fractions = GpuFractions::default();
        for pools in &self.estimate {
            let at = "2026-11-01T00:00:00Z".parse().unwrap();
            let estimator = Estimator::new(&self.book, pools, &fractions, at);
            for object in objects {
                let _ = (autoscaled(object), NodePools::read(object), GpuFractions::read(object));
                let around = world.around(object);
                let fact = around.to_fact().unwrap_or_default();
                let of_fact = Around::of_fact(&fact, object).with_autoscaler(Some(object), object);
                let _ = estimator.estimate(object, &of_fact);
                let quick = estimator.estimate(object, &around);
                let explained = estimator.explain(object, &around);
                if let Ok(Some(estimate)) = &quick {
                    prop_assert!(may_cost(object));
                    let least =
                        |more, less: tollgate_vocabulary::Money| less.compare(more) != Ok(Ordering::Greater);
                    prop_assert!(least(estimate.worst_month(), estimate.expected_month()));
                    let charge = estimate.charge;
                    prop_assert!(least(charge.worst.per_hour, charge.expected.per_hour));
                    prop_assert!(least(charge.worst.once, charge.expected.once));
                    prop_assert!(!estimate.expected_month().is_negative());
                }
                let text = explained
                    .as_ref()
                    .ok()
                    .and_then(Option::as_ref)
                    .map(|estimate| estimate.tree.to_text(|_| None));
                prop_assert!(text.is_none_or(|text| !text.is_empty()));
                let without_tree = explained.map(|explained| {
                    explained.map(|mut estimate| {
                        estimate.tree = Explanation::default();
                        estimate
                    })
                });
                prop_assert_eq!(quick, without_tree);
            }
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn no_value_makes_it_panic(values in proptest::collection::vec(any_value(), 1..4)) {
        let kinds = [("v1", "Pod"), ("apps/v1", "Deployment"), ("apps/v1", "StatefulSet"), ("apps/v1", "DaemonSet"),
            ("batch/v1", "Job"), ("batch/v1", "CronJob"), ("keda.sh/v1alpha1", "ScaledJob"), ("v1", "Service"),
            ("v1", "PersistentVolumeClaim"), ("example.com/v1", "Other"), ("autoscaling/v2", "HorizontalPodAutoscaler"),
            ("v1", "LimitRange"), ("autoscaling.k8s.io/v1", "VerticalPodAutoscaler")];
        let bench = Bench::new();
        for value in &values {
            bench.try_all(std::slice::from_ref(value))?;
            let objects: Vec<Value> = kinds.iter().map(|(version, kind)| {
                let mut map = Map::from_iter([("apiVersion", *version), ("kind", *kind)]);
                map.insert("spec".into(), value.clone());
                map.insert("metadata".into(), value.clone());
                Value::from(map)
            }).collect();
            bench.try_all(&objects)?;
        }
    }

    #[test]
    fn no_damage_to_an_object_makes_it_panic(at in 0_usize..40, seed: usize, with in any_value()) {
        let bench = Bench::new();
        let corpus = CORPUS.get_or_init(corpus);
        let from = seed % corpus.len();
        // Neighbours in the corpus belong together.
        let mut objects: Vec<Value> = corpus.iter().skip(from).take(3).cloned().collect();
        let _ = replace(&mut objects[0], &mut { at }, &with);
        bench.try_all(&objects)?;
    }
}

static CORPUS: std::sync::OnceLock<Vec<Value>> = std::sync::OnceLock::new();

#[test]
fn an_object_of_many_levels_is_estimated() {
    let mut value = Value::from("x");
    for _ in 0..90 {
        value = Value::from(Map::from_iter([("spec", Value::from(vec![value]))]));
    }
    let mut map = Map::from_iter([("apiVersion", "example.com/v1"), ("kind", "Deep")]);
    map.insert(Arc::from("spec"), value);
    Bench::new().try_all(&[Value::from(map)]).unwrap();
}
