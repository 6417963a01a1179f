//! Test number one: a policy in the shape of one that is published as an example and does not work.

use tollgate_rego_check::{Files, Problem, applied, check, fixes, modernized};
use tollgate_rego_syntax::parse;
use tollgate_rego_syntax::tree::{Dialect, Module};

const BROKEN: &str = include_str!("../../../../../corpus/policy/has-own-property.rego");
const MENDED: &str = include_str!("../../../../../corpus/policy/has-own-property/mended.rego");

fn read(text: &str) -> Module {
    parse(text, None).unwrap_or_else(|errors| panic!("{errors:?}\n{text}"))
}

fn problems(text: &str) -> Vec<Problem> {
    let modules = [read(text)];
    let (program, found) = tollgate_rego_resolve::resolve(&modules);
    check(&Files { texts: &[text], modules: &modules, data: None }, &program, found).problems
}

fn line(text: &str, byte: u32) -> usize {
    text[..byte as usize].matches('\n').count() + 1
}

#[test]
fn the_load_gate_names_all_that_is_wrong() {
    assert_eq!(read(BROKEN).dialect, Dialect::V0);
    let found = problems(BROKEN);
    let said: Vec<(usize, &str)> =
        found.iter().map(|problem| (line(BROKEN, problem.span.start), problem.code)).collect();
    assert_eq!(
        said,
        [
            (5, "undefined-function"),
            (11, "duplicate-condition"),
            (13, "undefined-function"),
            (19, "undefined-function"),
        ]
    );
    let methods: Vec<&Problem> =
        found.iter().filter(|problem| problem.code == "undefined-function").collect();
    for problem in methods {
        assert!(problem.message.contains(".hasOwnProperty` is not defined"), "{}", problem.message);
        assert!(
            problem.remedy.as_deref().is_some_and(|remedy| remedy.contains("in object.keys(")),
            "{problem:?}"
        );
    }
    let double = found
        .iter()
        .find(|problem| problem.code == "duplicate-condition")
        .and_then(|double| double.related.as_ref());
    assert_eq!(double.map(|first| line(BROKEN, first.span.start)), Some(10));
}

#[test]
fn the_fix_writes_the_mended_policy() {
    let edits = fixes(BROKEN, &read(BROKEN), &problems(BROKEN));
    assert_eq!(applied(BROKEN, &edits), MENDED);
    assert_eq!(problems(MENDED), []);
    assert_eq!(fixes(MENDED, &read(MENDED), &problems(MENDED)), [], "and then there is nothing to mend");
}

#[test]
fn the_mended_policy_can_be_made_v1() {
    let module = read(MENDED);
    let modern = applied(MENDED, &modernized(MENDED, &module));
    assert!(
        modern.contains("deny contains msg if {") && modern.contains("is_cost_center(value) if {"),
        "{modern}"
    );
    assert_eq!(parse(&modern, Some(Dialect::V1)).map(|module| module.dialect), Ok(Dialect::V1), "{modern}");
    assert_eq!(problems(&modern), []);
}
