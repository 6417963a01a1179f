//! The whole gate on small files.

use super::*;
use crate::code::Severity;

/// What is wrong with these files, as `file:line code: message (remedy)`.
pub(crate) fn found(texts: &[&str]) -> Vec<String> {
    let modules: Vec<Module> = texts
        .iter()
        .map(|text| {
            tollgate_rego_syntax::parse(text, None).unwrap_or_else(|errors| panic!("{errors:?}\n{text}"))
        })
        .collect();
    let (program, problems) = resolve::resolve(&modules);
    let allowed = check(&Files { texts, modules: &modules, data: None }, &program, problems);
    allowed.problems.iter().map(|problem| said(problem, texts)).collect()
}

fn said(problem: &Problem, texts: &[&str]) -> String {
    let line = texts[problem.file][..problem.span.start as usize].matches('\n').count() + 1;
    let mark = if problem.severity == Severity::Error { "" } else { "warning " };
    let remedy = problem.remedy.as_ref().map(|remedy| format!(" ({remedy})")).unwrap_or_default();
    format!("{line} {mark}{}: {}{remedy}", problem.code, problem.message)
}

#[test]
fn what_nests_as_deep_as_the_parser_lets_it_is_checked() {
    let deepest = (tollgate_rego_syntax::MAX_DEPTH as usize).saturating_sub(20);
    // A call or a step counts for two.
    for (open, inside, close, depth) in [
        ("[", "input.a", "]", deepest),
        ("{\"a\": ", "input.a", "}", deepest),
        ("upper(", "input.a", ")", deepest / 2),
        ("input[", "input.a", "]", deepest / 2),
        ("object.get(", "input.a", ", \"k\", {})", deepest / 2),
    ] {
        let (open, close) = (open.repeat(depth), close.repeat(depth));
        let problems = found(&[&format!("package p\nr if {{ x := {open}{inside}{close}; x == input.b }}\n")]);
        assert!(problems.len() <= 1, "{problems:?}");
    }
    let comprehensions = deepest / 4;
    let opened: String = (0..comprehensions).map(|at| format!("[y{at} | some y{at} in ")).collect();
    found(&[&format!(
        "package p\nr if {{ x := {opened}input.a{}; x == input.b }}\n",
        "]".repeat(comprehensions)
    )]);
}

#[test]
fn problems_come_sorted_and_once() {
    let texts =
        ["package a\nr if { input.x; input.x; false }\n", "package b\ns if { input.x; input.x; false }\n"];
    let found = found(&texts);
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(found[0].contains("duplicate-condition") && found[1].contains("never-matches"), "{found:?}");
}
