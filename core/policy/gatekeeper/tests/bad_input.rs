//! Whatever stands in any field of a template, a constraint or a suite: a problem with its place, or a value that is
//! used, and never a panic.

use std::sync::Arc;

use tollgate_gatekeeper::suite::{Files, Suite, run};
use tollgate_gatekeeper::{Criteria, Document, Library, NamespaceFact, Origin, Review, Settings};
use tollgate_manifest::{Limits, Mask, canonical};
use tollgate_vocabulary::{Number, Value};

const TEMPLATE: &str = r#"
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: labels, annotations: {description: d, metadata.gatekeeper.sh/title: t}}
spec:
  crd:
    spec:
      names: {kind: Labels}
      validation:
        legacySchema: false
        openAPIV3Schema:
          type: object
          required: [key]
          properties:
            key: {type: string, default: a, enum: [a, b], pattern: '^[a-z]$', minLength: 1, maxLength: 2, nullable: true}
            list: {type: array, items: {type: integer, minimum: 1, multipleOf: 2}, minItems: 1, uniqueItems: true}
            map: {type: object, additionalProperties: {anyOf: [{type: string}, {not: {type: boolean}}]}, maxProperties: 3}
            port: {x-kubernetes-int-or-string: true}
  targets:
  - target: admission.k8s.gatekeeper.sh
    operations: [CREATE]
    code:
    - engine: Rego
      source:
        version: v1
        rego: |
          package a
          import data.lib.b
          violation contains {"msg": b.message} if input.review
        libs: ["package lib.b\nmessage := 1"]
"#;

const CONSTRAINT: &str = "
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: Labels
metadata: {name: x}
spec:
  enforcementAction: scoped
  scopedEnforcementActions: [{action: deny, enforcementPoints: [{name: '*'}]}]
  match:
    kinds: [{apiGroups: [''], kinds: [Pod]}]
    scope: Namespaced
    namespaces: [a-*]
    excludedNamespaces: ['*-b']
    labelSelector: {matchLabels: {a: b}, matchExpressions: [{key: a, operator: In, values: [b]}]}
    namespaceSelector: {matchExpressions: [{key: a, operator: Exists}]}
    name: a*
    source: All
  parameters: {key: a, list: [2], map: {a: b}, port: 80}
";

const SUITE: &str = "
apiVersion: test.gatekeeper.sh/v1alpha1
kind: Suite
metadata: {name: s}
skip: false
tests:
- name: t
  template: t.yaml
  constraint: c.yaml
  invalid: false
  skip: false
  cases:
  - name: c
    object: o.yaml
    inventory: [o.yaml]
    skip: false
    assertions: [{violations: 1, message: a}]
";

const OBJECT: &str = "
apiVersion: admission.k8s.io/v1
kind: AdmissionReview
metadata: {name: x}
request:
  uid: u
  operation: UPDATE
  namespace: a-c
  kind: {group: '', version: v1, kind: Pod}
  object: {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: a-c, labels: {a: b}}}
  oldObject: {apiVersion: v1, kind: Pod, metadata: {generateName: a}}
";

fn document(text: &str) -> Option<Document> {
    let mask = Mask::new([0; 32]);
    Document::read("x.yaml", text.as_bytes(), &mask, &Limits::default()).ok()?.into_iter().next()
}

fn value(text: &str) -> Value {
    Arc::unwrap_or_clone(document(text).unwrap().value)
}

fn junk() -> Vec<Value> {
    let mut junk = vec![Value::Null, true.into(), "".into(), "x".into(), "*".into(), "ü\n\t\u{7}".into()];
    junk.extend(["-1", "1E400", "0.5"].map(|number| Value::Number(Number::parse(number).unwrap())));
    junk.push("a".repeat(10_000).into());
    junk.push(Value::Array(Vec::new()));
    junk.push(vec![Value::Null, Value::Array(vec![Value::Null]), "x".into()].into());
    junk.push(Value::Object([("x", "y")].into_iter().collect()));
    junk
}

/// The value with each of its parts replaced by each piece of junk, or taken out.
fn spoilt(whole: &Value) -> Vec<Value> {
    let mut all = junk();
    match whole {
        Value::Object(map) => {
            for (key, part) in map.iter() {
                let mut without = map.clone();
                without.remove(key);
                all.push(without.into());
                for part in spoilt(part) {
                    let mut with = map.clone();
                    with.insert(key.clone(), part);
                    all.push(with.into());
                }
            }
        }
        Value::Array(items) => {
            for (at, part) in items.iter().enumerate() {
                for part in spoilt(part) {
                    let mut with = items.clone();
                    with[at] = part;
                    all.push(with.into());
                }
            }
        }
        _ => {}
    }
    all
}

#[test]
fn a_spoilt_template_or_constraint_is_told_its_place_or_loads() {
    let (template, constraint) = (document(TEMPLATE).unwrap(), document(CONSTRAINT).unwrap());
    let (fine, hints) = Library::load(&[template.clone(), constraint.clone()]).unwrap();
    assert_eq!((fine.constraints.len(), hints.len()), (1, 0));
    let (mut loaded, mut refused) = (0, 0);
    let mut load = |documents: &[Document]| match Library::load(documents) {
        Ok(_) => loaded += 1,
        Err(problems) => {
            refused += 1;
            assert!(problems.iter().all(|problem| problem.place.line >= 1 && problem.place.column >= 1));
            assert!(problems.iter().all(|problem| !problem.message.is_empty()));
        }
    };
    for spoilt in spoilt(&template.value).iter().filter_map(|value| document(&canonical::text(value))) {
        load(&[spoilt, constraint.clone()]);
    }
    for spoilt in spoilt(&constraint.value).iter().filter_map(|value| document(&canonical::text(value))) {
        load(&[template.clone(), spoilt]);
    }
    assert!(loaded > 100 && refused > 1_000, "{loaded} {refused}");
}

#[test]
fn a_spoilt_request_is_matched_or_not_or_unclear() {
    let (template, constraint) = (document(TEMPLATE).unwrap(), document(CONSTRAINT).unwrap());
    let (library, _) = Library::load(&[template, constraint]).unwrap();
    let criteria: &Criteria = &library.constraints[0].criteria;
    let request = value(OBJECT).get("request").unwrap().clone();
    let mut seen = std::collections::BTreeSet::new();
    for request in spoilt(&request) {
        for namespace in [NamespaceFact::Known(&request), NamespaceFact::Absent, NamespaceFact::Missing] {
            let review = Review { request: &request, namespace, origin: Origin::Original };
            let matched = format!("{:?}", criteria.matches(&review));
            seen.insert(matched.split('(').next().unwrap().to_owned());
        }
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["NeedsNamespace", "No", "Unclear"]);
}

#[test]
fn a_spoilt_suite_is_told_its_place_or_runs() {
    let mut ran = 0;
    for spoilt in spoilt(&value(SUITE)).iter().filter_map(|value| document(&canonical::text(value))) {
        let Ok(suite) = Suite::read(&spoilt) else { continue };
        let mut read = |path: &str| match path {
            "t.yaml" => Ok(TEMPLATE.into()),
            "c.yaml" => Ok(CONSTRAINT.into()),
            "o.yaml" => Ok(OBJECT.into()),
            _ => Err("no such file".to_owned()),
        };
        let (mask, limits) = (Mask::new([0; 32]), Limits::default());
        let mut files = Files { read: &mut read, mask: &mask, limits: &limits };
        run(&suite, &mut files, &Settings::default());
        ran += 1;
    }
    assert!(ran > 50, "{ran}");
}
