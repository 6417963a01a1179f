//! Gatekeeper's templates and constraints among the rules.

use tollgate_policy::{
    LoadError, NamespaceFact, Options, PolicySet, RuleError, RuleFile, Subject, Surface, Weight, compile,
};
use tollgate_vocabulary::{Timestamp, Value};

const TEMPLATE: &str = r#"apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata:
  name: images
  annotations: {metadata.gatekeeper.sh/title: Images come from us}
spec:
  crd: {spec: {names: {kind: Images}, validation: {openAPIV3Schema: {type: object, properties: {from: {type: string}}}}}}
  targets:
  - target: admission.k8s.gatekeeper.sh
    rego: |
      package images
      violation[{"msg": msg}] {
        c := input.review.object.spec.containers[_]
        not startswith(c.image, input.parameters.from)
        msg := sprintf("image `%v` is not ours", [c.image])
      }
      violation[{"msg": "held"}] { data.inventory.held[_] == input.review.object.metadata.name }
"#;

fn constraint(name: &str, spec: &str) -> String {
    format!(
        "---\napiVersion: constraints.gatekeeper.sh/v1beta1\nkind: Images\nmetadata: {{name: {name}}}\nspec: {spec}\n"
    )
}

fn file(name: &str, text: &str) -> RuleFile {
    RuleFile { root: "policy".into(), path: format!("policy/{name}").into(), bytes: text.as_bytes().into() }
}

fn set(files: &[(&str, &str)]) -> Result<PolicySet, Vec<LoadError>> {
    let files: Vec<RuleFile> = files.iter().map(|(name, text)| file(name, text)).collect();
    compile(&files, &Options::default())
}

fn json(text: &str) -> Value {
    tollgate_manifest::json::read(text.as_bytes(), &tollgate_manifest::Limits::default()).unwrap()
}

const POD: &str = r#"{"operation": "CREATE", "kind": {"group": "", "version": "v1", "kind": "Pod"}, "namespace": "shop",
    "object": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "shop"},
               "spec": {"containers": [{"image": "ours/a"}, {"image": "theirs/b"}]}}}"#;

/// Each rule that has something to say, with its weight and what it says.
fn judged(set: &PolicySet, request: &str, namespace: NamespaceFact<'_>, surface: Surface) -> Vec<String> {
    let request = json(request);
    let subject = Subject { request: &request, at: Timestamp::UNIX_EPOCH, namespace, surface };
    let judgement = set.judge(&subject);
    assert_eq!(judgement.asked, set.in_scope(&subject));
    let line = |outcome: &tollgate_policy::Outcome| {
        let mut said: Vec<String> = outcome
            .violations
            .iter()
            .map(|violation| {
                let path = violation.path.as_ref().map(ToString::to_string).unwrap_or_default();
                let condition = violation.condition.as_ref().map(|place| place.line).unwrap_or_default();
                format!("{} at {path} by line {condition}", violation.message)
            })
            .collect();
        said.extend(outcome.error.as_ref().map(ToString::to_string));
        format!("{} {:?}: {}", set.rules()[outcome.rule].id, outcome.weight, said.join(", "))
    };
    judgement.outcomes.iter().map(line).collect()
}

const OURS: &str = "{parameters: {from: ours/}}";

#[test]
fn a_constraint_is_a_rule_that_points_into_object_and_template() {
    let set = set(&[("t.yaml", TEMPLATE), ("c.yaml", &constraint("ours", OURS))]).unwrap();
    let [rule] = set.rules() else { panic!() };
    assert_eq!((rule.id.as_str(), rule.title.as_deref()), ("Images/ours", Some("Images come from us")));
    assert_eq!((&*rule.place.file, rule.place.line), ("policy/c.yaml", 2));
    assert_eq!(
        judged(&set, POD, NamespaceFact::Absent, Surface::Admission),
        ["Images/ours Full: image `theirs/b` is not ours at spec.containers[1].image by line 14"]
    );
    let fine = POD.replace("theirs/", "ours/");
    assert_eq!(judged(&set, &fine, NamespaceFact::Absent, Surface::Admission), Vec::<String>::new());
    // A template that names no operations is asked about CREATE and UPDATE, as all rules are.
    let deletion = POD.replace("CREATE", "DELETE").replace("\"object\"", "\"oldObject\"");
    assert_eq!(judged(&set, &deletion, NamespaceFact::Absent, Surface::Admission), Vec::<String>::new());
}

