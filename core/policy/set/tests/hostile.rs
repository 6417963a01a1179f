//! Sets that somebody made to hurt: each is refused with a place, or loads and answers within its limits, on a stack of
//! 2 MiB and without optimisation.

use tollgate_policy::{
    LoadError, NamespaceFact, Options, PolicySet, RuleError, RuleFile, Subject, Surface, compile,
};
use tollgate_vocabulary::{Timestamp, Value};

/// Runs on a stack of 2 MiB, which is what a thread has unless somebody asks for more.
fn contained(test: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(2 << 20).spawn(test).unwrap().join().unwrap();
}

fn file(name: &str, bytes: &[u8]) -> RuleFile {
    RuleFile { root: "policy".into(), path: format!("policy/{name}").into(), bytes: bytes.into() }
}

fn set(text: &str) -> PolicySet {
    compile(&[file("a.rego", text.as_bytes())], &Options::default()).unwrap()
}

fn refused(files: &[RuleFile]) -> LoadError {
    compile(files, &Options::default()).unwrap_err().remove(0)
}

/// `text` for each number.
fn each(count: usize, text: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |all, at| all + &text(at))
}

/// What a set says about an object: for each rule that says something its id, its error and its messages.
fn judged(set: &PolicySet, object: &str) -> Vec<(String, Option<RuleError>, Vec<String>)> {
    let request = format!(
        r#"{{"operation": "CREATE", "kind": {{"group": "", "version": "v1", "kind": "Pod"}}, "object": {object}, "oldObject": null}}"#
    );
    let limits = tollgate_manifest::Limits { depth: 256, ..Default::default() };
    let request: Value = tollgate_manifest::json::read(request.as_bytes(), &limits).unwrap();
    let subject = Subject {
        request: &request,
        at: Timestamp::UNIX_EPOCH,
        namespace: NamespaceFact::Absent,
        surface: Surface::Admission,
    };
    let outcomes = set.judge(&subject).outcomes.into_iter();
    let said = outcomes.map(|outcome| {
        let messages = outcome.violations.iter().map(|violation| violation.message.to_string()).collect();
        (set.rules()[outcome.rule].id.to_string(), outcome.error, messages)
    });
    said.collect()
}

