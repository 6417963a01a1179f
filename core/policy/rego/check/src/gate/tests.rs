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
