//! What a set answers, from the files that users write.
#![expect(clippy::disallowed_methods, reason = "the tests read the corpus and judge from several threads")]

use std::sync::Arc;

use tollgate_policy::{
    BuiltinErrors, Dialect, Head, LoadError, NamespaceFact, Options, Outcome, PackageOptions, PolicySet,
    RuleError, RuleFile, Subject, Surface, TestOutcome, Violation, compile, load, mend,
};
use tollgate_vocabulary::{Severity, Timestamp, Value};

fn corpus(folder: &str) -> Vec<RuleFile> {
    let root = format!("{}/../../../corpus/policy/{folder}", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<RuleFile> = std::fs::read_dir(&root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            file(path.file_name().unwrap().to_str().unwrap(), &std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn file(name: &str, text: &str) -> RuleFile {
    RuleFile { root: "policy".into(), path: format!("policy/{name}").into(), bytes: text.as_bytes().into() }
}

fn set(text: &str) -> PolicySet {
    compile(&[file("a.rego", text)], &Options::default()).unwrap()
}

fn refused(text: &str) -> LoadError {
    compile(&[file("a.rego", text)], &Options::default()).unwrap_err().remove(0)
}

fn json(text: &str) -> Value {
    tollgate_manifest::json::read(text.as_bytes(), &tollgate_manifest::Limits::default()).unwrap()
}

fn request(operation: &str, object: &str) -> Value {
    let (object, old) = if operation == "DELETE" { ("null", object) } else { (object, "null") };
    json(&format!(
        r#"{{"operation": "{operation}", "kind": {{"group": "apps", "version": "v1", "kind": "Deployment"}},
            "namespace": "shop", "object": {object}, "oldObject": {old}}}"#
    ))
}

fn subject(request: &Value) -> Subject<'_> {
    Subject {
        request,
        at: Timestamp::UNIX_EPOCH,
        namespace: NamespaceFact::Absent,
        surface: Surface::Admission,
    }
}

fn judge(set: &PolicySet, object: &str) -> Vec<Outcome> {
    set.judge(&subject(&request("CREATE", object))).outcomes
}

fn found(set: &PolicySet, object: &str) -> Vec<(String, Violation)> {
    let of = |outcome: Outcome| {
        let id = set.rules()[outcome.rule].id.to_string();
        assert_eq!(outcome.error, None, "{id}");
        outcome.violations.into_iter().map(move |violation| (id.clone(), violation))
    };
    judge(set, object).into_iter().flat_map(of).collect()
}

fn ids(set: &PolicySet, object: &str) -> Vec<String> {
    found(set, object).into_iter().map(|(id, _)| id).collect()
}

const NAMED: &str = "cost-centre-is-named";
const FORMAT: &str = "cost-centre-format";
const MODEL: &str = "a-multimodal-model-names-its-responsible-ai-model";

#[test]
fn the_finops_rules_say_the_same_in_both_generations() {
    let v0 = compile(&corpus("finops-v0"), &Options::default()).unwrap();
    let v1 = compile(&corpus("finops-v1"), &Options::default()).unwrap();
    for set in [&v0, &v1] {
        let rules: Vec<_> = set.rules().iter().map(|rule| rule.id.as_str()).collect();
        assert_eq!(rules, [NAMED, FORMAT, MODEL]);
        assert!(set.rules().iter().all(|rule| rule.head == Head::Deny && &*rule.package == "finops"));
        assert_eq!(set.rules()[0].severity, Severity::High);
        let cases = [
            (r#"{"kind": "Deployment"}"#, vec![NAMED]),
            (r#"{"kind": "Deployment", "metadata": {"name": "api"}}"#, vec![NAMED]),
            (
                r#"{"kind": "Deployment", "metadata": {"labels": {"finops.apexlogic.com/cost-center": "CC-12"}}}"#,
                vec![FORMAT],
            ),
            (
                r#"{"kind": "Deployment", "metadata": {"labels": {"finops.apexlogic.com/cost-center": "CC-1234"}}}"#,
                vec![],
            ),
            (
                r#"{"kind": "Deployment", "metadata": {"labels": {"finops.apexlogic.com/cost-center": "CC-1234",
                    "ai.apexlogic.com/model-type": "multimodal"}}}"#,
                vec![MODEL],
            ),
            (
                r#"{"kind": "Deployment", "metadata": {"labels": {"finops.apexlogic.com/cost-center": "CC-1234",
                    "ai.apexlogic.com/model-type": "multimodal"},
                    "annotations": {"ai.apexlogic.com/responsible-ai-model-id": "m-1"}}}"#,
                vec![],
            ),
        ];
        for (object, wanted) in cases {
            assert_eq!(ids(set, object), wanted, "{object}");
        }
    }
}

