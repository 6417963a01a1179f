use std::collections::BTreeMap;

use tollgate_manifest::{Limits, Mask};

use super::*;
use crate::{Document, Settings};

const TEMPLATE: &str = r#"
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: labels}
spec:
  crd: {spec: {names: {kind: Labels}, validation: {openAPIV3Schema: {type: object, properties: {key: {type: string}}}}}}
  targets:
  - target: admission.k8s.gatekeeper.sh
    rego: |
      package a
      violation[{"msg": word}] { word := input.review.object.spec.say[_] }
      violation[{"msg": word}] { word := data.inventory.cluster.v1.Word[_].word }
      violation[{"msg": broken}] { true }
      broken = x { x := input.review.object.spec.broken[_] }
"#;

const CONSTRAINT: &str = "
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: Labels
metadata: {name: owner}
spec: {match: {kinds: [{kinds: [Pod]}]}, parameters: {key: owner}}
";

const POD: &str = "
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec: {say: [one, two]}
";

const REVIEW: &str = "
apiVersion: admission.k8s.io/v1
kind: AdmissionReview
request:
  operation: DELETE
  oldObject:
    apiVersion: v1
    kind: Pod
    metadata: {name: web}
    spec: {say: [deleted]}
";

fn suite(tests: &str) -> Result<Suite, Vec<crate::Problem>> {
    let text = format!(
        "apiVersion: test.gatekeeper.sh/v1alpha1\nkind: Suite\nmetadata: {{name: labels}}\ntests: {tests}\n"
    );
    let documents =
        Document::read("top/suite.yaml", text.as_bytes(), &Mask::new([0; 32]), &Limits::default());
    Suite::read(&documents.unwrap()[0])
}

/// Runs a suite over these files beside the usual ones.
fn ran(tests: &str, files: &[(&str, &str)]) -> SuiteResult {
    let mut all: BTreeMap<&str, &str> = BTreeMap::from([
        ("top/t.yaml", TEMPLATE),
        ("top/c.yaml", CONSTRAINT),
        ("top/pod.yaml", POD),
        ("top/review.yaml", REVIEW),
    ]);
    all.extend(files.iter().copied());
    let mut read =
        |path: &str| all.get(path).map(|text| text.as_bytes().to_vec()).ok_or("no such file".to_owned());
    let (mask, limits) = (Mask::new([0; 32]), Limits::default());
    let mut files = Files { read: &mut read, mask: &mask, limits: &limits };
    run(&suite(tests).unwrap(), &mut files, &Settings::default())
}

/// The outcome of one case with these fields.
fn case(fields: &str) -> Outcome {
    case_with(fields, &[]).outcome
}

fn case_with(fields: &str, files: &[(&str, &str)]) -> CaseResult {
    let mut result =
        ran(&format!("[{{template: t.yaml, constraint: c.yaml, cases: [{{{fields}}}]}}]"), files);
    result.tests.remove(0).cases.remove(0)
}

#[test]
fn violations_are_counted_as_the_case_says() {
    for (assertion, passes) in [
        ("{}", true),
        ("{violations: yes}", true),
        ("{violations: 'yes'}", true),
        ("{violations: no}", false),
        ("{violations: 2}", true),
        ("{violations: 1}", false),
        ("{violations: 0}", false),
        ("{violations: 1, message: two}", true),
        ("{violations: yes, message: '^o.e$'}", true),
        ("{violations: yes, message: three}", false),
        ("{violations: no, message: three}", true),
        ("{message: '^ne$'}", false),
    ] {
        let outcome = case(&format!("object: pod.yaml, assertions: [{assertion}]"));
        assert_eq!(outcome == Outcome::Passed, passes, "{assertion}: {outcome:?}");
    }
    assert_eq!(
        case("object: pod.yaml, assertions: [{violations: yes}, {violations: 3, message: o}]"),
        Outcome::Failed(
            "2 violations with a message like `o`, expected exactly 3; found `one`, `two`".into()
        )
    );
}

#[test]
fn of_a_review_what_is_deleted_is_judged() {
    let case = case_with("object: review.yaml, assertions: [{violations: 1, message: deleted}]", &[]);
    assert_eq!(case.outcome, Outcome::Passed);
}

