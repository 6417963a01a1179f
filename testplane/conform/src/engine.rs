//! Our engine, asked as others are: the one place that knows its interface.

use std::sync::Arc;

use tollgate_gatekeeper::Template;
use tollgate_rego::{Dialect, File, Program, Settings, compile};
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
    let file = |(at, text): (usize, &String)| File {
        path: format!("{at}.rego").into(),
        text: text.as_str().into(),
        dialect: Some(dialect),
    };
    let files: Vec<File> = sources.modules.iter().enumerate().map(file).collect();
    match compile(&files, sources.data.clone(), &[sources.query]) {
        Ok(program) => Ok(Loaded { program, strict: sources.strict }),
        Err(problems) => Err(match problems.iter().find(|problem| problem.code == DECLINED) {
            Some(problem) => Refusal::Declined(problem.message.clone()),
            None => Refusal::Wrong(
                problems
                    .iter()
                    .map(|problem| Problem { code: problem.code.to_owned(), message: problem.to_string() })
                    .collect(),
            ),
        }),
    }
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
                Answer::Error(Problem { code: failure.code.to_owned(), message: failure.message })
            }
        }
    }
}

/// The members of a template's `violation` for one `input` and `data.inventory`.
///
/// # Errors
/// It does not compile, or its evaluation fails.
pub fn violations(template: &Template, input: &Value, inventory: &Value) -> Result<Vec<Value>, String> {
    let files: Vec<File> = template
        .sources()
        .map(|source| File {
            path: source.path.clone(),
            text: source.text.clone(),
            dialect: Some(source.dialect),
        })
        .collect();
    let module = tollgate_rego_syntax::parse(&template.rego.text, Some(template.rego.dialect));
    let package = module
        .map_err(|errors| errors.iter().map(|error| error.message.clone()).collect::<String>())?
        .package;
    let package: String = package.iter().map(|name| format!("[\"{}\"]", name.text)).collect();
    let mut data = Map::default();
    data.insert("inventory".into(), inventory.clone());
    let query = format!("data{package}.violation = x");
    let program = compile(&files, Value::Object(data), &[&query])
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))?;
    let rows = program.run(0, Some(input), &Settings::default()).map_err(|failure| failure.to_string())?;
    let members = rows.first().and_then(|row| row.get("x")).and_then(Value::as_array);
    Ok(members.unwrap_or_default().to_vec())
}
