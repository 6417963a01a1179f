//! Our engine, asked as others are: the one place that knows its interface.

use std::sync::Arc;

use tollgate_rego::{Dialect, File, Program, Settings, compile};
use tollgate_rego_check::{Files, check};
use tollgate_vocabulary::{Map, Value};

use crate::verdict::{Answer, Problem, canonical};

/// What is to be compiled.
#[derive(Clone, Debug)]
pub struct Sources<'s> {
    /// the files' texts
    pub modules: &'s [String],
    /// such as `data.p.x = x`
    pub query: &'s str,
    /// what stands below `data`
    pub data: Value,
    /// whether builtins' errors are errors
    pub strict: bool,
    /// whether the files are written as before OPA 1.0
    pub v0: bool,
}

/// Why nothing is evaluated.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// something that OPA offers and a gate must not: the reason
    Declined(String),
    /// it is no policy
    Wrong(Vec<Problem>),
}

/// The code of problems about what OPA offers and a gate must not.
const DECLINED: &str = "refused-builtin";

/// A compiled policy and query.
#[derive(Debug)]
pub struct Loaded {
    program: Program,
    strict: bool,
}

/// Compiles.
///
/// # Errors
/// It is refused.
pub fn load(sources: &Sources<'_>) -> Result<Loaded, Refusal> {
    let dialect = if sources.v0 { Dialect::V0 } else { Dialect::V1 };
    let mismatched = mismatched(sources.modules, dialect);
    let file = |(at, text): (usize, &String)| File {
        path: file_name(at).into(),
        text: text.as_str().into(),
        dialect: Some(dialect),
    };
    let files: Vec<File> = sources.modules.iter().enumerate().map(file).collect();
    match compile(&files, sources.data.clone(), &[sources.query]) {
        Ok(_) if !mismatched.is_empty() => Err(Refusal::Wrong(mismatched)),
        Ok(program) => Ok(Loaded { program, strict: sources.strict }),
        Err(problems) => Err(match problems.iter().find(|problem| problem.code == DECLINED) {
            Some(problem) => Refusal::Declined(problem.message.clone()),
            None => Refusal::Wrong(
                problems
                    .iter()
                    .map(|problem| Problem {
                        code: problem.code.to_owned(),
                        message: problem.message.clone(),
                        place: Some(format!("{}:{}", problem.file, problem.line)),
                    })
                    .collect(),
            ),
        }),
    }
}

/// What the load gate says of types, as OPA's compiler does; what else it says, OPA does not.
fn mismatched(texts: &[String], dialect: Dialect) -> Vec<Problem> {
    let read = |text: &String| tollgate_rego_syntax::parse(text, Some(dialect)).ok();
    let Some(modules) = texts.iter().map(read).collect::<Option<Vec<_>>>() else { return Vec::new() };
    let (program, found) = tollgate_rego_resolve::resolve(&modules);
    if !found.is_empty() {
        return Vec::new();
    }
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let files = Files { texts: &texts, modules: &modules, data: None };
    let problems = check(&files, &program, Vec::new()).problems.into_iter();
    problems
        .filter(|problem| problem.code == "type-mismatch")
        .map(|problem| Problem {
            code: problem.code.to_owned(),
            place: Some(file_name(problem.file)),
            message: problem.message,
        })
        .collect()
}

/// As OPA's own runner names the files of a case.
fn file_name(at: usize) -> String {
    format!("test-{at}.rego")
}

impl Loaded {
    /// What the query gives at `now`, in nanoseconds since 1970.
    #[must_use]
    pub fn answer(&self, input: Option<&Value>, now: i64) -> Answer {
        let settings = Settings { strict_errors: self.strict, now, ..Settings::default() };
        match self.program.run(0, input, &settings) {
            Ok(rows) => Answer::Result(
                rows.into_iter()
                    .map(|row| {
                        let mut object = Map::default();
                        for (name, value) in row {
                            object.insert(Arc::clone(&name), value);
                        }
                        canonical(&Value::Object(object))
                    })
                    .collect(),
            ),
            Err(failure) => {
                let place = failure.place.map(|(file, line)| format!("{}:{line}", file_name(file)));
                Answer::Error(Problem { code: failure.code.to_owned(), message: failure.message, place })
            }
        }
    }
}
