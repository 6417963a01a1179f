//! Budgets as they are written: what is read, and what is refused with its place.

use tollgate_budget::{Budget, Budgets, BudgetsError, Unbounded, Wrong};
use tollgate_manifest::{Identity, Limits, Mask, read};
use tollgate_vocabulary::{Currency, Effect, Ratio};

use crate::estate::{budget, read_budget, spec};

const WHOLE: &str = r#"
apiVersion: tollgate.dev/v1
kind: Budget
metadata: {name: shop, labels: {team: shop}}
spec:
  owner: team-shop@example.com
  scope:
    namespaces: [shop]
    costCentre: CC-1042
    workload: {kind: Deployment, namespace: shop, name: api}
    selector:
      matchLabels: {team: shop}
      matchExpressions: [{key: tier, operator: In, values: [web]}]
    namespaceSelector: {matchLabels: {env: prod}}
  amount: "500.50"
  currency: EUR
  timeZone: Europe/Berlin
  peakPerHour: 3
  gpus: 0.5
  exposure: "2.5"
  unbounded: warn
  thresholds: [{percent: 100, effect: deny}, {percent: 50, effect: info}, {percent: 80.5, effect: warn}]
"#;

#[test]
fn everything_that_can_be_written_is_read() {
    let budget = read_budget(WHOLE).unwrap();
    assert_eq!((&*budget.name, &*budget.owner), ("shop", "team-shop@example.com"));
    assert_eq!(budget.amount.to_string(), "500.5 EUR");
    assert_eq!(&*budget.time_zone, "Europe/Berlin");
    assert_eq!(budget.peak_per_hour.unwrap().to_string(), "3 EUR");
    assert_eq!(budget.gpus, Ratio::new(1, 2));
    assert_eq!(budget.exposure, Ratio::new(5, 2).unwrap());
    assert_eq!(budget.exposed().unwrap().to_string(), "1251.25 EUR");
    assert_eq!(budget.unbounded, Unbounded::Warn);
    let thresholds = budget.thresholds.all().iter();
    let thresholds: Vec<_> = thresholds.map(|it| (it.percent.to_string(), it.effect)).collect();
    let of = |percent: &str, effect| (percent.to_owned(), effect);
    assert_eq!(thresholds, [of("50", Effect::Info), of("80.5", Effect::Warn), of("100", Effect::Deny)]);
    assert_eq!((&*budget.place.file, budget.place.line, budget.place.column), ("budgets/a.yaml", 15, 11));
}

#[test]
fn what_is_not_said_has_a_default() {
    let budget = budget("a", "500", "");
    assert_eq!((&*budget.time_zone, budget.unbounded), ("UTC", Unbounded::Deny));
    assert_eq!((budget.peak_per_hour, budget.gpus, budget.exposure), (None, None, Ratio::whole(2)));
    let thresholds = budget.thresholds.all().iter();
    let thresholds: Vec<_> = thresholds.map(|it| (it.percent.to_string(), it.effect)).collect();
    assert_eq!(thresholds, [("80".to_owned(), Effect::Warn), ("100".to_owned(), Effect::Deny)]);
}

#[test]
fn null_is_as_if_it_were_not_there() {
    let nulls = budget("a", "500", ", gpus: null, timeZone: null, thresholds: null");
    assert_eq!(nulls, budget("a", "500", ""));
}

#[test]
fn a_budget_is_known_by_group_and_kind() {
    let identity =
        |group: &str, kind: &str| Identity { group: group.into(), kind: kind.into(), ..Identity::default() };
    assert!(Budget::is_one(&identity("tollgate.dev", "Budget")));
    assert!(!Budget::is_one(&identity("tollgate.dev", "Exception")));
    assert!(!Budget::is_one(&identity("example.com", "Budget")));
}

