//! What must hold for every decision: the fold is monotone, equal inputs give equal bytes, nothing missing allows.

use proptest::prelude::*;
use tollgate_gate::{
    Bundle, Change, Effects, Facts, Judged, Mode, RuleFile, Ruling, State, StateChange, Step, Verdict,
    Window, decision, judge, settle,
};
use tollgate_manifest::{Limits, Mask};
use tollgate_vocabulary::{
    Actor, Authentication, Digest, Effect, Fact, Finding, Judge, Origin, Path, Principal, Question, RuleId,
    Severity, Source, Timestamp, Value,
};

const RULES: &str = r#"package shop
import rego.v1
# METADATA
# title: tier present
deny contains "no tier" if not input.context.namespace.metadata.labels.tier
# METADATA
# title: name short
warn contains "long name" if count(input.metadata.name) > 3
# METADATA
# title: team present
deny contains {"msg": "no team", "path": "metadata.labels"} if not input.metadata.labels.team
"#;

fn rule_file(path: &str, text: &str) -> RuleFile {
    RuleFile { root: "policy".into(), path: path.into(), bytes: text.as_bytes().into() }
}

fn bundle(files: &[RuleFile]) -> Bundle {
    Bundle::compile(None, files, &[]).unwrap_or_else(|error| panic!("{error:#?}"))
}

fn change(names: &[(String, bool)]) -> Change {
    let manifests: Vec<_> = names
        .iter()
        .flat_map(|(name, team)| {
            let labels = if *team { ", labels: {team: a}" } else { "" };
            let text = format!(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name:?}, namespace: shop{labels}}}\n"
            );
            let reading =
                tollgate_manifest::read(text.as_bytes(), &Mask::new([1; 32]), &Limits::default()).unwrap();
            reading.objects.into_iter().map(|written| (written.object, Vec::new()))
        })
        .collect();
    let principal = Principal { username: "somebody".into(), ..Principal::default() };
    let actor = Actor { principal, authentication: Authentication::Local };
    Change::of_files(manifests, actor, Timestamp::UNIX_EPOCH)
}

fn facts(fact: Fact) -> Facts {
    [(Question::Namespace("shop".into()), fact)].into_iter().collect()
}