#[test]
fn ten_thousand_rules_with_an_id_each_load_and_answer() {
    contained(|| {
        let text = each(10_000, |at| {
            format!(
                "# METADATA\n# custom:\n#   id: r{at}\ndeny contains \"no {at}\" if input.metadata.name == \"n{at}\"\n"
            )
        });
        let set = set(&format!("package kubernetes.admission\n{text}"));
        assert_eq!(set.rules().len(), 10_000);
        let said = judged(&set, r#"{"kind": "Pod", "metadata": {"name": "n777"}}"#);
        assert_eq!(said, [("r777".to_owned(), None, vec!["no 777".to_owned()])]);
    });
}

#[test]
fn thirty_thousand_bodies_of_one_rule_load_and_answer() {
    contained(|| {
        let text =
            each(30_000, |at| format!("deny contains \"no {at}\" if input.metadata.name == \"n{at}\"\n"));
        let set = set(&format!("package kubernetes.admission\n{text}"));
        let said = judged(&set, r#"{"kind": "Pod", "metadata": {"name": "n777"}}"#);
        assert_eq!(said[0].2, ["no 777"]);
    });
}

#[test]
fn many_packages_with_scopes_and_helpers_of_their_own_load() {
    contained(|| {
        let files: Vec<RuleFile> = (0..3_000)
            .map(|at| {
                let text = format!(
                    "# METADATA\n# scope: subpackages\n# custom:\n#   subresources: [s{at}]\npackage p{at}.q\n\
                     deny contains \"no\" if {{ not input.a{at}.b == 1; data.lib.ok(input) }}\ntest_it if true\n"
                );
                file(&format!("{at}.rego"), text.as_bytes())
            })
            .chain([file("lib.rego", b"package lib\nok(x) if x.kind == \"Pod\"\n")])
            .collect();
        let set = compile(&files, &Options::default()).unwrap();
        assert_eq!(set.rules().len(), 3_000);
        assert_eq!(set.run_tests().len(), 3_000);
        assert_eq!(judged(&set, r#"{"kind": "Pod"}"#).len(), 3_000);
    });
}

#[test]
fn rules_that_data_holds_already_are_refused_each() {
    contained(|| {
        let rules = format!("package a\n{}", each(20_000, |at| format!("p{at} := 1\n")));
        let data = format!("{{{}\"x\": 1}}", each(20_000, |at| format!("\"p{at}\": 1,")));
        let files = [file("a/a.rego", rules.as_bytes()), file("a/data.json", data.as_bytes())];
        let errors = compile(&files, &Options::default()).unwrap_err();
        assert_eq!(errors.len(), 20_000);
        assert_eq!(errors[0].message, "`data.a.p0` is both a rule and a data document");
    });
}

#[test]
fn a_file_that_is_not_utf_8_is_refused_with_its_place() {
    let error = refused(&[file("a.rego", b"package a\n\ndeny contains \"\xff\" if true\n")]);
    assert_eq!((error.line, error.column), (3, 16));
    assert!(error.message.contains("UTF-8"), "{}", error.message);
    let error = refused(&[file("a.json", b"{\"a\": \"\xff\"}")]);
    assert!(error.message.contains("UTF-8"), "{}", error.message);
}

#[test]
fn one_package_may_be_written_in_both_dialects() {
    let old = file("a.rego", b"package a\ndeny[msg] { input.kind == \"Pod\"; msg := \"old\" }\n");
    let new = file("b.rego", b"package a\ndeny contains \"new\" if input.kind == \"Pod\"\n");
    let set = compile(&[old, new], &Options::default()).unwrap();
    let said = judged(&set, "{\"kind\": \"Pod\"}");
    assert_eq!(said.len(), 1);
    assert_eq!((&said[0].1, said[0].2.len()), (&None, 2));
}

#[test]
fn one_rule_of_two_kinds_in_two_dialects_is_refused() {
    let old = file("a.rego", b"package a\nok { input.kind == \"Pod\" }\n");
    let new = file("b.rego", b"package a\nok contains \"new\" if input.kind == \"Pod\"\n");
    let errors = compile(&[old, new], &Options::default()).unwrap_err();
    let error = errors.iter().find(|error| error.code == "conflict").unwrap();
    assert!(error.message.contains("`data.a.ok` is "), "{}", error.message);
}

#[test]
fn data_beyond_any_type_or_depth_is_read_or_refused() {
    contained(|| {
        let rules = b"package a\ndeny contains sprintf(\"%v\", [x]) if { some x in data.huge; x > 5 }\n";
        let data = file("huge.json", b"{\"huge\": [1E400, 1e1000000000, 7]}");
        let set = compile(&[file("a.rego", rules), data], &Options::default()).unwrap();
        let said = judged(&set, "{}");
        assert_eq!(said[0].2.len(), 3, "{said:?}");
        for (name, deep) in [
            ("deep.json", format!("{{\"a\": {}1{}}}", "[".repeat(10_000), "]".repeat(10_000))),
            ("deep.yaml", format!("a: {}1{}", "[".repeat(10_000), "]".repeat(10_000))),
        ] {
            let error = refused(&[file(name, deep.as_bytes())]);
            assert!(error.message.contains("levels"), "{}", error.message);
        }
    });
}

#[test]
fn a_rule_at_its_limit_is_named_and_the_others_answer() {
    contained(|| {
        let chain = each(1_000, |at| format!("f{at}(x) := f{}(x) if x\n", at + 1)) + "f1000(x) := x\n";
        let text = format!(
            "package a\n# METADATA\n# custom:\n#   id: long\ndeny contains \"x\" if {{ some a in numbers.range(1, 30000); some b in numbers.range(1, 30000); a + b < input.least }}\n\
             # METADATA\n# custom:\n#   id: large\ndeny contains \"x\" if count([z | some a in numbers.range(1, 3000); z := numbers.range(a, 100000)]) == input.least\n\
             # METADATA\n# custom:\n#   id: good\ndeny contains \"good\" if input.least == 0\n\
             # METADATA\n# custom:\n#   id: deep\ndeny contains \"x\" if f0(1) == input.least\n{chain}"
        );
        let set = set(&text);
        let said = judged(&set, "{\"least\": 0}");
        let limit = |of| Some(RuleError::Limit(of));
        assert_eq!(
            said,
            [
                ("long".to_owned(), limit("steps and memory"), vec![]),
                ("large".to_owned(), limit("steps and memory"), vec![]),
                ("good".to_owned(), None, vec!["good".to_owned()]),
                ("deep".to_owned(), limit("depth"), vec![]),
            ]
        );
    });
}
