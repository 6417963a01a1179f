//! What holds of every plan: an unknown field never makes it cheaper in silence, and nothing makes the reading panic.

mod support;

use std::sync::Arc;

use proptest::prelude::*;
use support::{cases, value};
use tollgate_manifest::canonical;
use tollgate_terraform::{Plan, PlanEstimate};
use tollgate_vocabulary::{Map, Number, Path, Step, Value};

fn estimated(plan: &Value) -> Option<PlanEstimate> {
    let plan = Plan::read(canonical::text(plan).as_bytes()).ok()?;
    Some(support::estimate(&plan))
}

/// Without what says which fields are not written: all that is unknown may be anything then.
fn without_resources(plan: &mut Value) {
    if let Some(configuration) = at_mut(plan, &Path::of_keys(&["configuration", "root_module"])) {
        *configuration = Value::Object(Map::default());
    }
}

fn at_mut<'v>(value: &'v mut Value, path: &Path) -> Option<&'v mut Value> {
    path.steps().iter().try_fold(value, |value, step| match (step, value) {
        (Step::Key(key), Value::Object(map)) => map.get_mut(key),
        (Step::Index(at), Value::Array(items)) => items.get_mut(*at),
        _ => None,
    })
}

fn leaves(value: &Value, path: &Path, found: &mut Vec<Path>) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            map.iter().for_each(|(key, below)| leaves(below, &path.join(Step::Key(key.clone())), found));
        }
        Value::Array(items) if !items.is_empty() => {
            items
                .iter()
                .enumerate()
                .for_each(|(at, below)| leaves(below, &path.join(Step::Index(at)), found));
        }
        _ => found.push(path.clone()),
    }
}

/// Marks a path in a tree of marks, making what is missing on the way.
fn mark(tree: &mut Value, steps: &[Step]) {
    let Some((first, rest)) = steps.split_first() else {
        *tree = Value::Bool(true);
        return;
    };
    match first {
        Step::Key(key) => {
            if !matches!(tree, Value::Object(_)) {
                *tree = Value::Object(Map::default());
            }
            let Value::Object(map) = tree else { return };
            if map.get(key).is_none() {
                map.insert(key.clone(), Value::Null);
            }
            mark(map.get_mut(key).unwrap(), rest);
        }
        Step::Index(at) => {
            if !matches!(tree, Value::Array(_)) {
                *tree = Value::Array(Vec::new());
            }
            let Value::Array(items) = tree else { return };
            while items.len() <= *at {
                items.push(Value::Bool(false));
            }
            mark(&mut items[*at], rest);
        }
    }
}

/// Every field of every `after` of a plan, and perhaps every block, as the change's index and the path below `after`.
fn fields(plan: &Value, with_blocks: bool) -> Vec<(usize, Path)> {
    let changes = plan.get("resource_changes").and_then(Value::as_array).unwrap();
    let mut all = Vec::new();
    for (index, change) in changes.iter().enumerate() {
        let Some(after) = change.get("change").and_then(|change| change.get("after")) else { continue };
        let mut found = Vec::new();
        leaves(after, &Path::root(), &mut found);
        for mut path in found {
            while !path.is_root() {
                if !all.contains(&(index, path.clone())) {
                    all.push((index, path.clone()));
                }
                path.pop();
                if !with_blocks {
                    break;
                }
            }
        }
    }
    all
}

/// The plan where one field is marked in one of the trees beside `after`.
fn with_mark(plan: &Value, index: usize, path: &Path, tree: &str) -> Value {
    let mut plan = plan.clone();
    let change: Path = format!("resource_changes[{index}].change").parse().unwrap();
    let Some(Value::Object(change)) = at_mut(&mut plan, &change) else { panic!("no change") };
    if tree == "after_unknown"
        && let Some(leaf) = at_mut(change.get_mut("after").unwrap(), path)
    {
        *leaf = Value::Null;
    }
    if change.get(tree).is_none() {
        change.insert(tree.into(), Value::Null);
    }
    mark(change.get_mut(tree).unwrap(), path.steps());
    plan
}

#[test]
fn a_field_that_becomes_unknown_or_sensitive_never_lowers_a_figure_in_silence() {
    let (mut tried, mut silent) = (0, Vec::new());
    for (name, bytes, _) in cases() {
        let written = value(&bytes);
        let mut bare = written.clone();
        without_resources(&mut bare);
        for (plan, tree) in [(bare, "after_unknown"), (written, "after_sensitive")] {
            let before = estimated(&plan).unwrap();
            for (index, path) in fields(&plan, tree == "after_unknown") {
                let after = estimated(&with_mark(&plan, index, &path, tree)).unwrap();
                let place = format!("{name}: change {index}, {path} in {tree}");
                assert_eq!(before.resources.len(), after.resources.len(), "{place}");
                // What is lost may be said where the loss shows: at a scaler whose group is not found any more.
                let both = || before.resources.iter().zip(&after.resources);
                let is_said = both().any(|(known, unknown)| {
                    unknown.unknown.iter().any(|path| !known.unknown.contains(path))
                        || unknown.unpriced.iter().any(|key| !known.unpriced.contains(key))
                });
                for (known, unknown) in both() {
                    let lower = unknown.after.expected_month.units() < known.after.expected_month.units()
                        || unknown.after.worst_month.units() < known.after.worst_month.units()
                        || unknown.unbounded.len() < known.unbounded.len()
                        || unknown.unpriced.len() < known.unpriced.len();
                    if lower && !is_said {
                        silent.push(format!("{place}: {} is cheaper in silence", known.address));
                    }
                }
                tried += 1;
            }
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
    assert!(tried > 1500, "{tried}");
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        prop::sample::select(vec![
            "0",
            "-1",
            "1e400",
            "0.000000000000000001",
            "99999999999999999999",
            "1e12",
            "3.7"
        ])
        .prop_map(|text| Value::Number(Number::parse(text).unwrap())),
        prop::sample::select(vec![
            "",
            "gp3",
            "m7i.large",
            "-",
            "europe-west1-b",
            "table/x/index/y",
            "aws_lb.x[0",
            "é"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec(
                (prop::sample::select(vec!["ebs", "size", "count", "type", "0"]), inner),
                0..4
            )
            .prop_map(|entries| Value::Object(
                entries.into_iter().map(|(key, value)| (Arc::from(key), value)).collect()
            )),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_stands_in_a_field_nothing_panics(pick in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), put in any_value()) {
        let all = cases();
        let mut plan = value(&all[pick.index(all.len())].1);
        let mut found = Vec::new();
        leaves(&plan, &Path::root(), &mut found);
        let mut path = found[at.index(found.len())].clone();
        // A leaf, or something around it.
        if at.index(3) == 0 { path.pop(); }
        if let Some(place) = at_mut(&mut plan, &path) { *place = put; }
        if let Some(estimate) = estimated(&plan) {
            for resource in &estimate.resources {
                prop_assert!(resource.after.worst_month.units() >= resource.after.expected_month.units());
                prop_assert!(resource.after.expected_month.units() >= 0);
                let _ = resource.explanation.iter().map(ToString::to_string).collect::<Vec<_>>();
            }
        }
    }

    #[test]
    fn a_plan_that_is_cut_off_or_damaged_is_an_error_or_a_plan(pick in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let all = cases();
        let mut bytes = all[pick.index(all.len())].1.clone();
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at); } else { bytes[at] = byte; }
        match Plan::read(&bytes) {
            Ok(plan) => { let _ = support::estimate(&plan); }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }

    #[test]
    fn any_bytes_are_an_error_or_a_plan(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Plan::read(&bytes);
    }
}
