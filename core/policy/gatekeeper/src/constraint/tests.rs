use std::collections::BTreeSet;

use super::*;
use crate::enforcement::{Action, Point};

const TEMPLATE: &str = "
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: repos}
spec:
  crd:
    spec:
      names: {kind: Repos}
      validation:
        openAPIV3Schema:
          type: object
          properties:
            repos: {type: array, items: {type: string}}
            mode: {type: string, enum: [all, any], default: all}
  targets:
  - target: admission.k8s.gatekeeper.sh
    rego: |
      package a
      violation = {1}
";

fn template(text: &str) -> Template {
    Template::read(&Document::written(text)[0], &mut Vec::new()).unwrap()
}

/// A constraint with that `spec`, written in flow style.
fn read(spec: &str) -> (Option<Constraint>, Vec<Problem>) {
    read_of(&template(TEMPLATE), spec)
}

fn read_of(template: &Template, spec: &str) -> (Option<Constraint>, Vec<Problem>) {
    let text = format!(
        "apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: Repos\nmetadata:\n  name: ours\nspec: {spec}\n"
    );
    let mut problems = Vec::new();
    let constraint = Constraint::read(&Document::written(&text)[0], template, &mut problems);
    (constraint, problems)
}

fn good(spec: &str) -> Constraint {
    let (constraint, problems) = read(spec);
    assert_eq!(problems, [], "{spec}");
    constraint.unwrap()
}

#[test]
fn parameters_come_with_the_defaults_of_the_schema() {
    for (spec, parameters) in [
        ("{parameters: {repos: [a/]}}", "{repos: [a/], mode: all}"),
        ("{parameters: {mode: any}}", "{mode: any}"),
        ("{parameters: {}}", "{mode: all}"),
        ("{}", "{}"),
        ("null", "{}"),
    ] {
        let wanted = Document::value_of(&format!("{{apiVersion: v1, kind: X, wanted: {parameters}}}"));
        assert_eq!(Some(&*good(spec).parameters), wanted.get("wanted"), "{spec}");
    }
}

#[test]
fn parameters_that_do_not_fit_are_named_with_their_place() {
    for (spec, column, code, message, remedy) in [
        (
            "{parameters: {repos: a/}}",
            28,
            "constraint-schema",
            "`spec.parameters.repos` must be an array, not text",
            None,
        ),
        (
            "{parameters: {repos: [1]}}",
            29,
            "constraint-schema",
            "`spec.parameters.repos[0]` must be a string, not a number",
            None,
        ),
        (
            "{parameters: []}",
            20,
            "constraint-schema",
            "`spec.parameters` must be an object, not a list",
            None,
        ),
        (
            "{parameters: {mode: most}}",
            27,
            "constraint-schema",
            "`spec.parameters.mode` is `\"most\"`, not one of `\"all\"` and `\"any\"`",
            None,
        ),
        (
            "{parameters: {repo: [a/]}}",
            21,
            "constraint-unknown-field",
            "`spec.parameters.repo` is a field that the template's schema does not have",
            Some("did you mean `repos`?"),
        ),
        (
            "{params: {}}",
            8,
            "constraint-unknown-field",
            "unknown field `spec.params`",
            Some("known are `match`, `parameters`, `enforcementAction` and `scopedEnforcementActions`"),
        ),
        ("[]", 7, "constraint-schema", "`spec` must be an object, not a list", None),
    ] {
        let (constraint, problems) = read(spec);
        assert!(constraint.is_none(), "{spec}");
        let said: Vec<_> = problems
            .iter()
            .map(|p| (p.place.line, p.place.column, p.code, &*p.message, p.remedy.as_deref()))
            .collect();
        assert_eq!(said, [(5, column, code, message, remedy)], "{spec}");
    }
}

#[test]
fn a_template_without_schema_takes_no_parameters() {
    let bare = template(&TEMPLATE.replace("openAPIV3Schema", "other"));
    let (_, problems) = read_of(&bare, "{parameters: {repos: []}}");
    let said: Vec<_> = problems.iter().map(|p| (p.place.column, p.code, &*p.message)).collect();
    assert_eq!(said, [(8, "constraint-unknown-field", "the template `Repos` takes no parameters")]);
    assert_eq!(*read_of(&bare, "{}").0.unwrap().parameters, Value::Object(Map::default()));
}

#[test]
fn a_constraint_denies_unless_it_says_otherwise() {
    for (spec, action) in [
        ("{}", Action::Deny),
        ("{enforcementAction: ''}", Action::Deny),
        ("{enforcementAction: deny}", Action::Deny),
        ("{enforcementAction: warn}", Action::Warn),
        ("{enforcementAction: dryrun}", Action::Dryrun),
    ] {
        for point in Point::ALL {
            assert_eq!(good(spec).enforcement.actions(point), BTreeSet::from([action]), "{spec}");
        }
    }
}