#[test]
fn the_inventory_of_a_case_is_what_its_template_sees() {
    let word = "apiVersion: v1\nkind: Word\nmetadata: {name: w}\nword: three\n";
    let files = [("top/word.yaml", word)];
    let case = |fields: &str| case_with(fields, &files).outcome;
    assert_eq!(
        case("object: pod.yaml, inventory: [word.yaml], assertions: [{message: three}]"),
        Outcome::Passed
    );
    assert_eq!(case("object: pod.yaml, assertions: [{message: three, violations: no}]"), Outcome::Passed);
}

#[test]
fn what_a_case_lacks_is_said() {
    let two = "apiVersion: v1\nkind: Pod\n---\napiVersion: v1\nkind: Pod\n";
    let bare = "apiVersion: admission.k8s.io/v1\nkind: AdmissionReview\n";
    let empty = "apiVersion: admission.k8s.io/v1\nkind: AdmissionReview\nrequest: {object: null}\n";
    let files = [("top/two.yaml", two), ("top/bare.yaml", bare), ("top/empty.yaml", empty)];
    for (fields, said) in [
        ("assertions: [{}]", "the case has no `object`"),
        ("object: pod.yaml", "the case has no `assertions`"),
        ("object: none.yaml, assertions: [{}]", "`top/none.yaml`: no such file"),
        ("object: two.yaml, assertions: [{}]", "`two.yaml` holds 2 objects, not one"),
        ("object: bare.yaml, assertions: [{}]", "the AdmissionReview has no `request`"),
        (
            "object: empty.yaml, assertions: [{}]",
            "the AdmissionReview has neither `request.object` nor `request.oldObject`",
        ),
        (
            "object: pod.yaml, inventory: [bare.yaml], assertions: [{}]",
            "`bare.yaml`: an object of the inventory has no `metadata.name`",
        ),
    ] {
        assert_eq!(case_with(fields, &files).outcome, Outcome::Failed(said.into()), "{fields}");
    }
}

#[test]
fn an_error_of_the_evaluation_fails_the_case() {
    let broken = POD.replace("say: [one, two]", "broken: [1, 2]");
    let result = case_with("object: e.yaml, assertions: [{violations: no}]", &[("top/e.yaml", &broken)]);
    let Outcome::Failed(said) = result.outcome else { panic!("{result:?}") };
    assert!(said.contains("broken"), "{said}");
}

#[test]
fn an_object_that_the_constraint_does_not_match_has_no_violations() {
    let service = POD.replace("kind: Pod", "kind: Service");
    let result = case_with("object: s.yaml, assertions: [{violations: no}]", &[("top/s.yaml", &service)]);
    assert_eq!(result.outcome, Outcome::Passed);
}

#[test]
fn a_constraint_that_is_not_enforced_here_has_no_violations() {
    let scoped = CONSTRAINT.replace(
        "spec: {",
        "spec: {enforcementAction: scoped, scopedEnforcementActions: [{action: deny, enforcementPoints: [{name: audit.gatekeeper.sh}]}], ",
    );
    let result = case_with("object: pod.yaml, assertions: [{violations: no}]", &[("top/c.yaml", &scoped)]);
    assert_eq!(result.outcome, Outcome::Passed);
}

#[test]
fn the_inventory_is_where_namespaces_are_looked_up() {
    let constraint = CONSTRAINT.replace("match: {", "match: {namespaceSelector: {matchLabels: {team: a}}, ");
    let namespace = |team: &str| {
        format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop, labels: {{team: {team}}}}}\n")
    };
    let (a, b) = (namespace("a"), namespace("b"));
    let files = [("top/c.yaml", &*constraint), ("top/a.yaml", &a), ("top/b.yaml", &b)];
    let messages = |fields: &str| {
        let case = case_with(fields, &files);
        case.violations.into_iter().map(|(violation, _)| violation.message).collect::<Vec<_>>()
    };
    assert_eq!(messages("object: pod.yaml, inventory: [a.yaml], assertions: [{}]"), ["one", "two"]);
    assert_eq!(messages("object: pod.yaml, inventory: [b.yaml], assertions: [{}]"), Vec::<String>::new());
    assert_eq!(
        messages("object: pod.yaml, assertions: [{}]"),
        ["`namespaceSelector` reads the Namespace of `shop`, and there is no such Namespace"]
    );
}

