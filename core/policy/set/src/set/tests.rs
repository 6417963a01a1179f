//! Asked together and asked one by one: the same answers.
#![expect(clippy::disallowed_methods, reason = "the tests read the corpus")]

use tollgate_manifest::{Limits, json};
use tollgate_vocabulary::Timestamp;

use super::*;

fn read(text: &[u8]) -> Value {
    json::read(text, &Limits::default()).unwrap()
}

fn file(path: &str, bytes: &[u8]) -> RuleFile {
    RuleFile { root: "".into(), path: path.into(), bytes: bytes.into() }
}

fn set(files: &[RuleFile]) -> PolicySet {
    compile(files, &Options::default()).unwrap()
}

/// The outcomes both ways, and how many rules the joint way answered.
fn both(mut set: PolicySet, request: &Value) -> (Vec<Outcome>, Vec<Outcome>, usize) {
    let subject = Subject { request, at: Timestamp::UNIX_EPOCH, namespace: NamespaceFact::Absent };
    let transition = Transition::of(request);
    let answered = set.ask_together(&mut None, &subject, |rule| transition.asks(rule)).len();
    let together = set.judge(&subject).unwrap();
    set.joints.clear();
    (together, set.judge(&subject).unwrap(), answered)
}

#[test]
fn the_realistic_rules_say_the_same_together_and_alone() {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../corpus/policy");
    let review = read(&std::fs::read(format!("{corpus}/realistic/review.json")).unwrap());
    for folder in ["realistic", "realistic-object"] {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(format!("{corpus}/{folder}")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if name != "review.json" {
                files.push(file(&name, &std::fs::read(path).unwrap()));
            }
        }
        let (together, alone, answered) = both(set(&files), review.get("request").unwrap());
        assert_eq!(together, alone);
        assert_eq!((together.len(), answered), (24, 24), "{folder}");
    }
}

#[test]
fn an_error_among_rules_asked_together_stays_one_rules() {
    let text = br#"package a
# METADATA
# title: errs
deny contains "x" if to_number(input.request.object.spec) == 1
# METADATA
# title: says
deny contains "y" if { print(input); input.request.object.spec }
warn := "z" if input.request.object.none
violation contains "w" if true
"#;
    let request =
        |spec: &str| read(format!(r#"{{"operation": "CREATE", "object": {{"spec": "{spec}"}}}}"#).as_bytes());
    let (together, alone, answered) = both(set(&[file("a.rego", text)]), &request("abc"));
    assert_eq!((&together, answered), (&alone, 0));
    assert_eq!(together.iter().filter(|outcome| outcome.result.is_err()).count(), 1);
    let (together, alone, answered) = both(set(&[file("a.rego", text)]), &request("1"));
    assert_eq!((&together, answered), (&alone, 4));
    let found = together.iter().map(|outcome| outcome.result.as_ref().unwrap().len());
    assert_eq!(found.collect::<Vec<_>>(), [1, 1, 0, 1]);
}

#[test]
fn every_shape_of_rule_says_the_same_together_and_alone() {
    let rules = [
        "deny := \"no\" if input.x",
        "default deny := false\ndeny := true if input.y",
        "deny[msg] if { input.x; msg := \"keyed\" }",
        "import rego.v1\ndeny contains 1 if input.x",
        "deny contains x if some x in data.d.together1",
        "deny if strings.count(input.kind, \"\") > 0",
        "deny contains \"r\" if not regex.match(`^[a-z]+$`, input.kind)",
        "deny contains \"r\" if regex.match(`(`, input.x)",
        "deny contains \"r\" if regex.match(`a`, input.y)",
    ];
    let second = "warn contains \"w\" if input.x\n# METADATA\n# custom:\n#   operations: [DELETE]\nviolation contains 1 if to_number(\"x\")\n";
    for rule in rules {
        let text = format!("package d[\"e-f\"]\n{rule}\n{second}");
        let files =
            || vec![file("d.json", br#"{"d": {"together1": ["in data"]}}"#), file("a.rego", text.as_bytes())];
        for object in [r#"{"x": 1}"#, r#"{"y": 1}"#, r#"{"x": 1, "kind": "Pod"}"#, r#"{"y": "a"}"#] {
            let request = read(format!(r#"{{"operation": "CREATE", "object": {object}}}"#).as_bytes());
            let (together, alone, answered) = both(set(&files()), &request);
            assert_eq!(together, alone, "{rule}: {object}");
            let wrong = alone.iter().filter(|outcome| {
                matches!(outcome.result, Err(RuleError::Runtime { .. } | RuleError::Panicked(_)))
            });
            assert_eq!((together.len(), answered), (2, if wrong.count() == 0 { 2 } else { 0 }), "{rule}");
        }
    }
}

#[test]
fn a_package_that_is_read_whole_is_asked_one_by_one() {
    let a = file("a.rego", b"package a\ndeny contains 1 if true\nwarn contains \"x\" if true\n");
    assert_eq!(set(std::slice::from_ref(&a)).joints.len(), 1);
    let b = file("b.rego", b"package b\nimport data.a\nnames contains name if some name, _ in a\n");
    assert!(set(&[a, b]).joints.is_empty());
}

#[test]
fn each_body_needs_the_namespace_on_its_own() {
    let text = b"package a
# METADATA
# title: one
deny contains \"x\" if input.x
# METADATA
# title: two
deny contains \"y\" if tier == \"z\"
tier := input.context.namespace.metadata.labels.tier
warn contains \"all\" if count(deny) > 1
";
    let set = set(&[file("a.rego", text)]);
    let reads = set.rules().iter().map(|rule| rule.reads_namespace);
    assert_eq!(reads.collect::<Vec<_>>(), [false, true, true]);
}
