//! What Gatekeeper's constraints do to a verdict.

use tollgate_gate::{Bundle, Change, Facts, RuleFile, Step, judge};
use tollgate_manifest::{Limits, Mask};
use tollgate_vocabulary::{Actor, Authentication, Effect, Principal, Timestamp};

const TEMPLATE: &str = r#"apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: teams}
spec:
  crd: {spec: {names: {kind: Teams}}}
  targets:
  - target: admission.k8s.gatekeeper.sh
    rego: |
      package teams
      violation[{"msg": "no team"}] { not input.review.object.metadata.labels.team }
"#;

fn constraint(name: &str, action: &str) -> RuleFile {
    file(
        &format!("{name}.yaml"),
        &format!(
            "apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: Teams\nmetadata: {{name: {name}}}\n\
             spec: {{enforcementAction: {action}}}\n"
        ),
    )
}

fn file(name: &str, text: &str) -> RuleFile {
    RuleFile { root: "policy".into(), path: format!("policy/{name}").into(), bytes: text.as_bytes().into() }
}

/// Each finding's rule, effect and path for a ConfigMap with these labels.
fn found(labels: &str) -> Vec<(String, Effect, String)> {
    let files = [
        file("template.yaml", TEMPLATE),
        constraint("a", "deny"),
        constraint("b", "warn"),
        constraint("c", "dryrun"),
    ];
    let bundle = Bundle::compile(None, &files, &[]).unwrap_or_else(|error| panic!("{error:#?}"));
    let text = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: x, namespace: shop, labels: {labels}}}\n"
    );
    let reading = tollgate_manifest::read(text.as_bytes(), &Mask::new([1; 32]), &Limits::default()).unwrap();
    let manifests = reading.objects.into_iter().map(|written| (written.object, Vec::new())).collect();
    let actor = Actor { principal: Principal::default(), authentication: Authentication::Local };
    let change = Change::of_files(manifests, actor, Timestamp::UNIX_EPOCH);
    let Step::Done(judged) = judge(&change, &Facts::default(), &bundle) else { panic!("needs facts") };
    let line = |finding: &tollgate_vocabulary::Finding| {
        (finding.rule.to_string(), finding.effect, finding.path.to_string())
    };
    judged.findings.iter().map(line).collect()
}

#[test]
fn the_enforcement_action_is_what_a_violation_does() {
    let path = || "metadata.labels.team".to_owned();
    let said = found("{app: web}");
    for (name, effect) in [("Teams/a", Effect::Deny), ("Teams/b", Effect::Warn), ("Teams/c", Effect::Info)] {
        assert!(said.contains(&(name.to_owned(), effect, path())), "{name}: {said:?}");
    }
    assert_eq!(said.len(), 3);
    assert_eq!(found("{team: a}"), []);
}