#[test]
fn a_test_that_cannot_be_used_fails_all_its_cases() {
    let outcomes = |tests: &str, files: &[(&str, &str)]| {
        let test = ran(tests, files).tests.remove(0);
        assert!(test.cases.iter().all(|case| case.outcome == test.outcome));
        (test.cases.len(), test.outcome)
    };
    let cases = "cases: [{object: pod.yaml, assertions: [{}]}, {object: pod.yaml, assertions: [{}]}]";
    let failed = |said: &str| (2, Outcome::Failed(said.into()));
    let tests = |fields: &str| format!("[{{{fields}{cases}}}]");
    assert_eq!(outcomes(&tests("constraint: c.yaml, "), &[]), failed("the test has no `template`"));
    assert_eq!(outcomes(&tests("template: t.yaml, "), &[]), failed("the test has no `constraint`"));
    assert_eq!(
        outcomes(&tests("template: c.yaml, constraint: c.yaml, "), &[]),
        failed("`c.yaml` is no ConstraintTemplate")
    );
    let both = tests("template: t.yaml, constraint: c.yaml, ");
    let other = CONSTRAINT.replace("kind: Labels", "kind: Other");
    assert_eq!(
        outcomes(&both, &[("top/c.yaml", &other)]),
        failed("`c.yaml` is a constraint of `Other`, the template's are of `Labels`")
    );
    let misfit = CONSTRAINT.replace("key: owner", "key: 1");
    assert_eq!(
        outcomes(&both, &[("top/c.yaml", &misfit)]),
        failed("top/c.yaml:5:60: `spec.parameters.key` must be a string, not a number")
    );
    let target = TEMPLATE.split("rego:").next().unwrap();
    let cel = format!("{target}code: [{{engine: K8sNativeValidation, source: {{}}}}]");
    let (2, Outcome::Refused(said)) = outcomes(&both, &[("top/t.yaml", &cel)]) else { panic!() };
    assert_eq!(said, "top/t.yaml:8:5: the template has CEL only, which is not evaluated");
    let (2, Outcome::Refused(_)) = outcomes(&tests("expansion: e.yaml, template: t.yaml, "), &[]) else {
        panic!()
    };
}

#[test]
fn an_invalid_constraint_is_what_an_invalid_test_expects() {
    let tests = "[{template: t.yaml, constraint: c.yaml, invalid: true}]";
    let outcome = |constraint: &str| ran(tests, &[("top/c.yaml", constraint)]).tests.remove(0).outcome;
    assert_eq!(outcome(&CONSTRAINT.replace("key: owner", "key: 1")), Outcome::Passed);
    assert!(matches!(outcome(CONSTRAINT), Outcome::Failed(_)));
    // That it is refused for another reason is not what was expected.
    assert!(matches!(outcome(&CONSTRAINT.replace("name: owner", "name: Owner")), Outcome::Failed(_)));
    assert!(matches!(outcome(&CONSTRAINT.replace("key: owner", "kye: a")), Outcome::Failed(_)));
}

#[test]
fn what_is_to_be_skipped_is_skipped() {
    let skipped = |tests: &str| ran(tests, &[]).tests.remove(0).cases.remove(0).outcome;
    assert_eq!(skipped("[{skip: true, cases: [{}]}]"), Outcome::Skipped);
    assert_eq!(skipped("[{template: t.yaml, constraint: c.yaml, cases: [{skip: true}]}]"), Outcome::Skipped);
}

#[test]
fn a_suite_of_the_wrong_shape_is_refused_and_odd_fields_are_hints() {
    for (tests, said) in [
        ("{}", "`tests` must be a list, not an object"),
        (
            "[{cases: [{assertions: [{violations: maybe}]}]}]",
            "`tests[0].cases[0].assertions[0].violations` must be `yes`, `no` or a whole number, not negative, not text",
        ),
        (
            "[{cases: [{assertions: [{violations: -1}]}]}]",
            "`tests[0].cases[0].assertions[0].violations` must be `yes`, `no` or a whole number, not negative, not a number",
        ),
        ("[{cases: [{assertions: [{message: '('}]}]}]", "`(` is no regular expression"),
        ("[{skip: 1}]", "`tests[0].skip` must be true or false, not a number"),
    ] {
        let problems = suite(tests).unwrap_err();
        assert_eq!(problems.iter().map(|p| &*p.message).collect::<Vec<_>>(), [said], "{tests}");
    }
    let odd = suite("[{cases: [{assertion: []}]}]").unwrap();
    let said: Vec<_> = odd.hints.iter().map(|p| (&*p.message, p.remedy.as_deref())).collect();
    assert_eq!(said, [("unknown field `tests[0].cases[0].assertion`", Some("did you mean `assertions`?"))]);
}
