//! The plans of `corpus/cost/terraform`, each with what it must come to.

mod support;

use std::collections::BTreeSet;

use support::cases;
use tollgate_terraform::{
    Coverage, Figures, Outcome, Plan, PlanEstimate, ResourceEstimate, Side, priced_types,
};
use tollgate_vocabulary::{Currency, Money, Rounding, Value};

#[test]
fn each_plan_comes_to_what_is_written_beside_it() {
    let mut wrong = Vec::new();
    for (name, bytes, expected) in cases() {
        let estimate = support::estimate(&plan(&bytes));
        compare(&name, &estimate, &expected, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_type_has_a_plan_in_which_it_is_counted() {
    let mut counted = BTreeSet::new();
    for (_, bytes, _) in cases() {
        for resource in support::estimate(&plan(&bytes)).resources {
            let lines = || resource.explanation.iter().map(|line| &line.outcome);
            let is_counted =
                lines().any(|outcome| matches!(outcome, Outcome::Priced { .. } | Outcome::Unbounded));
            if is_counted || lines().next().is_none() {
                counted.insert(resource.resource_type.to_string());
            }
        }
    }
    let missing: Vec<_> = priced_types().filter(|name| !counted.contains(*name)).collect();
    assert!(missing.is_empty(), "no plan counts {missing:?}");
    assert!(priced_types().count() >= 100);
}

#[test]
fn every_type_stands_in_the_reference() {
    let reference = include_str!("../../../../docs/reference/terraform.md");
    let missing: Vec<_> = priced_types().filter(|name| !reference.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "the reference lacks {missing:?}");
    let keys: BTreeSet<String> = cases()
        .into_iter()
        .flat_map(|(_, bytes, _)| support::estimate(&plan(&bytes)).resources)
        .flat_map(|resource| resource.explanation)
        .filter_map(|line| Some(line.key?.resource.to_string()))
        .collect();
    let missing: Vec<_> = keys.iter().filter(|key| !reference.contains(&format!("`{key}`"))).collect();
    assert!(missing.is_empty(), "the reference lacks {missing:?}");
    let example = reference.split("```csv\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert_eq!(tollgate_price::read_csv(&"example".into(), example.as_bytes()).unwrap().len(), 5);
}

#[test]
fn figures_are_the_sums_of_their_lines() {
    for (name, bytes, _) in cases() {
        for resource in support::estimate(&plan(&bytes)).resources {
            let of_lines = |side| {
                let lines = resource.explanation.iter().filter(|line| line.side == side);
                let priced = lines.filter_map(|line| match &line.outcome {
                    Outcome::Priced { figures, .. } => Some(*figures),
                    _ => None,
                });
                priced.fold(Figures::zero(Currency::USD), |sum, figures| sum.plus(figures).unwrap())
            };
            assert_eq!(resource.before, of_lines(Side::Before), "{name}: {}", resource.address);
            let after = of_lines(Side::After);
            assert_eq!(resource.after.expected_month, after.expected_month, "{name}: {}", resource.address);
            assert_eq!(resource.after.worst_month, after.worst_month, "{name}: {}", resource.address);
            assert!(resource.after.worst_month.units() >= resource.after.expected_month.units());
        }
    }
}

#[test]
fn equal_plans_come_to_equal_estimates() {
    for (_, bytes, _) in cases() {
        let once = || format!("{:?}", support::estimate(&plan(&bytes)));
        assert_eq!(once(), once());
    }
}

fn compare(name: &str, estimate: &PlanEstimate, expected: &Value, wrong: &mut Vec<String>) {
    let resources = expected.get("resources").and_then(Value::as_array).unwrap();
    let addresses: Vec<_> = estimate.resources.iter().map(|resource| resource.address.to_string()).collect();
    let wanted: Vec<_> = resources.iter().map(|resource| text(resource, "address")).collect();
    if addresses != wanted {
        wrong.push(format!("{name}: resources are {addresses:?}, not {wanted:?}"));
        return;
    }
    let mut check = |place: &str, found: String, expected: String| {
        if found != expected {
            wrong.push(format!("{name}: {place}: found {found}, not {expected}"));
        }
    };
    for (found, wanted) in estimate.resources.iter().zip(resources) {
        let place = format!("{} ({})", found.address, found.action.words());
        check(&place, shown(found), of_case(wanted));
    }
    for (key, figures) in [("before", estimate.before), ("after", estimate.after), ("delta", estimate.delta)]
    {
        check(key, amounts(figures), of_figures(expected, key));
    }
    check("free", estimate.free.to_string(), number(expected, "free"));
    check("complete", estimate.complete.to_string(), (expected.get("complete").is_none()).to_string());
    let deferred: Vec<_> = estimate.deferred.iter().map(ToString::to_string).collect();
    check("deferred", format!("{deferred:?}"), format!("{:?}", texts(expected, "deferred")));
}

fn shown(found: &ResourceEstimate) -> String {
    let unknown: Vec<_> = found.unknown.iter().map(ToString::to_string).collect();
    let unbounded: Vec<_> = found.unbounded.iter().map(ToString::to_string).collect();
    format!(
        "{} {} {} | {} | {} | {} | unknown {unknown:?} unpriced {:?} unbounded {unbounded:?}",
        found.resource_type,
        found.action.words(),
        found.coverage == Coverage::Supported,
        amounts(found.before),
        amounts(found.after),
        amounts(found.delta),
        found.unpriced,
    )
}

fn of_case(wanted: &Value) -> String {
    assert!(wanted.get("why").and_then(Value::as_array).is_some(), "a case says why");
    format!(
        "{} {} {} | {} | {} | {} | unknown {:?} unpriced {:?} unbounded {:?}",
        text(wanted, "type"),
        text(wanted, "action"),
        wanted.get("supported").is_none(),
        of_figures(wanted, "before"),
        of_figures(wanted, "after"),
        of_figures(wanted, "delta"),
        texts(wanted, "unknown"),
        texts(wanted, "unpriced"),
        texts(wanted, "unbounded"),
    )
}

fn amounts(figures: Figures) -> String {
    let amount = |money: Money| money.to_text(9, Rounding::HalfUp);
    [figures.expected_month, figures.worst_month, figures.peak_hour].map(amount).join(" ")
}

fn of_figures(value: &Value, key: &str) -> String {
    let figures = value.get(key).unwrap();
    ["expected_month", "worst_month", "peak_hour"].map(|key| text(figures, key)).join(" ")
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap().to_owned()
}

fn texts(value: &Value, key: &str) -> Vec<String> {
    let items = value.get(key).and_then(Value::as_array).unwrap_or_default();
    items.iter().map(|item| item.as_str().unwrap().to_owned()).collect()
}

fn number(expected: &Value, key: &str) -> String {
    match expected.get(key) {
        Some(Value::Number(number)) => number.as_str().to_owned(),
        other => panic!("{key} is {other:?}"),
    }
}

#[test]
fn no_sensitive_value_is_shown_anywhere() {
    let (_, bytes, _) = cases().into_iter().find(|(name, ..)| name == "sensitive").unwrap();
    let read = plan(&bytes);
    let estimate = support::estimate(&read);
    let lines: Vec<_> = estimate
        .resources
        .iter()
        .flat_map(|resource| &resource.explanation)
        .map(ToString::to_string)
        .collect();
    let all = format!("{read:?} {estimate:?} {}", lines.join("\n"));
    assert!(String::from_utf8_lossy(&bytes).contains("hunter2"));
    for secret in ["hunter2", "987654"] {
        assert!(!all.contains(secret), "{secret}");
    }
}

fn plan(bytes: &[u8]) -> Plan {
    Plan::read(bytes).unwrap_or_else(|error| panic!("{error}"))
}