/// A good budget with one line of its spec replaced, or one added.
fn with(key: &str, value: &str) -> Wrong {
    let mut lines =
        vec![("owner", "a"), ("scope", "{everything: true}"), ("amount", "\"5\""), ("currency", "USD")];
    match lines.iter_mut().find(|(name, _)| *name == key) {
        Some(line) => line.1 = value,
        None => lines.push((key, value)),
    }
    let lines: Vec<String> = lines.into_iter().map(|(key, value)| format!("{key}: {value}")).collect();
    spec("a", &lines.join(", ")).map(|budget| panic!("{key}: {value} was read: {budget:?}")).unwrap_err()
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    for (key, value, path, message) in [
        ("amont", "5", "spec.amont", "`amont` means nothing here; known are owner, scope, amount"),
        ("owner", "null", "spec.owner", "a budget has a `owner`"),
        ("owner", "\"  \"", "spec.owner", "here stands text"),
        ("amount", "-5", "spec.amount", "`-5` is less than nothing"),
        ("amount", "\"5 USD\"", "spec.amount", "`5 USD` is no amount"),
        ("amount", "1e30", "spec.amount", "the amount is too large"),
        ("amount", "0.1234567890123456789", "spec.amount", "more than 18 digits"),
        ("amount", "[5]", "spec.amount", "here stands a decimal number"),
        ("currency", "usd", "spec.currency", "`usd` is no currency"),
        ("currency", "5", "spec.currency", "here stands text"),
        (
            "timeZone",
            "Berlin",
            "spec.timeZone",
            "`Berlin` is no zone of the tz database such as `Europe/Berlin`",
        ),
        ("timeZone", "europe/berlin", "spec.timeZone", "`europe/berlin` is no zone"),
        ("timeZone", "Local", "spec.timeZone", "`Local` is no zone"),
        ("timeZone", "../../etc/passwd", "spec.timeZone", "is no zone"),
        ("peakPerHour", "-1", "spec.peakPerHour", "less than nothing"),
        ("gpus", "-1", "spec.gpus", "`-1` is no amount"),
        ("gpus", "many", "spec.gpus", "`many` is no amount"),
        ("exposure", "0.9", "spec.exposure", "`0.9` is less than 1"),
        ("unbounded", "maybe", "spec.unbounded", "here stands one of `deny`, `warn`, `allow`"),
        ("thresholds", "[]", "spec.thresholds", "here stands a list of at least one"),
        ("thresholds", "[{percent: 80, effect: warn}]", "spec.thresholds", "no threshold denies: add"),
        ("thresholds", "[{percent: 80}]", "spec.thresholds[0]", "a threshold has a `effect`"),
        ("thresholds", "[{effect: deny}]", "spec.thresholds[0]", "a threshold has a `percent`"),
        (
            "thresholds",
            "[{percent: 100, effect: undecidable}]",
            "spec.thresholds[0].effect",
            "here stands one of `info`, `warn`, `deny`",
        ),
        (
            "thresholds",
            "[{percent: 0, effect: deny}]",
            "spec.thresholds[0].percent",
            "above 0 and at most 1000",
        ),
        ("thresholds", "[{percent: 1001, effect: deny}]", "spec.thresholds[0].percent", "at most 1000"),
        (
            "thresholds",
            "[{percent: 100, effect: deny}, {percent: 100.0, effect: warn}]",
            "spec.thresholds[1].percent",
            "100 percent stands twice",
        ),
        (
            "thresholds",
            "[{percent: 80, effect: deny}, {percent: 100, effect: warn}]",
            "spec.thresholds",
            "what stands above 80 percent is never reached",
        ),
        ("scope", "{}", "spec.scope", "a scope has at least one of everything, namespaces"),
        ("scope", "everything", "spec.scope", "here stands an object of everything, namespaces"),
        ("scope", "{everything: false}", "spec.scope.everything", "`everything` is `true` or left out"),
        ("scope", "{everything: \"true\"}", "spec.scope.everything", "here stands `true` or `false`"),
        (
            "scope",
            "{everything: true, namespaces: [a]}",
            "spec.scope.everything",
            "`everything` stands alone",
        ),
        ("scope", "{namespace: a}", "spec.scope.namespace", "`namespace` means nothing here"),
        ("scope", "{namespaces: []}", "spec.scope.namespaces", "here stands a list of at least one"),
        ("scope", "{namespaces: shop}", "spec.scope.namespaces", "here stands a list of at least one"),
        ("scope", "{namespaces: [a, Shop_1]}", "spec.scope.namespaces[1]", "`Shop_1` cannot be the name"),
        ("scope", "{costCentre: 1042}", "spec.scope.costCentre", "here stands text"),
        ("scope", "{costCentre: \"\"}", "spec.scope.costCentre", "here stands text"),
        ("scope", "{costCentre: \"CC 1\"}", "spec.scope.costCentre", "`CC 1` cannot be the value of a label"),
        (
            "scope",
            "{workload: {kind: Job, name: a}}",
            "spec.scope.workload",
            "a workload has a `kind`, a `namesp",
        ),
        ("scope", "{selector: {}}", "spec.scope.selector", "an empty selector fits everything"),
        (
            "scope",
            "{selector: {matchLabels: {}}}",
            "spec.scope.selector",
            "an empty selector fits everything",
        ),
        (
            "scope",
            "{selector: {matchlabels: {a: b}}}",
            "spec.scope.selector.matchlabels",
            "means nothing here",
        ),
        (
            "scope",
            "{selector: {matchLabels: {a: 1}}}",
            "spec.scope.selector.matchLabels.a",
            "here stands text",
        ),
        (
            "scope",
            "{namespaceSelector: {matchLabels: {\"a b\": x}}}",
            r#"spec.scope.namespaceSelector.matchLabels["a b"]"#,
            "`a b` cannot be the key of a label",
        ),
        (
            "scope",
            "{selector: {matchExpressions: [{key: a, operator: in, values: [b]}]}}",
            "spec.scope.selector.matchExpressions[0].operator",
            "here stands one of `In`, `NotIn`, `Exists`, `DoesNotExist`",
        ),
        (
            "scope",
            "{selector: {matchExpressions: [{key: a, operator: In}]}}",
            "spec.scope.selector.matchExpressions[0]",
            "a requirement on labels has a `values`",
        ),
        (
            "scope",
            "{selector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}}",
            "spec.scope.selector.matchExpressions[0].values",
            "`Exists` and `DoesNotExist` take no values",
        ),
        (
            "scope",
            "{selector: {matchExpressions: [{operator: Exists}]}}",
            "spec.scope.selector.matchExpressions[0]",
            "a requirement on labels has a `key`",
        ),
    ] {
        let wrong = with(key, value);
        assert_eq!(wrong.path.to_string(), path, "{key}: {value}");
        assert!(wrong.message.contains(message), "{key}: {value} says: {}", wrong.message);
    }
}

