//! Which budgets an object is of, and when its namespace must be asked for.

use tollgate_budget::{Budgets, Matching, NamespaceLabels, Target};
use tollgate_vocabulary::Map;

use crate::estate::{LABEL, budgets, labels, names, spec};

fn one(scope: &str) -> Budgets {
    let text = format!("owner: a, amount: 5, currency: USD, scope: {{{scope}}}");
    budgets(vec![spec("a", &text).unwrap()])
}

fn target<'a>(own: &'a Map, template: &'a Map, namespace: NamespaceLabels<'a>) -> Target<'a> {
    Target {
        kind: "Deployment",
        namespace: Some("shop"),
        name: "api",
        labels: Some(own),
        template_labels: Some(template),
        namespace_labels: namespace,
    }
}

fn yes() -> Matching {
    Matching::Budgets(names(&["a"]))
}

fn no() -> Matching {
    Matching::Budgets(Vec::new())
}

/// What a scope says of a Deployment shop/api with these labels, whose namespace has those.
fn fit(scope: &str, own: &str, template: &str, namespace: &str) -> Matching {
    let (own, template, namespace) = (labels(own), labels(template), labels(namespace));
    one(scope).matching(&target(&own, &template, NamespaceLabels::Known(&namespace)))
}

#[test]
fn all_that_is_given_must_fit() {
    for (scope, own, namespace, fits) in [
        ("everything: true", "", "", true),
        ("namespaces: [shop]", "", "", true),
        ("namespaces: [batch, shop]", "", "", true),
        ("namespaces: [batch]", "", "", false),
        ("workload: {kind: Deployment, namespace: shop, name: api}", "", "", true),
        ("workload: {kind: StatefulSet, namespace: shop, name: api}", "", "", false),
        ("workload: {kind: Deployment, namespace: batch, name: api}", "", "", false),
        ("workload: {kind: Deployment, namespace: shop, name: web}", "", "", false),
        ("selector: {matchLabels: {team: shop}}", "team=shop", "", true),
        ("selector: {matchLabels: {team: shop}}", "team=web", "", false),
        ("selector: {matchLabels: {team: shop}}", "", "team=shop", false),
        ("selector: {matchLabels: {team: shop, tier: web}}", "team=shop", "", false),
        ("selector: {matchExpressions: [{key: tier, operator: In, values: [web, db]}]}", "tier=db", "", true),
        ("selector: {matchExpressions: [{key: tier, operator: In, values: [web]}]}", "", "", false),
        ("selector: {matchExpressions: [{key: tier, operator: NotIn, values: [web]}]}", "", "", true),
        (
            "selector: {matchExpressions: [{key: tier, operator: NotIn, values: [web]}]}",
            "tier=web",
            "",
            false,
        ),
        ("selector: {matchExpressions: [{key: tier, operator: Exists}]}", "tier=", "", true),
        ("selector: {matchExpressions: [{key: tier, operator: DoesNotExist}]}", "tier=a", "", false),
        ("namespaceSelector: {matchLabels: {env: prod}}", "", "env=prod", true),
        ("namespaceSelector: {matchLabels: {env: prod}}", "env=prod", "", false),
        ("namespaces: [shop], selector: {matchLabels: {a: b}}", "a=b", "", true),
        ("namespaces: [shop], selector: {matchLabels: {a: b}}", "a=c", "", false),
        ("namespaces: [batch], selector: {matchLabels: {a: b}}", "a=b", "", false),
    ] {
        assert_eq!(fit(scope, own, "", namespace), if fits { yes() } else { no() }, "{scope} of {own}");
    }
}

#[test]
fn a_cost_centre_is_that_of_the_object_else_of_its_template_else_of_its_namespace() {
    let (mine, other) = (format!("{LABEL}=CC-1"), format!("{LABEL}=CC-2"));
    let scope = "costCentre: CC-1";
    assert_eq!(fit(scope, &mine, &other, &other), yes());
    assert_eq!(fit(scope, &other, &mine, &mine), no());
    assert_eq!(fit(scope, "", &mine, &other), yes());
    assert_eq!(fit(scope, "", &other, &mine), no());
    assert_eq!(fit(scope, "", "", &mine), yes());
    assert_eq!(fit(scope, "", "", &other), no());
    assert_eq!(fit(scope, "", "", ""), no());
}

#[test]
fn the_namespace_is_asked_for_only_where_a_budget_depends_on_it() {
    let (none, centre) = (Map::default(), labels(&format!("{LABEL}=CC-1")));
    let missing = |scope: &str, own: &Map| one(scope).matching(&target(own, &none, NamespaceLabels::Missing));
    for scope in ["everything: true", "namespaces: [shop]", "selector: {matchLabels: {a: b}}"] {
        assert_ne!(missing(scope, &none), Matching::NeedsNamespace, "{scope}");
    }
    assert_eq!(missing("costCentre: CC-1", &none), Matching::NeedsNamespace);
    assert_eq!(missing("costCentre: CC-1", &centre), yes());
    assert_eq!(missing("costCentre: CC-2", &centre), no());
    let selector = "namespaceSelector: {matchLabels: {env: prod}}";
    assert_eq!(missing(selector, &none), Matching::NeedsNamespace);
    // Whatever the namespace says, this does not fit.
    assert_eq!(missing(&format!("namespaces: [batch], {selector}"), &none), no());
    assert_eq!(missing(&format!("costCentre: CC-2, {selector}"), &centre), no());
}

#[test]
fn a_namespace_that_cannot_be_learned_is_told_with_the_budgets_that_depend_on_it() {
    let of = |name: &str, scope: &str| {
        spec(name, &format!("owner: a, amount: 5, currency: USD, scope: {{{scope}}}")).unwrap()
    };
    let all = budgets(vec![
        of("all", "everything: true"),
        of("centre", "costCentre: CC-1"),
        of("other", "namespaces: [batch], costCentre: CC-1"),
        of("prod", "namespaceSelector: {matchLabels: {env: prod}}"),
    ]);
    let none = Map::default();
    let unavailable = all.matching(&target(&none, &none, NamespaceLabels::Unavailable("watch is down")));
    let budgets = names(&["centre", "prod"]);
    assert_eq!(unavailable, Matching::Unavailable { why: "watch is down".into(), budgets });
    assert_eq!(
        all.matching(&target(&none, &none, NamespaceLabels::Absent)),
        Matching::Budgets(names(&["all"]))
    );
}

#[test]
fn a_namespace_that_is_not_there_has_no_labels() {
    let none = Map::default();
    let absent = |scope: &str| one(scope).matching(&target(&none, &none, NamespaceLabels::Absent));
    assert_eq!(absent("namespaceSelector: {matchLabels: {env: prod}}"), no());
    assert_eq!(absent("namespaceSelector: {matchExpressions: [{key: env, operator: DoesNotExist}]}"), yes());
}

#[test]
fn what_lies_in_no_namespace_is_of_no_budget_that_depends_on_one() {
    let none = Map::default();
    let fit = |scope: &str| {
        let volume = Target {
            kind: "PersistentVolume",
            namespace: None,
            ..target(&none, &none, NamespaceLabels::Missing)
        };
        one(scope).matching(&volume)
    };
    assert_eq!(fit("everything: true"), yes());
    assert_eq!(fit("namespaces: [shop]"), no());
    assert_eq!(fit("costCentre: CC-1"), no());
    assert_eq!(fit("namespaceSelector: {matchExpressions: [{key: env, operator: DoesNotExist}]}"), no());
}