#[test]
fn a_violation_says_where_and_what() {
    let set = compile(&corpus("finops-v1"), &Options::default()).unwrap();
    let object =
        r#"{"kind": "Deployment", "metadata": {"labels": {"finops.apexlogic.com/cost-center": "CC-12"}}}"#;
    let (_, violation) = found(&set, object).remove(0);
    assert_eq!(violation.message, "cost centre `CC-12` is not well formed");
    assert_eq!(violation.path.unwrap().to_string(), r#"metadata.labels["finops.apexlogic.com/cost-center"]"#);
    assert_eq!(violation.expected.as_deref(), Some("must match ^CC-[0-9]{4}$"));
    assert_eq!(violation.found.as_deref(), Some("CC-12"));
    let rule = &set.rules()[1];
    assert_eq!((&*rule.place.file, rule.place.line), ("policy/finops.rego", 36));
}

#[test]
fn broken_files_are_refused_with_their_place() {
    let wanted = [
        ("clock.rego", "refused-builtin", 5, Some(Dialect::V1)),
        ("http-send.rego", "refused-builtin", 6, Some(Dialect::V1)),
        ("mixed-input.rego", "mixed-input", 5, None),
        ("not-offered.rego", "not-offered", 5, None),
        ("recursion.rego", "recursion", 7, None),
        ("syntax-v0.rego", "rego-syntax", 4, Some(Dialect::V0)),
        ("syntax-v1.rego", "rego-syntax", 6, Some(Dialect::V1)),
        ("undefined-function.rego", "undefined-function", 5, Some(Dialect::V0)),
        ("unsafe-variable.rego", "unsafe-variable", 5, Some(Dialect::V1)),
    ];
    let files = corpus("broken");
    assert_eq!(files.len(), wanted.len());
    for (file, (name, code, line, dialect)) in files.into_iter().zip(wanted) {
        assert!(file.path.ends_with(name));
        let errors = compile(&[file], &Options::default()).unwrap_err();
        let error = &errors[0];
        assert_eq!((error.code, error.line, error.dialect), (code, line, dialect), "{error}");
        assert!(
            error.to_string().starts_with(&format!("policy/{name}:{line}:{}: ", error.column)),
            "{error}"
        );
    }
}

#[test]
fn a_policy_of_methods_is_refused_at_each_with_the_rewrite() {
    let text = include_str!("../../../../corpus/policy/has-own-property.rego");
    let files = [file("has-own-property.rego", text)];
    let errors = compile(&files, &Options::default()).unwrap_err();
    let said: Vec<_> = errors.iter().map(|error| (error.code, error.line, error.column)).collect();
    let wanted = [
        ("undefined-function", 5, 6),
        ("duplicate-condition", 11, 2),
        ("undefined-function", 13, 6),
        ("undefined-function", 19, 2),
    ];
    assert_eq!(said, wanted);
    for error in errors.iter().filter(|error| error.code == "undefined-function") {
        assert_eq!(error.dialect, Some(Dialect::V0));
        assert!(
            error.remedy.as_deref().is_some_and(|remedy| remedy.contains("in object.keys(")),
            "{error:?}"
        );
    }
    let first = errors[1].related.as_ref().map(|first| (&*first.file, first.line, first.column));
    assert_eq!(first, Some(("policy/has-own-property.rego", 10, 2)));

    let mended = mend(&files, false).unwrap();
    assert_eq!(mended.len(), 1);
    assert_eq!(mended[0].after, include_str!("../../../../corpus/policy/has-own-property/mended.rego"));
    assert_eq!(mended[0].places, 5);
    let modern = mend(&files, true).unwrap().remove(0).after;
    for after in [&mended[0].after, &modern] {
        let mended = [file("has-own-property.rego", after)];
        let set = compile(&mended, &Options::default()).unwrap();
        assert_eq!(set.hints(), []);
        assert_eq!(mend(&mended, false), Ok(Vec::new()));
        let labelled =
            |labels: &str| format!(r#"{{"kind": "Deployment", "metadata": {{"labels": {labels}}}}}"#);
        for (object, denied) in [
            (r#"{"kind": "Deployment", "metadata": {}}"#.to_owned(), 1),
            (labelled(r#"{"finops.apexlogic.com/cost-center": "CC-1234"}"#), 0),
            (labelled(r#"{"finops.apexlogic.com/cost-center": "CC-12"}"#), 1),
            (
                labelled(
                    r#"{"finops.apexlogic.com/cost-center": "CC-1234", "ai.apexlogic.com/model-type": "multimodal"}"#,
                ),
                1,
            ),
        ] {
            assert_eq!(found(&set, &object).len(), denied, "{object}");
        }
    }
    assert!(modern.contains("deny contains msg if {"), "{modern}");
}

#[test]
fn what_is_doubtful_is_a_hint_and_the_set_loads() {
    let text = "package a\nimport data.nothing\ndeny contains \"x\" if {\n\tinput.kind == \"Pod\"\n\tunread := 1\n}\n";
    let files = [file("a.rego", text)];
    let set = compile(&files, &Options::default()).unwrap();
    let said: Vec<_> =
        set.hints().iter().map(|hint| (hint.code, hint.line, hint.column, hint.end_column)).collect();
    assert_eq!(said, [("unused-import", 2, 1, Some(20)), ("unused-variable", 5, 2, Some(8))]);
    let mended = mend(&files, false).unwrap();
    assert!(!mended[0].after.contains("import"), "{mended:?}");
}

#[test]
fn an_exemption_with_a_reason_turns_a_check_down_and_an_unneeded_one_is_a_hint() {
    let frozen = "package a\n# tollgate:allow always-matches nothing is deployed in the holidays\ndeny contains \"x\" if true\n";
    assert_eq!(set(frozen).hints(), []);
    let needless =
        "package a\n# tollgate:allow never-matches it does\ndeny contains \"x\" if input.kind == \"Pod\"\n";
    assert_eq!(
        set(needless).hints().iter().map(|hint| hint.code).collect::<Vec<_>>(),
        ["unneeded-exemption"]
    );
}

#[test]
fn a_field_that_no_kind_has_is_refused_with_what_was_meant() {
    let error = refused(
        "package a\ndeny contains \"x\" if {\n\tinput.request.kind.kind == \"Deployment\"\n\tinput.request.object.spec.replica < 2\n}\n",
    );
    assert_eq!((error.code, error.line), ("unknown-field", 4));
    assert!(error.remedy.is_some_and(|remedy| remedy.contains("`replicas`")));
}

#[test]
fn what_a_refused_set_has_of_doubts_is_told_too() {
    let text = "package a\nimport data.nothing\ndeny contains \"x\" if nothing_at_all(input)\n";
    let refused = load(&[file("a.rego", text)], &Options::default()).unwrap_err();
    assert_eq!(refused.errors.iter().map(|error| error.code).collect::<Vec<_>>(), ["undefined-function"]);
    assert_eq!(refused.hints.iter().map(|hint| hint.code).collect::<Vec<_>>(), ["unused-import"]);
}

#[test]
fn rules_that_are_right_load_without_a_word() {
    for folder in ["realistic", "realistic-object", "finops-v0", "finops-v1"] {
        let mut files = corpus(folder);
        files.retain(|file| file.path.ends_with(".rego") || file.path.ends_with("data.json"));
        let set = load(&files, &Options::default()).unwrap_or_else(|refused| panic!("{folder}: {refused:?}"));
        let hints: Vec<_> = set.hints().iter().filter(|hint| hint.code != "shared-id").collect();
        assert!(hints.is_empty(), "{folder}: {hints:?}");
    }
}

#[test]
fn a_syntax_error_says_what_the_file_was_read_as() {
    let error = refused("package a\n\ndeny[msg] {\n\tmsg := \n}\n");
    assert!(error.message.ends_with("(read as Rego v0)"), "{error}");
    let error = refused("package a\nimport rego.v1\n\ndeny contains msg {\n\tmsg := 1\n}\n");
    assert!(error.message.ends_with("(read as Rego v1)"), "{error}");
    assert!(error.remedy.is_some());
}

#[test]
fn an_error_in_one_rule_leaves_the_others_their_findings() {
    let set = set(r#"package a
# METADATA
# title: first
deny contains "x" if to_number(input.spec) == 1
# METADATA
# title: second
deny contains "y" if input.spec
total := count(deny)
"#);
    let outcomes = judge(&set, r#"{"spec": "abc"}"#);
    match &outcomes[0].error {
        Some(RuleError::Runtime { message, place }) => {
            assert!(message.starts_with("to_number: "), "{message}");
            assert_eq!(place.as_ref().unwrap().line, 4);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(outcomes[1].violations[0].message, "y");
}

#[test]
fn other_rules_still_see_all_bodies_of_a_head() {
    let set = set(r#"package a
# METADATA
# title: one
deny contains "x" if input.x
# METADATA
# title: two
deny contains "y" if input.y
warn contains sprintf("%d denied", [count(deny)]) if true
"#);
    let warned: Vec<_> =
        found(&set, r#"{"x": true, "y": true}"#).into_iter().map(|(_, v)| v.message).collect();
    assert_eq!(warned, ["x", "y", "2 denied"]);
}

#[test]
fn an_error_in_one_body_leaves_the_other_bodies_of_its_rule_their_findings() {
    let set = set(r#"package a
deny contains "x" if to_number(input.spec) == 1
deny contains "y" if input.spec
"#);
    let outcomes = judge(&set, r#"{"spec": "abc"}"#);
    assert!(matches!(outcomes[0].error, Some(RuleError::Runtime { .. })), "{outcomes:?}");
    assert_eq!(outcomes[0].violations[0].message, "y");
}

#[test]
fn a_package_may_take_errors_of_builtins_for_undefined_but_no_conflict() {
    let files = [file(
        "a.rego",
        r#"package a
deny contains "x" if to_number(input.spec) == 1
deny contains "y" if input.spec
warn contains port if port := input.one
warn contains "clash" if clash
clash := input.one
clash := input.two
"#,
    )];
    let lenient = PackageOptions { builtin_errors: BuiltinErrors::Undefined, ..PackageOptions::default() };
    let with = |package: &str| Options { packages: [(package.into(), lenient)].into(), ..Options::default() };
    let judged = |options: &Options, object| judge(&compile(&files, options).unwrap(), object);
    let errs =
        |options: &Options, object| judged(options, object).iter().any(|outcome| outcome.error.is_some());
    let object = r#"{"spec": "abc"}"#;
    assert!(errs(&Options::default(), object) && errs(&with("b"), object));
    assert!(!errs(&with("a"), object));
    assert_eq!(judged(&with("a"), object)[0].violations[0].message, "y");
    assert!(errs(&with("a"), r#"{"one": "1", "two": "2"}"#), "values in conflict are no error of a builtin");
}

#[test]
fn a_rule_that_reaches_its_limit_errs_and_the_others_answer() {
    let set = set(r#"package a
# METADATA
# title: endless
deny contains "x" if {
	r := numbers.range(1, 3000)
	count([1 | some a in r; some b in r; some c in r; a + b == c]) > input.most
}
# METADATA
# title: says
deny contains "y" if not input.exempt
"#);
    let outcomes = judge(&set, r#"{"most": 1}"#);
    assert!(matches!(outcomes[0].error, Some(RuleError::Limit(_))), "{outcomes:?}");
    assert_eq!(outcomes[1].violations.len(), 1);
}

#[test]
fn a_value_that_is_no_violation_is_the_rules_error() {
    for (rule, wanted) in [
        ("deny contains 1 if not input.exempt", "holds a number"),
        ("deny contains {\"text\": \"x\"} if not input.exempt", "without `msg`"),
        ("deny contains {\"msg\": \"x\", \"severity\": \"awful\"} if not input.exempt", "`severity`"),
        ("deny contains {\"msg\": \"x\", \"path\": \"a..b\"} if not input.exempt", "`path`"),
        ("deny := 3 if not input.exempt", "holds a number"),
    ] {
        let outcomes = judge(&set(&format!("package a\n{rule}\n")), "{}");
        match &outcomes[0].error {
            Some(RuleError::Shape(message)) => assert!(message.contains(wanted), "{message}"),
            other => panic!("{rule}: {other:?}"),
        }
    }
}

#[test]
fn complete_rules_deny_too() {
    for (rule, wanted) in [
        ("deny := \"no\" if input.x", "no"),
        ("# METADATA\n# title: Not so\ndeny if input.x", "Not so"),
        ("default deny := false\ndeny := true if input.x", "denied"),
        ("deny[msg] if { input.x; msg := \"keyed\" }", "keyed"),
    ] {
        let set = set(&format!("package a\n{rule}\n"));
        assert_eq!(found(&set, r#"{"x": true}"#)[0].1.message, wanted, "{rule}");
        assert!(found(&set, "{}").is_empty(), "{rule}");
        assert_eq!(set.rules().len(), 1);
    }
}

#[test]
fn deletions_subresources_and_dying_objects_are_out_of_scope_by_default() {
    let bare = set("package a\ndeny contains \"x\" if not input.exempt\n");
    let wide = set(r#"# METADATA
# custom:
#   operations: [CREATE, UPDATE, DELETE, CONNECT]
#   subresources: [scale]
#   deleting: true
package a
deny contains "x" if not input.exempt
"#);
    let dying = request("UPDATE", r#"{"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}}"#);
    let scale = json(r#"{"operation": "UPDATE", "subResource": "scale", "object": {}}"#);
    let status = json(r#"{"operation": "UPDATE", "subResource": "status", "object": {}}"#);
    for (request, in_bare, in_wide) in [
        (request("CREATE", "{}"), true, true),
        (request("UPDATE", "{}"), true, true),
        (request("DELETE", "{}"), false, true),
        (dying, false, true),
        (scale, false, true),
        (status, false, false),
    ] {
        assert_eq!(bare.in_scope(&subject(&request)), in_bare, "{request:?}");
        assert_eq!(wide.in_scope(&subject(&request)), in_wide, "{request:?}");
        assert_eq!(bare.judge(&subject(&request)).outcomes.len(), usize::from(in_bare));
    }
}

#[test]
fn a_deletion_is_judged_by_the_old_object() {
    let set = set(
        "# METADATA\n# custom:\n#   operations: [DELETE]\npackage a\ndeny contains input.metadata.name if true\n",
    );
    let request = request("DELETE", r#"{"metadata": {"name": "gone"}}"#);
    let outcomes = set.judge(&subject(&request)).outcomes;
    assert_eq!(outcomes[0].violations[0].message, "gone");
}

#[test]
fn the_namespace_is_asked_for_only_where_it_is_read() {
    let set = set(r#"package a
# METADATA
# title: reads
deny contains "frozen" if tier == "frozen"
tier := input.context.namespace.metadata.labels.tier
warn contains input.context.at if true
"#);
    assert!(set.rules()[0].reads_namespace);
    assert!(!set.rules()[1].reads_namespace);
    let request = request("CREATE", "{}");
    let with = |namespace| Subject {
        request: &request,
        at: Timestamp::UNIX_EPOCH,
        namespace,
        surface: Surface::Admission,
    };
    let missing = set.judge(&with(NamespaceFact::Missing)).outcomes;
    assert_eq!(missing[0].error, Some(RuleError::NeedsNamespace));
    assert_eq!(missing[1].violations[0].message, "1970-01-01T00:00:00Z");
    let unavailable = set.judge(&with(NamespaceFact::Unavailable("no watch"))).outcomes;
    assert_eq!(unavailable[0].error, Some(RuleError::NamespaceUnavailable("no watch".to_owned())));
    let namespace = json(r#"{"metadata": {"labels": {"tier": "frozen"}}}"#);
    let known = set.judge(&with(NamespaceFact::Known(&namespace))).outcomes;
    assert_eq!(known[0].violations[0].message, "frozen");
    let absent = set.judge(&with(NamespaceFact::Absent)).outcomes;
    assert_eq!(absent.iter().map(|outcome| outcome.rule).collect::<Vec<_>>(), [1]);
}

#[test]
fn a_namespace_that_nobody_can_tell_silences_no_other_body() {
    let set = set(r#"package a
deny contains "frozen" if input.context.namespace.metadata.labels.tier == "frozen"
deny contains "named" if input.metadata.name == "api"
"#);
    let request = request("CREATE", r#"{"metadata": {"name": "api"}}"#);
    let subject = Subject {
        request: &request,
        at: Timestamp::UNIX_EPOCH,
        namespace: NamespaceFact::Unavailable("no watch"),
        surface: Surface::Admission,
    };
    let outcomes = set.judge(&subject).outcomes;
    assert_eq!(outcomes[0].error, Some(RuleError::NamespaceUnavailable("no watch".to_owned())));
    assert_eq!(outcomes[0].violations[0].message, "named");
}

#[test]
fn a_namespace_that_no_condition_comes_to_is_not_asked_for() {
    let set = set(r#"package a
deny contains "frozen" if {
	input.kind == "Deployment"
	input.context.namespace.metadata.labels.tier == "frozen"
}
"#);
    let judged = |object: &str| {
        let request = request("CREATE", object);
        set.judge(&Subject {
            request: &request,
            at: Timestamp::UNIX_EPOCH,
            namespace: NamespaceFact::Missing,
            surface: Surface::Admission,
        })
    };
    assert!(judged(r#"{"kind": "ConfigMap"}"#).outcomes.is_empty());
    let needs = judged(r#"{"kind": "Deployment"}"#).outcomes;
    assert_eq!(needs[0].error, Some(RuleError::NeedsNamespace));
}

#[test]
fn all_of_input_may_be_handed_on_without_asking_for_what_is_in_it() {
    let judged = |rule: &str| {
        let set = set(&format!(
            "package a\nworkload := input\nspec(object) := object.spec\nframed(object) := object.context.namespace.metadata\n{rule}\n"
        ));
        let request = request("CREATE", r#"{"spec": {"x": 1}}"#);
        set.judge(&Subject {
            request: &request,
            at: Timestamp::UNIX_EPOCH,
            namespace: NamespaceFact::Missing,
            surface: Surface::Admission,
        })
        .outcomes
    };
    for asks_nothing in [
        "deny contains \"x\" if workload.spec.x == 1",
        "deny contains \"x\" if spec(input).x == 1",
        "deny contains \"x\" if { y := input; z := y; z.spec.x == 1 }",
        "deny contains \"x\" if { c := input.spec; c.x == 1 }",
    ] {
        let outcomes = judged(asks_nothing);
        assert_eq!((outcomes.len(), &outcomes[0].error), (1, &None), "{asks_nothing}");
    }
    for asks in [
        "deny contains \"x\" if workload.context.namespace.metadata",
        "deny contains \"x\" if framed(workload)",
        "deny contains \"x\" if { y := workload.context; y.namespace.metadata }",
        "deny contains \"x\" if { y := workload; y[\"context\"].namespace.metadata }",
        "deny contains \"x\" if { some k, v in workload; k == \"context\"; v.namespace.metadata }",
        "deny contains \"x\" if contains(json.marshal(workload), \"frozen\")",
        "deny contains \"x\" if [workload][0].context.namespace.metadata",
        "deny contains \"x\" if workload != {}",
        "deny contains \"x\" if walk(workload, [[\"context\", \"namespace\"], _])",
    ] {
        let outcomes = judged(asks);
        assert_eq!(
            outcomes.first().and_then(|one| one.error.clone()),
            Some(RuleError::NeedsNamespace),
            "{asks}"
        );
    }
}

#[test]
fn a_finding_knows_the_path_that_its_conditions_read() {
    for (body, object, path, found) in [
        ("not input.metadata.labels.team", r#"{"metadata": {}}"#, "metadata.labels.team", None),
        ("input.spec.replicas < 2", r#"{"spec": {"replicas": 1}}"#, "spec.replicas", Some("1")),
        (
            "some c in input.spec.containers; endswith(c.image, \":latest\")",
            r#"{"spec": {"containers": [{"image": "a:1"}, {"image": "b:latest"}]}}"#,
            "spec.containers[1].image",
            Some("b:latest"),
        ),
        (
            "bad := {c.image | some c in input.spec.containers; not startswith(c.image, \"x/\")}; count(bad) > 0",
            r#"{"spec": {"containers": [{"image": "x/a"}, {"image": "b"}]}}"#,
            "spec.containers[1].image",
            Some("b"),
        ),
        (
            "input.kind == \"Pod\"; not is_labelled",
            r#"{"kind": "Pod", "metadata": {"labels": {"a": "b"}}}"#,
            "metadata.labels.team",
            None,
        ),
        (
            "walk(input.spec, [_, v]); v == \"bad\"",
            r#"{"spec": {"a": [{"b": "bad"}]}}"#,
            "spec.a[0].b",
            Some("bad"),
        ),
    ] {
        let text = format!(
            "package a\nimport rego.v1\nis_labelled if input.metadata.labels.team\ndeny contains \"x\" if {{ {body} }}\n"
        );
        let found_all = self::found(&set(&text), object);
        let (_, violation) = &found_all[0];
        assert_eq!(violation.path.as_ref().map(ToString::to_string).as_deref(), Some(path), "{body}");
        assert_eq!(violation.found.as_deref(), found, "{body}");
    }
}

#[test]
fn data_stands_at_its_folder_and_never_twice() {
    let rule = file("a.rego", "package a\ndeny contains x if some x in data.teams.approved\n");
    let yaml = file("teams/any.yaml", "approved:\n- blue\n");
    let exception = file("ex.yaml", "apiVersion: tollgate.dev/v1\nkind: Exception\n");
    let set = compile(&[rule.clone(), yaml.clone(), exception], &Options::default()).unwrap();
    assert_eq!(found(&set, "{}")[0].1.message, "blue");
    let again = file("teams/other.json", r#"{"approved": []}"#);
    let errors = compile(&[rule.clone(), yaml, again], &Options::default()).unwrap_err();
    assert_eq!((errors[0].code, &*errors[0].file), ("data-conflict", "policy/teams/other.json"));
    let clash = file("a/deny.json", r#"{"deny": ["x"]}"#);
    let errors = compile(&[rule, clash], &Options::default()).unwrap_err();
    assert_eq!((errors[0].code, errors[0].line), ("data-conflict", 2));
}

#[test]
fn case_insensitive_and_unicode_regexes_work() {
    let set = set("package a\ndeny contains \"x\" if regex.match(`(?i)^größe\\p{L}$`, input.name)\n");
    assert_eq!(found(&set, r#"{"name": "GRÖSSE"}"#).len(), 0);
    assert_eq!(found(&set, r#"{"name": "GRÖßEn"}"#).len(), 1);
}

#[test]
fn tests_of_the_estate_are_run() {
    let set = compile(&corpus("finops-v1"), &Options::default()).unwrap();
    let results: Vec<_> =
        set.run_tests().into_iter().map(|test| (test.name.to_string(), test.outcome)).collect();
    let wanted = [
        ("test_missing_labels_are_denied", TestOutcome::Passed),
        ("test_malformed_cost_centre_is_denied", TestOutcome::Passed),
        ("test_other_kinds_pass", TestOutcome::Passed),
        ("test_this_one_fails", TestOutcome::Failed),
        ("todo_test_budget", TestOutcome::Skipped),
    ];
    assert_eq!(results, wanted.map(|(name, outcome)| (name.to_owned(), outcome)));
}

#[test]
fn two_bodies_with_one_id_are_one_rule_and_a_hint() {
    let set = set(r#"package a
# METADATA
# title: same
deny contains "x" if not input.exempt
# METADATA
# title: same
deny contains "y" if not input.exempt
"#);
    assert_eq!(set.rules().len(), 1);
    assert_eq!(found(&set, "{}").len(), 2);
    assert_eq!(set.hints()[0].code, "shared-id");
}

#[test]
fn a_narrowed_set_asks_its_packages_alone() {
    let files = [
        file("a.rego", "package a\ndeny contains \"x\" if not input.exempt\n"),
        file("b.rego", "package b\ndeny contains \"x\" if not input.exempt\n"),
    ];
    let options = Options { only: vec!["b".into()], ..Options::default() };
    let set = compile(&files, &options).unwrap();
    assert_eq!(set.rules().iter().map(|rule| &*rule.package).collect::<Vec<_>>(), ["b"]);
}

#[test]
fn a_subject_that_is_very_deep_is_judged() {
    let set = set("package a\ndeny contains \"x\" if input.x\nwarn contains \"y\" if walk(input, [_, 7])\n");
    let deep = (0..1_000).fold(Value::Null, |inner, _| Value::Array(vec![inner]));
    let object = Value::Object([("x", deep)].into_iter().collect());
    let request =
        Value::Object([("operation", Value::from("CREATE")), ("object", object)].into_iter().collect());
    let outcomes = set.judge(&subject(&request)).outcomes;
    assert_eq!(outcomes.iter().map(|outcome| outcome.violations.len()).collect::<Vec<_>>(), [1]);
    assert_eq!(outcomes[0].error, None);
}

#[test]
fn eight_threads_get_equal_answers() {
    let mut files = corpus("finops-v1");
    let set = Arc::new(compile(&files, &Options::default()).unwrap());
    files.reverse();
    let reversed = compile(&files, &Options::default()).unwrap();
    let object =
        r#"{"kind": "Deployment", "metadata": {"labels": {"finops.apexlogic.com/cost-center": "CC-1"}}}"#;
    let wanted = judge(&reversed, object);
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let (set, wanted) = (set.clone(), wanted.clone());
            std::thread::spawn(move || (0..50).all(|_| judge(&set, object) == wanted))
        })
        .collect();
    assert!(threads.into_iter().all(|thread| thread.join().unwrap()));
}

#[test]
fn the_realistic_rules_find_the_same_in_both_forms() {
    let review =
        std::fs::read(format!("{}/../../../corpus/policy/realistic/review.json", env!("CARGO_MANIFEST_DIR")));
    let review = json(std::str::from_utf8(&review.unwrap()).unwrap());
    let request = review.get("request").unwrap();
    for folder in ["realistic", "realistic-object"] {
        let mut files = corpus(folder);
        files.retain(|file| file.path.ends_with(".rego") || file.path.ends_with("data.json"));
        let set = compile(&files, &Options::default()).unwrap();
        assert_eq!(set.rules().len(), 24);
        let outcomes = set.judge(&subject(request)).outcomes;
        assert!(outcomes.iter().all(|outcome| outcome.error.is_none()), "{outcomes:?}");
        let found: Vec<_> = outcomes.iter().map(|outcome| set.rules()[outcome.rule].id.as_str()).collect();
        assert_eq!(found, ["approved-registry", "env-secret-names", "no-latest-tag"], "{folder}");
    }
}

const TESTED: &str = r#"package a

deny contains "no team" if {
	input.kind == "Pod"
	not input.metadata.labels.team
}

test_denied if {
	count(deny) == 1 with input as {"kind": "Pod"}
}

test_wrong if {
	want := 2
	print("want", want, input.nothing)
	count(deny) == want with input as {"kind": "Pod"}
}

test_wrong if {
	true
}

test_five := 5

test_set contains "x" if true

test_cases[case.name] if {
	some case in [{"name": "pod", "kind": "Pod", "n": 1}, {"name": "job", "kind": "Job", "n": 1}]
	count(deny) == case.n with input as {"kind": case.kind}
}

test_errs if {
	1 / 0 == 1
}

todo_test_later if false
"#;

#[test]
fn every_definition_is_a_test_and_passes_where_it_is_true() {
    let results = set(TESTED).run_tests();
    let told: Vec<(String, String)> = results
        .iter()
        .map(|result| {
            (result.name.to_string(), format!("{:?}", result.outcome).split(' ').next().unwrap().to_owned())
        })
        .collect();
    let wanted = [
        ("test_denied", "Passed"),
        ("test_wrong", "Failed"),
        ("test_wrong#01", "Passed"),
        ("test_five", "Failed"),
        ("test_set", "Failed"),
        ("test_cases", "Failed"),
        ("test_errs", "Error"),
        ("todo_test_later", "Skipped"),
    ];
    assert_eq!(told, wanted.map(|(name, outcome)| (name.to_owned(), outcome.to_owned())));
    assert_eq!(results[3].instead.as_deref(), Some("it is 5, not `true`"));
    assert!(results[4].instead.as_deref().is_some_and(|why| why.contains("set")));
}

#[test]
fn a_test_that_fails_tells_the_condition_its_values_and_what_was_printed() {
    let results = set(TESTED).run_tests();
    let wrong = &results[1];
    let told = wrong.failed_at.as_ref().expect("it failed somewhere");
    assert_eq!((told.place.line, told.held), (15, Some(false)));
    assert_eq!(told.text, r#"count(deny) == want with input as {"kind": "Pod"}"#);
    let value =
        |term: &str| told.values.iter().find(|seen| seen.term == term).and_then(|seen| seen.value.clone());
    assert_eq!(value("want").as_deref(), Some("2"));
    assert_eq!(value("count(deny)").as_deref(), Some("1"));
    assert_eq!(wrong.notes.len(), 1);
    assert_eq!(wrong.notes[0].text, "want 2 <undefined>");
    assert_eq!(wrong.notes[0].place.as_ref().map(|place| place.line), Some(14));
}

#[test]
fn cases_of_a_test_pass_and_fail_by_their_names() {
    let results = set(TESTED).run_tests();
    let cases: Vec<(&str, bool)> =
        results[5].cases.iter().map(|case| (case.name.as_str(), case.passed)).collect();
    assert_eq!(cases, [("job", false), ("pod", true)]);
}

#[test]
fn coverage_tells_lines_and_both_outcomes_of_conditions() {
    let set = set(TESTED);
    let mut tallies = tollgate_policy::Tallies::default();
    let test = |name: &str| set.tests().iter().find(|test| &*test.name == name).expect("it is there");
    let denied = set.run_test(test("test_denied"), Some(&mut tallies), false);
    assert_eq!(denied.outcome, TestOutcome::Passed);
    let coverage = set.coverage(&tallies);
    assert_eq!(coverage.files.len(), 1);
    let lines: Vec<(usize, u64)> = coverage.files[0].lines.clone().into_iter().collect();
    assert_eq!(lines, [(3, 1), (4, 1), (5, 1)]);
    assert_eq!(coverage.outcome_counts(), (4, 2));
    let cases = set.run_test(test("test_cases"), Some(&mut tallies), false);
    assert_eq!(cases.outcome, TestOutcome::Failed);
    assert_eq!(set.coverage(&tallies).outcome_counts(), (4, 3));
}

#[test]
fn without_tests_nothing_is_covered() {
    let set = set("package a\ndeny contains \"x\" if {\n\tinput.a\n}\n");
    let coverage = set.coverage(&tollgate_policy::Tallies::default());
    assert_eq!((coverage.line_counts(), coverage.outcome_counts()), ((2, 0), (2, 0)));
}