#[test]
fn what_stands_around_the_spec_is_read_as_strictly() {
    let head = "apiVersion: tollgate.dev/v1\nkind: Budget\nmetadata: {name: a}\n";
    let good = "spec: {owner: a, scope: {everything: true}, amount: 5, currency: USD}\n";
    assert!(read_budget(&format!("{head}{good}")).is_ok());
    for (text, path, message) in [
        (head.to_owned(), "spec", "a budget has a `spec`"),
        (format!("{head}{good}status: {{}}\n"), "status", "`status` means nothing here"),
        (
            format!("{head}{good}").replace("dev/v1", "dev/v2"),
            "apiVersion",
            "a budget is of `tollgate.dev/v1`",
        ),
        (format!("{head}{good}").replace("name: a}", "labels: {}}"), "metadata", "a budget has a name"),
        (
            format!("{head}{good}").replace("name: a}", "name: a, namespace: b}"),
            "metadata.namespace",
            "a budget lies in no namespace",
        ),
        (format!("{head}spec: [a]\n"), "spec", "here stands an object of owner"),
    ] {
        let wrong = read_budget(&text).unwrap_err();
        assert_eq!(wrong.path.to_string(), path, "{text}");
        assert!(wrong.message.contains(message), "{text} says: {}", wrong.message);
    }
}

#[test]
fn thresholds_need_no_denial_where_that_is_said() {
    assert!(
        spec(
            "a",
            "owner: a, scope: {everything: true}, amount: 5, currency: USD, \
                       thresholds: [{percent: 100, effect: warn}]"
        )
        .is_ok()
    );
    assert!(
        spec(
            "a",
            "owner: a, scope: {everything: true}, amount: 5, currency: USD, \
                       thresholds: [{percent: 120, effect: deny}]"
        )
        .is_ok()
    );
}

#[test]
fn an_amount_may_be_nothing() {
    assert!(budget("a", "0", "").amount.is_zero());
}

#[test]
fn all_that_is_wrong_with_budgets_together_is_said() {
    let centre = "owner: a, scope: {costCentre: CC-1}, amount: 5, currency: EUR";
    let errors = Budgets::new(
        vec![budget("a", "5", ""), budget("b", "5", ""), budget("a", "6", ""), spec("c", centre).unwrap()],
        None,
    )
    .unwrap_err();
    let said: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "budget `a` stands twice: also at budgets/a.yaml:4",
            "budget `c` is in EUR, but `a` is in USD: there is no rate between them, so all are in one",
            "budget `c` is for a cost centre, and `tollgate.toml` names no label that cost centres are written in",
        ]
    );
    assert!(errors.iter().all(|error| error.place().line == 4));
    assert!(matches!(&errors[1], BudgetsError::Currency { in_use: Currency::USD, .. }));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test reads the example estate")]
fn the_budgets_of_the_example_estate_go_together() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../examples/estate/budgets");
    let mut budgets = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let reading = read(&bytes, &Mask::new([7; 32]), &Limits::default()).unwrap();
        let written = reading.objects.iter().filter(|written| Budget::is_one(&written.object.identity));
        budgets.extend(written.map(|written| Budget::read(&"a".into(), written).unwrap()));
    }
    assert!(!budgets.is_empty());
    assert!(Budgets::new(budgets, Some("cost-centre".into())).is_ok());
}
