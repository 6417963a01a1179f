//! References to documents.

use super::*;
use tollgate_vocabulary::{Map, Number};

fn object(entries: &[(&str, Value)]) -> Value {
    let entries = entries.iter().map(|(key, value)| ((*key).into(), value.clone())).collect();
    Value::Object(Map::from_entries(entries).unwrap())
}

fn found(rules: &str) -> Vec<String> {
    let text = format!("package p.q\n{rules}\n");
    let modules = [tollgate_rego_syntax::parse(&text, None).unwrap_or_else(|errors| panic!("{errors:?}"))];
    let (program, _) = tollgate_rego_resolve::resolve(&modules);
    let limits = object(&[("cpu", Value::Number(Number::from(4_u64)))]);
    let data =
        object(&[("registries", object(&[("approved", Value::Array(Vec::new()))])), ("limits", limits)]);
    let problems = problems(&Graph::of(&program), &program, &data);
    problems
        .into_iter()
        .map(|problem| format!("{} ({})", problem.message, problem.remedy.unwrap_or_default()))
        .collect()
}

#[test]
fn what_is_there_is_accepted() {
    for rules in [
        "r if data.registries.approved[_] == input.x",
        "r if data.registries[input.x]",
        "r if data.limits.cpu > input.x",
        "a := 1\nr if data.p.q.a == 1",
        "r if data.p.q",
        "r if data[input.x]",
        "r if data.p[input.x].a",
        "r if not allowed\nallowed if data.freeze\ntest_r if r with data.freeze as true",
        "r if data.freeze.on\ntest_r if r with data.freeze as {\"on\": true}",
        "r if data.freeze\ntest_r if r with data.freeze.on as true",
    ] {
        assert_eq!(found(rules), Vec::<String>::new(), "{rules}");
    }
}

#[test]
fn what_is_not_there_is_found_with_what_was_meant() {
    assert_eq!(
        found("r if data.registry.approved[_] == input.x"),
        [
            "`data` has no `registry`: no rule and no document is called so (there is `limits`, `p`, `registries`)"
        ]
    );
    assert_eq!(
        found("r if data.registries.aproved[_] == input.x"),
        [
            "`data.registries` has no `aproved`: no rule and no document is called so (did you mean `approved`?)"
        ]
    );
    assert_eq!(
        found("allowed := 1\nr if data.p.q.alowed"),
        ["`data.p.q` has no `alowed`: no rule and no document is called so (did you mean `allowed`?)"]
    );
    assert_eq!(found("r if data.limits.cpu.max").len(), 1, "a number has nothing below");
}