fn known(tier: bool) -> Fact {
    let text = if tier { r#"{"metadata":{"labels":{"tier":"web"}}}"# } else { "{}" };
    let value = tollgate_manifest::json::read(text.as_bytes(), &Limits::default()).unwrap();
    Fact::Known { value: value.into(), observed_at: Timestamp::UNIX_EPOCH, source: Source::Watch }
}

fn done(change: &Change, facts: &Facts, bundle: &Bundle) -> Judged {
    match judge(change, facts, bundle) {
        Step::Done(judged) => judged,
        Step::Need(questions) => panic!("needs {questions:?}"),
    }
}

fn body(change: &Change, facts: &Facts, bundle: &Bundle) -> Vec<u8> {
    let judged = done(change, facts, bundle);
    let (verdict, effects) = settle(&judged, &State::default(), bundle).unwrap();
    decision::body(change, &change.canonical().1, &judged, &verdict, &effects).bytes
}

fn any_effect() -> impl Strategy<Value = Effect> {
    prop_oneof![Just(Effect::Info), Just(Effect::Warn), Just(Effect::Undecidable), Just(Effect::Deny)]
}

fn finding(effect: Effect) -> Finding {
    Finding {
        rule: RuleId::new("r"),
        origin: Origin::Judge(Judge::Policy),
        effect,
        severity: Severity::Low,
        message: String::new(),
        subject: 0,
        path: Path::root(),
        expected: None,
        found: None,
        remedy: None,
        policy: None,
        exception: None,
    }
}

proptest! {
    #[test]
    fn adding_a_finding_never_makes_a_verdict_milder(
        effects in prop::collection::vec(any_effect(), 0..8), more in any_effect(),
    ) {
        let mut findings: Vec<Finding> = effects.into_iter().map(finding).collect();
        let before = Verdict::of(1, findings.clone(), Vec::new());
        findings.push(finding(more));
        let after = Verdict::of(1, findings, Vec::new());
        prop_assert!(after.ruling >= before.ruling);
        prop_assert!(after.subjects[0] >= before.subjects[0]);
    }

    #[test]
    fn effects_are_read_as_they_were_written(
        rows in prop::collection::vec(("[a-z:@]{1,12}", any::<i64>(), any::<u64>()), 0..6), digest in any::<[u8; 32]>(),
    ) {
        let mut changes: Vec<StateChange> = rows
            .into_iter()
            .map(|(principal, start, count)| StateChange::Rate { principal, window: Window { start, count } })
            .collect();
        changes.push(StateChange::Bundle(Digest::from_bytes(digest)));
        let effects = Effects::new(changes);
        prop_assert_eq!(Effects::from_bytes(&effects.to_bytes()).unwrap(), effects);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_rule_files_and_threads_changes_no_byte(
        names in prop::collection::vec(("[a-z]{1,6}", any::<bool>()), 1..6), swap in any::<bool>(), tier in any::<bool>(),
    ) {
        let mut files =
            vec![rule_file("policy/a.rego", RULES), rule_file("policy/b.rego", "package b\nimport rego.v1\nwarn contains \"b\" if not input.exempt\n")];
        let change = change(&names);
        let facts = facts(known(tier));
        let expected = body(&change, &facts, &bundle(&files));
        if swap {
            files.reverse();
        }
        let other = bundle(&files);
        prop_assert_eq!(&body(&change, &facts, &other), &expected);
        let bodies: Vec<Vec<u8>> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| body(&change, &facts, &other))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for found in bodies {
            prop_assert_eq!(&found, &expected);
        }
    }

    #[test]
    fn an_unavailable_fact_never_allows(names in prop::collection::vec(("[a-z]{1,6}", Just(true)), 1..4)) {
        let bundle = bundle(&[rule_file("policy/a.rego", RULES)]);
        let change = change(&names);
        let unavailable = facts(Fact::Unavailable { why: "no watch".into() });
        let judged = done(&change, &unavailable, &bundle);
        let (verdict, effects) = settle(&judged, &State::default(), &bundle).unwrap();
        prop_assert_eq!(verdict.ruling, Ruling::Undecidable);
        prop_assert_eq!(effects, Effects::default());
    }
}

#[test]
fn a_fact_that_was_not_gathered_is_asked_for() {
    let bundle = bundle(&[rule_file("policy/a.rego", RULES)]);
    match judge(&change(&[("a".into(), true)]), &Facts::none(), &bundle) {
        Step::Need(questions) => assert_eq!(questions, [Question::Namespace("shop".into())]),
        Step::Done(judged) => panic!("{judged:?}"),
    }
}

#[test]
fn a_body_is_read_back_as_the_verdict_that_it_tells() {
    let bundle = bundle(&[rule_file("policy/a.rego", RULES)]);
    let change = change(&[("long-name".into(), false)]);
    let facts = facts(known(false));
    let judged = done(&change, &facts, &bundle);
    let (verdict, effects) = settle(&judged, &State::default(), &bundle).unwrap();
    assert_eq!(verdict.ruling, Ruling::Deny);
    assert_eq!(verdict.findings.len(), 3);
    let told =
        decision::read(&decision::body(&change, &change.canonical().1, &judged, &verdict, &effects).bytes)
            .unwrap();
    assert_eq!(told.verdict, verdict);
    assert_eq!(told.subjects, ["CREATE ConfigMap shop/long-name"]);
    assert_eq!((told.bundle, told.change), (bundle.digest(), change.canonical().1));
}

#[test]
fn another_bundle_in_force_supersedes_the_judgement() {
    let bundle = bundle(&[rule_file("policy/a.rego", RULES)]);
    let judged = done(&change(&[("a".into(), true)]), &facts(known(true)), &bundle);
    let state = State { bundle: Some(Digest::of(b"other")), ..State::default() };
    let superseded = settle(&judged, &state, &bundle).unwrap_err();
    assert_eq!((superseded.judged, superseded.in_force), (bundle.digest(), Digest::of(b"other")));
}

#[test]
fn a_bundle_without_rules_is_refused() {
    let error = Bundle::compile(None, &[rule_file("policy/a.rego", "package a\n")], &[]).unwrap_err();
    assert!(error.to_string().contains("there is no rule"), "{error}");
}

#[test]
fn a_mode_for_a_rule_that_does_not_exist_is_refused() {
    let config = RuleFile {
        root: "".into(),
        path: "tollgate.toml".into(),
        bytes: "[rule.tier-presnt]\nmode = \"warn\"\n".as_bytes().into(),
    };
    let error = Bundle::compile(Some(&config), &[rule_file("policy/a.rego", RULES)], &[]).unwrap_err();
    assert!(error.to_string().contains("tollgate.toml:1:7: a mode is set for rule `tier-presnt`"), "{error}");
    let exception = "apiVersion: tollgate.dev/v1\nkind: Exception\nmetadata: {name: e}\nspec:\n  rule: nobody\n  \
        subjects: [{kind: Namespace, name: a}]\n  owner: o\n  reason: r\n  expires: 2027-01-31T00:00:00Z\n";
    let files = [rule_file("policy/a.rego", RULES), rule_file("policy/e.yaml", exception)];
    let error = Bundle::compile(None, &files, &[]).unwrap_err();
    assert!(error.to_string().contains("policy/e.yaml:5:9: exception `e` is for rule `nobody`"), "{error}");
    assert_eq!(
        bundle(&[rule_file("policy/a.rego", RULES)]).config().mode(&RuleId::new("tier-present")),
        Mode::Enforce
    );
}

#[test]
fn the_rate_is_counted_per_principal_and_refuses_what_is_too_much() {
    let config = RuleFile {
        root: "".into(),
        path: "tollgate.toml".into(),
        bytes: "[rate]\nchanges = 2\nwindow = \"1m\"\n".as_bytes().into(),
    };
    let bundle = Bundle::compile(Some(&config), &[rule_file("policy/a.rego", RULES)], &[]).unwrap();
    let review = r#"{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"1","kind":{"group":"","version":"v1","kind":"ConfigMap"},
        "resource":{"group":"","version":"v1","resource":"configmaps"},"operation":"CREATE","userInfo":{"username":"ann"},"namespace":"shop",
        "object":{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"shop","labels":{"team":"t"}}}}}"#;
    let review =
        tollgate_gate::Review::decode(review.as_bytes(), &Mask::new([1; 32]), &Limits::default()).unwrap();
    let change = review.into_change(Authentication::Unauthenticated, Timestamp::UNIX_EPOCH);
    let judged = done(&change, &facts(known(true)), &bundle);
    let mut state = State::default();
    for expected in [Ruling::Allow, Ruling::Allow, Ruling::Deny] {
        let (verdict, effects) = settle(&judged, &state, &bundle).unwrap();
        assert_eq!(verdict.ruling, expected);
        state.apply(&effects);
    }
    let token = Mask::new([1; 32]).token(b"ann");
    assert_eq!(state.rates.get(&token).map(|window| window.count), Some(2));
    assert!(!format!("{state:?}").contains("ann"), "effects are never deleted, so they hold no name");
}

/// Values keep their order whatever order they were written in.
#[test]
fn reformatting_a_manifest_changes_no_digest() {
    let digest = |text: &str| {
        let reading =
            tollgate_manifest::read(text.as_bytes(), &Mask::new([1; 32]), &Limits::default()).unwrap();
        reading.objects[0].object.digest()
    };
    let block = "kind: ConfigMap\napiVersion: v1\n# why\nmetadata:\n  name: \"a\"\ndata: {x: 'y'}\n";
    assert_eq!(
        digest(block),
        digest(
            "{\"apiVersion\": \"v1\", \"data\": {\"x\": \"y\"}, \"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"a\"}}"
        )
    );
    assert_eq!(Value::Null, Value::default());
}