#[test]
fn enforcement_weighs_what_a_constraint_says_where_it_is_said() {
    let constraints = [
        constraint("a-deny", OURS),
        constraint("b-warn", "{enforcementAction: warn, parameters: {from: ours/}}"),
        constraint("c-note", "{enforcementAction: dryrun, parameters: {from: ours/}}"),
        constraint(
            "d-files",
            "{enforcementAction: scoped, scopedEnforcementActions: [{action: warn, enforcementPoints: \
             [{name: gator.gatekeeper.sh}]}], parameters: {from: ours/}}",
        ),
    ];
    let set = set(&[("t.yaml", TEMPLATE), ("c.yaml", &constraints.concat())]).unwrap();
    let weights = |surface| {
        let lines = judged(&set, POD, NamespaceFact::Absent, surface);
        lines.iter().map(|line| line.split(':').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        weights(Surface::Admission),
        ["Images/a-deny Full", "Images/b-warn Warn", "Images/c-note Note"]
    );
    assert_eq!(weights(Surface::Files).last().map(String::as_str), Some("Images/d-files Warn"));
    assert!(Weight::Note < Weight::Warn && Weight::Warn < Weight::Full);
}

#[test]
fn constraints_stand_behind_rules_and_beside_data() {
    let set = set(&[
        ("a.rego", "package a\nimport rego.v1\ndeny contains data.word if input.kind == \"Pod\"\n"),
        ("t.yaml", TEMPLATE),
        ("c.yaml", &constraint("ours", OURS)),
        ("data.yaml", "word: from data\n"),
        ("inventory/x.yaml", "held: [web]\n"),
        ("suite.yaml", "apiVersion: test.gatekeeper.sh/v1alpha1\nkind: Suite\ntests: []\n"),
    ])
    .unwrap();
    let said = judged(&set, POD, NamespaceFact::Absent, Surface::Admission);
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].starts_with("a.deny Full: from data"), "{said:?}");
    assert!(said[1].contains("held at metadata.name"), "{said:?}");
}

#[test]
fn what_is_wrong_with_them_refuses_the_set_with_its_place() {
    let errors =
        set(&[("t.yaml", TEMPLATE), ("c.yaml", &constraint("ours", "{parameters: {form: x}}"))]).unwrap_err();
    let said: Vec<_> = errors.iter().map(|e| (e.to_string(), e.code, e.remedy.as_deref())).collect();
    let message =
        "policy/c.yaml:5:21: `spec.parameters.form` is a field that the template's schema does not have"
            .to_owned();
    assert_eq!(said, [(message, "constraint-unknown-field", Some("did you mean `from`?"))]);
    let errors = set(&[("t.yaml", &TEMPLATE.replace("startswith", "startsWith"))]).unwrap_err();
    assert_eq!((errors[0].line, errors[0].column, errors[0].code), (14, 13, "undefined-function"));
}

#[test]
fn a_namespace_that_decides_is_asked_for() {
    let selecting = constraint(
        "ours",
        "{match: {namespaceSelector: {matchLabels: {team: a}}}, parameters: {from: ours/}}",
    );
    let set = set(&[("t.yaml", TEMPLATE), ("c.yaml", &selecting)]).unwrap();
    let error = |namespace| {
        let request = json(POD);
        let surface = Surface::Admission;
        let subject = Subject { request: &request, at: Timestamp::UNIX_EPOCH, namespace, surface };
        let judgement = set.judge(&subject);
        assert!(judgement.read_namespace);
        judgement.outcomes.into_iter().next().and_then(|outcome| outcome.error)
    };
    assert_eq!(error(NamespaceFact::Missing), Some(RuleError::NeedsNamespace));
    assert_eq!(
        error(NamespaceFact::Unavailable("down")),
        Some(RuleError::NamespaceUnavailable("down".into()))
    );
    let namespace = json(r#"{"metadata": {"name": "shop", "labels": {"team": "a"}}}"#);
    assert_eq!(error(NamespaceFact::Known(&namespace)), None);
    assert!(matches!(error(NamespaceFact::Absent), Some(RuleError::Runtime { .. })));
}
