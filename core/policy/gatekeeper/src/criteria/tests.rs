use super::*;
use crate::{Document, Library, Place};

const TEMPLATE: &str = "
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: always}
spec:
  crd: {spec: {names: {kind: Always}}}
  targets:
  - target: admission.k8s.gatekeeper.sh
    rego: |
      package always
      violation = {1}
";

/// A constraint with that `match`, written in flow style, or what is wrong with it.
fn load(criteria: &str) -> Result<Criteria, Vec<Problem>> {
    let constraint = format!(
        "apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: Always\nmetadata: {{name: x}}\nspec:\n  match: {criteria}\n"
    );
    let documents: Vec<Document> =
        [TEMPLATE, &constraint].iter().flat_map(|text| Document::written(text)).collect();
    let (library, hints) = Library::load(&documents)?;
    assert_eq!(hints, []);
    Ok(library.constraints[0].criteria.clone())
}

fn criteria(text: &str) -> Criteria {
    load(text).unwrap_or_else(|problems| panic!("{text}: {problems:#?}"))
}

/// A request to create the object, which names its namespace where the object does.
fn request(object: &str) -> Value {
    let object = Document::value_of(object);
    let namespace = Identity::of(&object).namespace;
    let mut request = vec![("object".into(), object)];
    request.extend(namespace.map(|namespace| ("namespace".into(), Value::String(namespace))));
    Value::Object(tollgate_vocabulary::Map::from_entries(request).unwrap())
}

fn asked(criteria: &Criteria, request: &Value, namespace: NamespaceFact<'_>) -> Match {
    criteria.matches(&Review { request, namespace, origin: Origin::Original })
}

const POD: &str =
    "{apiVersion: v1, kind: Pod, metadata: {name: web-0, namespace: shop, labels: {app: web, tier: front}}}";
const DEPLOYMENT: &str =
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: kube-system}}";
const NODE: &str = "{apiVersion: v1, kind: Node, metadata: {name: n1}}";
const NAMESPACE: &str = "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: a}}}";
const GENERATED: &str = "{apiVersion: v1, kind: Pod, metadata: {generateName: job-, namespace: shop}}";

/// Which of the five objects above a `match` takes, where nothing is known of Namespaces.
fn taken(text: &str) -> String {
    let criteria = criteria(text);
    [
        ("pod", POD),
        ("deployment", DEPLOYMENT),
        ("node", NODE),
        ("namespace", NAMESPACE),
        ("generated", GENERATED),
    ]
    .into_iter()
    .filter(|(_, object)| match asked(&criteria, &request(object), NamespaceFact::Absent) {
        Match::Yes => true,
        Match::No => false,
        other => panic!("{text}: {other:?}"),
    })
    .map(|(name, _)| name)
    .collect::<Vec<_>>()
    .join(" ")
}

const ALL: &str = "pod deployment node namespace generated";

#[test]
fn kinds_and_groups_must_both_fit() {
    for (text, objects) in [
        ("{}", ALL),
        ("{kinds: []}", ALL),
        ("{kinds: [{apiGroups: [''], kinds: [Pod]}]}", "pod generated"),
        ("{kinds: [{apiGroups: [apps], kinds: [Pod]}]}", ""),
        ("{kinds: [{apiGroups: ['*'], kinds: [Deployment]}]}", "deployment"),
        ("{kinds: [{kinds: [Deployment]}]}", "deployment"),
        ("{kinds: [{apiGroups: [apps]}]}", "deployment"),
        ("{kinds: [{apiGroups: [''], kinds: ['*']}]}", "pod node namespace generated"),
        ("{kinds: [{}]}", ALL),
        ("{kinds: [{apiGroups: [apps], kinds: [Deployment]}, {kinds: [Node]}]}", "deployment node"),
        ("{kinds: [{kinds: [pod]}]}", ""),
    ] {
        assert_eq!(taken(text), objects, "{text}");
    }
}

#[test]
fn scope_counts_namespaces_as_outside_of_all() {
    for (text, objects) in [
        ("{scope: '*'}", ALL),
        ("{scope: Cluster}", "node namespace"),
        ("{scope: Namespaced}", "pod deployment generated"),
    ] {
        assert_eq!(taken(text), objects, "{text}");
    }
}

#[test]
fn namespaces_are_named_with_wildcards_and_objects_outside_of_all_always_fit() {
    for (text, objects) in [
        ("{namespaces: [shop]}", "pod node namespace generated"),
        ("{namespaces: [kube-*]}", "deployment node"),
        ("{namespaces: ['*-system', shop]}", ALL),
        ("{namespaces: [none]}", "node"),
        ("{excludedNamespaces: [shop]}", "deployment node"),
        ("{excludedNamespaces: [kube-*]}", "pod node namespace generated"),
        ("{excludedNamespaces: ['*']}", "node"),
        ("{namespaces: ['*'], excludedNamespaces: [kube-system]}", "pod node namespace generated"),
    ] {
        assert_eq!(taken(text), objects, "{text}");
    }
}