#[test]
fn scoped_actions_hold_at_their_points_alone() {
    let spec = "{enforcementAction: scoped, scopedEnforcementActions: [\
                {action: deny, enforcementPoints: [{name: validation.gatekeeper.sh}]}, \
                {action: warn, enforcementPoints: [{name: audit.gatekeeper.sh}, {name: validation.gatekeeper.sh}]}]}";
    let enforcement = good(spec).enforcement;
    assert_eq!(enforcement.actions(Point::Validation), BTreeSet::from([Action::Deny, Action::Warn]));
    assert_eq!(enforcement.actions(Point::Audit), BTreeSet::from([Action::Warn]));
    assert_eq!(enforcement.actions(Point::Gator), BTreeSet::new());
    let everywhere = good(
        "{enforcementAction: scoped, scopedEnforcementActions: [{action: dryrun, enforcementPoints: [{name: '*'}]}]}",
    );
    for point in Point::ALL {
        assert_eq!(everywhere.enforcement.actions(point), BTreeSet::from([Action::Dryrun]));
    }
}

#[test]
fn actions_and_points_that_nobody_knows_are_refused() {
    let scoped = |list: &str| format!("{{enforcementAction: scoped, scopedEnforcementActions: {list}}}");
    for (spec, code, message, remedy) in [
        (
            "{enforcementAction: dry-run}".to_owned(),
            "enforcement-action",
            "`dry-run` is no enforcement action",
            "did you mean `dryrun`?",
        ),
        (
            "{enforcementAction: audit}".to_owned(),
            "enforcement-action",
            "`audit` is no enforcement action",
            "known are `deny`, `dryrun`, `warn` and `scoped`",
        ),
        (
            "{enforcementAction: scoped}".to_owned(),
            "enforcement-action",
            "`enforcementAction` is `scoped`, and `spec.scopedEnforcementActions` is missing",
            "",
        ),
        (
            scoped("[{action: block, enforcementPoints: [{name: '*'}]}]"),
            "enforcement-action",
            "`block` is no enforcement action",
            "known are `deny`, `warn` and `dryrun`",
        ),
        (
            scoped("[{action: deny, enforcementPoints: [{name: audit.gatekeeper}]}]"),
            "enforcement-point",
            "`audit.gatekeeper` is no enforcement point",
            "did you mean `audit.gatekeeper.sh`?",
        ),
        (
            scoped("[{action: deny}]"),
            "enforcement-point",
            "`spec.scopedEnforcementActions[0]` names no enforcement point, so it is never enforced",
            "add `enforcementPoints` with names among `validation.gatekeeper.sh`, `audit.gatekeeper.sh`, \
             `gator.gatekeeper.sh` and `vap.k8s.io`, or `*`",
        ),
        (
            scoped("[{action: deny, enforcementPoint: [], enforcementPoints: [{name: '*'}]}]"),
            "constraint-unknown-field",
            "unknown field `spec.scopedEnforcementActions[0].enforcementPoint`",
            "did you mean `enforcementPoints`?",
        ),
    ] {
        let (constraint, problems) = read(&spec);
        assert!(constraint.is_none(), "{spec}");
        let said: Vec<_> =
            problems.iter().map(|p| (p.code, &*p.message, p.remedy.as_deref().unwrap_or_default())).collect();
        assert_eq!(said, [(code, message, remedy)], "{spec}");
    }
}

#[test]
fn scopes_that_nothing_reads_are_a_hint() {
    let (constraint, problems) = read("{scopedEnforcementActions: []}");
    assert!(constraint.is_some());
    assert_eq!(
        problems.iter().map(|p| (p.grade, p.code)).collect::<Vec<_>>(),
        [(Grade::Hint, "enforcement-unused")]
    );
}

#[test]
fn names_are_those_of_kubernetes() {
    let template = template(TEMPLATE);
    for (name, good) in [
        ("ours", true),
        ("a.b-c", true),
        ("Ours", false),
        ("a_b", false),
        ("-a", false),
        (&"a".repeat(64), false),
    ] {
        let text = format!(
            "apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: Repos\nmetadata: {{name: {name}}}\n"
        );
        let mut problems = Vec::new();
        let constraint = Constraint::read(&Document::written(&text)[0], &template, &mut problems);
        assert_eq!(constraint.is_some(), good, "{name} {problems:?}");
    }
    let text = "apiVersion: constraints.gatekeeper.sh/v2\nkind: Repos\nmetadata: {}\n";
    let mut problems = Vec::new();
    Constraint::read(&Document::written(text)[0], &template, &mut problems);
    assert_eq!(
        problems.iter().map(|p| p.code).collect::<Vec<_>>(),
        ["constraint-version", "constraint-name"]
    );
}
