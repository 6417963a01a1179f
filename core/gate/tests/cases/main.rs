//! Every case of `corpus/cases` through the library: `judge` with the facts given, then `settle` on an empty state.
#![expect(clippy::disallowed_methods, reason = "tests read their cases from files")]

use std::fs;
use std::path::{Path, PathBuf};

use tollgate_gate::{Bundle, Facts, Judged, Review, RuleFile, State, Step, Verdict, judge, settle};
use tollgate_manifest::{Identity, Limits, Mask, canonical, kinds, read_values};
use tollgate_vocabulary::{Authentication, Fact, Map, Question, Source, Timestamp, Value};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/cases")
}

#[test]
fn every_case_comes_to_what_it_expects() {
    let mut ran = 0;
    let mut wrong = Vec::new();
    let mut files: Vec<PathBuf> =
        fs::read_dir(corpus()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "yaml")) {
        let case = one_value(file);
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let (expected, found) = (expectation(&case), run(&case));
        if expected != found {
            wrong.push(format!("{name}:\n  expected {expected}\n  found    {found}"));
        }
        ran += 1;
    }
    assert!(ran >= 40, "only {ran} cases were found");
    assert!(wrong.is_empty(), "{} of {ran} cases are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn one_value(file: &Path) -> Value {
    let bytes = fs::read(file).unwrap();
    let mut values =
        read_values(&bytes, &Limits::default()).unwrap_or_else(|error| panic!("{file:?}: {error}"));
    assert_eq!(values.len(), 1, "{file:?} holds one document");
    values.remove(0)
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

fn expectation(case: &Value) -> String {
    let expect = case.get("expect").unwrap();
    let findings = expect.get("findings").and_then(Value::as_array).unwrap_or_default();
    let findings: Vec<String> = findings
        .iter()
        .map(|row| {
            format!(
                "{} {} `{}`",
                text(row, "effect").unwrap(),
                text(row, "rule").unwrap(),
                text(row, "path").unwrap()
            )
        })
        .collect();
    let policy = expect.get("judges").and_then(|judges| text(judges, "policy")).unwrap_or("not judged");
    format!("{} [{}] policy {policy}", text(expect, "verdict").unwrap(), findings.join(", "))
}

fn run(case: &Value) -> String {
    let bundle = bundle(case);
    let review =
        Review::decode(review_bytes(case).as_bytes(), &Mask::new([7; 32]), &Limits::default()).unwrap();
    let at: Timestamp = text(case, "at").unwrap().parse().unwrap();
    let change = review.into_change(Authentication::Unauthenticated, at);
    let verdict = settled(&judged(&change, case, &bundle), &bundle);
    let findings: Vec<String> = verdict
        .findings
        .iter()
        .map(|finding| format!("{} {} `{}`", finding.effect.word(), finding.rule, finding.path))
        .collect();
    let policy = if verdict.judged.is_empty() { "not judged" } else { "judged" };
    format!("{} [{}] policy {policy}", verdict.ruling.word(), findings.join(", "))
}

fn judged(change: &tollgate_gate::Change, case: &Value, bundle: &Bundle) -> Judged {
    let mut facts = Facts::none();
    loop {
        match judge(change, &facts, bundle) {
            Step::Done(judged) => return judged,
            Step::Need(questions) => {
                for question in questions {
                    let fact = answer(case, &question);
                    facts.insert(question, fact);
                }
            }
        }
    }
}

fn settled(judged: &Judged, bundle: &Bundle) -> Verdict {
    settle(judged, &State::default(), bundle).unwrap().0
}

fn answer(case: &Value, question: &Question) -> Fact {
    let Question::Namespace(name) = question else { panic!("no case has an answer to {question}") };
    let items = |key| {
        case.get("facts").and_then(|facts| facts.get(key)).and_then(Value::as_array).unwrap_or_default()
    };
    let observed_at = Timestamp::UNIX_EPOCH;
    if items("unavailable").iter().any(|item| item.as_str() == Some(name)) {
        return Fact::Unavailable { why: "the case says so".into() };
    }
    let known = items("namespaces").iter().find(|item| Identity::of(item).name.as_ref() == Some(name));
    match known {
        Some(value) => Fact::Known { value: value.clone().into(), observed_at, source: Source::Estate },
        None => Fact::Absent { observed_at, source: Source::Estate },
    }
}

fn bundle(case: &Value) -> Bundle {
    let file = |root: &str, path: &str, bytes: Vec<u8>| RuleFile {
        root: root.into(),
        path: path.into(),
        bytes: bytes.into(),
    };
    let config = text(case, "config").map(|config| file("", "tollgate.toml", config.as_bytes().to_vec()));
    let mut files = Vec::new();
    if let Some(policy) = text(case, "policy") {
        files.push(file("policy", "policy/case.rego", policy.as_bytes().to_vec()));
    }
    if let Some(folder) = text(case, "rules") {
        rule_files(&corpus().join(folder), "rules", &mut files);
    }
    Bundle::compile(config.as_ref(), &files, &[]).unwrap_or_else(|error| panic!("{error:#?}"))
}

fn rule_files(folder: &Path, shown: &str, files: &mut Vec<RuleFile>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = format!("{shown}/{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            rule_files(&path, &name, files);
        } else if [".rego", ".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end)) {
            files.push(RuleFile {
                root: "rules".into(),
                path: name.as_str().into(),
                bytes: fs::read(&path).unwrap().into(),
            });
        }
    }
}

/// The case's request as an AdmissionReview; what it leaves out follows from its objects.
fn review_bytes(case: &Value) -> String {
    let request = case.get("request").unwrap();
    let object = request.get("object").filter(|value| !value.is_null());
    let old = request.get("oldObject").filter(|value| !value.is_null());
    let identity = Identity::of(object.or(old).unwrap());
    let group_version = |key: &str, value: &str| -> Map {
        [
            ("group", Value::from(&*identity.group)),
            ("version", (*identity.version).into()),
            (key, value.into()),
        ]
        .into_iter()
        .collect()
    };
    let plural =
        kinds::of(&identity.group, &identity.version, &identity.kind).map_or("things", |info| info.plural);
    let resource =
        request.get("resource").cloned().unwrap_or_else(|| group_version("resource", plural).into());
    let user: Map = [("username", "somebody")].into_iter().collect();
    let mut review_request: Map = [
        ("uid", Value::from("case")),
        ("kind", group_version("kind", &identity.kind).into()),
        ("resource", resource),
        ("operation", request.get("operation").cloned().unwrap()),
        ("userInfo", user.into()),
        ("object", object.cloned().into()),
        ("oldObject", old.cloned().into()),
        ("dryRun", request.get("dryRun").cloned().unwrap_or(Value::Bool(false))),
    ]
    .into_iter()
    .collect();
    for (key, value) in [("name", &identity.name), ("namespace", &identity.namespace)] {
        if let Some(value) = value {
            review_request.insert(key.into(), (**value).into());
        }
    }
    if let Some(subresource) = request.get("subResource") {
        review_request.insert("subResource".into(), subresource.clone());
    }
    let review: Map = [
        ("apiVersion", Value::from("admission.k8s.io/v1")),
        ("kind", "AdmissionReview".into()),
        ("request", review_request.into()),
    ]
    .into_iter()
    .collect();
    canonical::text(&review.into())
}