#[test]
fn labels_are_selected_as_kubernetes_selects() {
    for (text, objects) in [
        ("{labelSelector: {}}", ALL),
        ("{labelSelector: {matchLabels: {app: web}}}", "pod"),
        ("{labelSelector: {matchLabels: {app: web, tier: back}}}", ""),
        ("{labelSelector: {matchExpressions: [{key: app, operator: In, values: [web, api]}]}}", "pod"),
        (
            "{labelSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]}}",
            "deployment node namespace generated",
        ),
        ("{labelSelector: {matchExpressions: [{key: team, operator: Exists}]}}", "namespace"),
        (
            "{labelSelector: {matchExpressions: [{key: team, operator: DoesNotExist}]}}",
            "pod deployment node generated",
        ),
    ] {
        assert_eq!(taken(text), objects, "{text}");
    }
}

#[test]
fn names_fit_exactly_by_wildcard_or_by_what_they_are_generated_from() {
    for (text, objects) in [
        ("{name: ''}", ALL),
        ("{name: web}", "deployment"),
        ("{name: web*}", "pod deployment"),
        ("{name: '*0'}", "pod"),
        ("{name: job-*}", "generated"),
        ("{name: job-}", ""),
    ] {
        assert_eq!(taken(text), objects, "{text}");
    }
}

#[test]
fn the_source_tells_written_objects_from_generated_ones() {
    let request = request(POD);
    for (text, original, generated) in [
        ("{}", Match::Yes, Match::Yes),
        ("{source: All}", Match::Yes, Match::Yes),
        ("{source: Original}", Match::Yes, Match::No),
        ("{source: Generated}", Match::No, Match::Yes),
    ] {
        let criteria = criteria(text);
        let asked = |origin| {
            criteria.matches(&Review { request: &request, namespace: NamespaceFact::Absent, origin })
        };
        assert_eq!((asked(Origin::Original), asked(Origin::Generated)), (original, generated), "{text}");
    }
}

const BY_TEAM: &str = "{namespaceSelector: {matchLabels: {team: a}}}";

#[test]
fn a_namespace_selector_asks_for_the_namespace() {
    let criteria = criteria(BY_TEAM);
    let (a, b) = (
        Document::value_of(NAMESPACE),
        Document::value_of("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}"),
    );
    let pod = request(POD);
    assert_eq!(asked(&criteria, &pod, NamespaceFact::Missing), Match::NeedsNamespace("shop".into()));
    assert_eq!(asked(&criteria, &pod, NamespaceFact::Known(&a)), Match::Yes);
    assert_eq!(asked(&criteria, &pod, NamespaceFact::Known(&b)), Match::No);
    let absent = Match::Unclear(Unmatched::NoNamespace("shop".into()));
    assert_eq!(asked(&criteria, &pod, NamespaceFact::Absent), absent);
}

#[test]
fn a_namespace_selector_looks_at_a_namespace_itself_and_lets_cluster_objects_pass() {
    let criteria = criteria(BY_TEAM);
    for namespace in [NamespaceFact::Missing, NamespaceFact::Absent] {
        assert_eq!(asked(&criteria, &request(NAMESPACE), namespace), Match::Yes);
        let other = request("{apiVersion: v1, kind: Namespace, metadata: {name: other}}");
        assert_eq!(asked(&criteria, &other, namespace), Match::No);
        assert_eq!(asked(&criteria, &request(NODE), namespace), Match::Yes);
    }
}

#[test]
fn a_namespace_is_not_asked_for_where_the_answer_does_not_hang_on_it() {
    let by_kind = criteria("{kinds: [{kinds: [Secret]}], namespaceSelector: {matchLabels: {team: a}}}");
    assert_eq!(asked(&by_kind, &request(POD), NamespaceFact::Missing), Match::No);
    for text in ["{namespaces: [shop]}", "{excludedNamespaces: [other]}", "{scope: Namespaced}"] {
        assert_eq!(asked(&criteria(text), &request(POD), NamespaceFact::Missing), Match::Yes, "{text}");
    }
}

/// The API server names the namespace in the request, whether or not the object repeats it.
#[test]
fn the_namespace_of_the_request_counts_where_the_object_has_none() {
    let mut pod = request("{apiVersion: v1, kind: Pod, metadata: {name: web}}");
    let Value::Object(map) = &mut pod else { panic!() };
    map.insert("namespace".into(), "shop".into());
    assert_eq!(asked(&criteria("{namespaces: [shop]}"), &pod, NamespaceFact::Missing), Match::Yes);
    assert_eq!(asked(&criteria("{namespaces: [x]}"), &pod, NamespaceFact::Missing), Match::No);
    assert_eq!(asked(&criteria("{scope: Cluster}"), &pod, NamespaceFact::Missing), Match::No);
    assert_eq!(asked(&criteria(BY_TEAM), &pod, NamespaceFact::Missing), Match::NeedsNamespace("shop".into()));
}

#[test]
fn of_an_update_either_object_is_enough_and_of_a_delete_the_old_one() {
    let criteria = criteria("{labelSelector: {matchLabels: {app: web}}}");
    let bare = "{apiVersion: v1, kind: Pod, metadata: {name: web-0, namespace: shop}}";
    for (operation, object, old, matched) in [
        ("UPDATE", Some(bare), Some(POD), Match::Yes),
        ("UPDATE", Some(POD), Some(bare), Match::Yes),
        ("UPDATE", Some(bare), Some(bare), Match::No),
        ("DELETE", None, Some(POD), Match::Yes),
        ("DELETE", Some(POD), Some(bare), Match::No),
        ("DELETE", Some(POD), None, Match::Unclear(ReviewError::NoOldObject.into())),
        ("CREATE", None, None, Match::Unclear(ReviewError::NoObject.into())),
    ] {
        let value = |text: Option<&str>| text.map_or(Value::Null, Document::value_of);
        let entries =
            [("operation", Value::from(operation)), ("object", value(object)), ("oldObject", value(old))];
        let request = Value::Object(entries.into_iter().collect());
        assert_eq!(
            asked(&criteria, &request, NamespaceFact::Absent),
            matched,
            "{operation} {object:?} {old:?}"
        );
    }
}

#[test]
fn what_is_misspelt_is_named_with_its_place_and_what_was_meant() {
    for (text, column, message, remedy) in [
        ("{kind: []}", 11, "unknown field `spec.match.kind`", "did you mean `kinds`?"),
        (
            "{excludeNamespaces: [x]}",
            11,
            "unknown field `spec.match.excludeNamespaces`",
            "did you mean `excludedNamespaces`?",
        ),
        (
            "{kinds: [{apiGroup: []}]}",
            20,
            "unknown field `spec.match.kinds[0].apiGroup`",
            "did you mean `apiGroups`?",
        ),
        (
            "{labelSelector: {matchLabel: {}}}",
            27,
            "unknown field `spec.match.labelSelector.matchLabel`",
            "did you mean `matchLabels`?",
        ),
        (
            "{scope: cluster}",
            18,
            "`cluster` is no scope; Gatekeeper would match everything",
            "did you mean `Cluster`?",
        ),
        ("{source: Orignal}", 19, "`Orignal` is no source", "did you mean `Original`?"),
        (
            "{namespaces: [Kube]}",
            24,
            "`Kube` is no pattern of names",
            "lower-case letters, digits, `-` and `:`, with `*` only at the ends",
        ),
        (
            "{labelSelector: {matchExpressions: [{key: a, operator: in, values: [b]}]}}",
            65,
            "`in` is no operator of a label selector",
            "did you mean `In`?",
        ),
        (
            "{labelSelector: {matchExpressions: [{key: a, operator: In}]}}",
            46,
            "`spec.match.labelSelector.matchExpressions[0]` has the operator `In` and no `values`",
            "list the values, or use `Exists` or `DoesNotExist`",
        ),
        (
            "{labelSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}}",
            81,
            "`spec.match.labelSelector.matchExpressions[0]` has the operator `Exists`, which takes no `values`",
            "remove the values, or use `In` or `NotIn`",
        ),
    ] {
        let [problem] = <[Problem; 1]>::try_from(load(text).unwrap_err()).unwrap();
        let place = Place { file: "x.yaml".into(), line: 5, column, end_column: problem.place.end_column };
        assert_eq!(
            (problem.place, &*problem.message, problem.remedy.as_deref()),
            (place, message, Some(remedy)),
            "{text}"
        );
    }
}

#[test]
fn values_of_the_wrong_shape_are_named() {
    for (text, message) in [
        ("[]", "`spec.match` must be an object, not a list"),
        ("{kinds: Pod}", "`spec.match.kinds` must be a list, not text"),
        ("{kinds: [Pod]}", "`spec.match.kinds[0]` must be an object, not text"),
        ("{namespaces: [1]}", "`spec.match.namespaces[0]` must be text, not a number"),
        (
            "{labelSelector: {matchLabels: {a: true}}}",
            "`spec.match.labelSelector.matchLabels.a` must be text, not a truth value",
        ),
        ("{labelSelector: {matchLabels: {a: 'b c'}}}", "`b c` cannot be the value of a label"),
        ("{labelSelector: {matchLabels: {'a/b/c': d}}}", "`a/b/c` cannot be the key of a label"),
        (
            "{labelSelector: {matchExpressions: [{operator: Exists}]}}",
            "`spec.match.labelSelector.matchExpressions[0].key` is missing",
        ),
    ] {
        let problems = load(text).unwrap_err();
        assert_eq!(problems.iter().map(|p| &*p.message).collect::<Vec<_>>(), [message], "{text}");
    }
}
