//! Files into a program; a program asked.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_rego_builtin::Meter;
use tollgate_rego_resolve::tree::Program as Resolved;
use tollgate_rego_syntax::tree::{Dialect, Module, Span};
use tollgate_rego_syntax::{LineIndex, SyntaxError};
use tollgate_rego_value::{Arena, Unprintable, Val};
use tollgate_vocabulary::Value;

use crate::plan::{Plan, Query};
use crate::problem::{Problem, position};
use crate::run::{Machine, Stop};

/// A file of rules.
#[derive(Clone, Debug)]
pub struct File {
    /// its path, as it is to be named
    pub path: Arc<str>,
    /// its text
    pub text: Arc<str>,
    /// the generation it is written in; found out where nothing is said
    pub dialect: Option<Dialect>,
}

/// What an evaluation may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// in steps: about one for each value touched
    pub steps: u64,
    /// in bytes
    pub memory: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { steps: 20_000_000, memory: 256 << 20 }
    }
}

/// How an evaluation goes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings {
    /// an error of a builtin is an error, not undefined
    pub strict_errors: bool,
    /// what it may take
    pub limits: Limits,
    /// the time that rules see, in nanoseconds since 1970-01-01T00:00:00Z
    pub now: i64,
}

/// Why an evaluation gives no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Failure {
    /// `eval_conflict_error`, `eval_type_error`, `eval_builtin_error`, `limit`, ..
    pub code: &'static str,
    /// what went wrong
    pub message: String,
    /// index of the file and line, where known
    pub place: Option<(usize, usize)>,
}

/// What a solution of a query binds, by name.
pub type Bindings = BTreeMap<Arc<str>, Value>;

/// Compiled files. Shared by all threads.
#[derive(Debug)]
pub struct Program {
    pub(crate) plan: Plan,
    pub(crate) data: Value,
    queries: Vec<Query>,
    /// the files' texts, for places
    lines: Vec<Arc<str>>,
}

/// Compiles files, the documents that they see as `data`, and queries against them.
///
/// # Errors
/// All that is wrong, of the first stage that finds anything: reading, resolving, ordering.
pub fn compile(files: &[File], data: Value, queries: &[&str]) -> Result<Program, Vec<Problem>> {
    let modules = read(files)?;
    let (resolved, problems) = tollgate_rego_resolve::resolve(&modules);
    if !problems.is_empty() {
        return Err(placed(files, problems));
    }
    let (plan, queries) = plan(files, &modules, &resolved, queries)?;
    let lines = files.iter().map(|file| file.text.clone()).collect();
    Ok(Program { plan, data, queries, lines })
}

impl Program {
    /// The program of rules that are resolved, over the documents that they see as `data`.
    ///
    /// # Errors
    /// Variables that nothing binds, and regular expressions that are none.
    pub fn of(resolved: &Resolved, data: Value) -> Result<Self, Vec<tollgate_rego_resolve::Problem>> {
        let mut problems = Vec::new();
        let plan = Plan::of(resolved, &mut problems);
        if problems.is_empty() {
            Ok(Self { plan, data, queries: Vec::new(), lines: Vec::new() })
        } else {
            Err(problems)
        }
    }
}

fn read(files: &[File]) -> Result<Vec<Module>, Vec<Problem>> {
    let (mut modules, mut problems) = (Vec::new(), Vec::new());
    for file in files {
        match tollgate_rego_syntax::parse(&file.text, file.dialect) {
            Ok(module) => modules.push(module),
            Err(errors) => problems.extend(syntax_problems(&file.path, &file.text, errors)),
        }
    }
    if problems.is_empty() { Ok(modules) } else { Err(problems) }
}

fn syntax_problems(path: &Arc<str>, text: &str, errors: Vec<SyntaxError>) -> Vec<Problem> {
    let lines = LineIndex::new(text);
    let problem = |error: SyntaxError| {
        let problem = at(path, &lines, error.span, "rego-syntax", error.message);
        Problem { dialect: error.dialect, remedy: error.hint, ..problem }
    };
    errors.into_iter().map(problem).collect()
}

fn at(path: &Arc<str>, lines: &LineIndex<'_>, span: Span, code: &'static str, message: String) -> Problem {
    let (start, end) = (lines.place(span.start), lines.place(span.end));
    Problem {
        file: path.clone(),
        span,
        line: start.line as usize,
        column: start.column as usize,
        end_column: (end.line == start.line).then_some(end.column as usize),
        code,
        message,
        dialect: None,
        remedy: None,
    }
}

fn placed(files: &[File], problems: Vec<tollgate_rego_resolve::Problem>) -> Vec<Problem> {
    let query: Arc<str> = "(query)".into();
    let none = LineIndex::new("");
    let lines: Vec<LineIndex<'_>> = files.iter().map(|file| LineIndex::new(&file.text)).collect();
    let mut placed: Vec<Problem> = problems
        .into_iter()
        .map(|problem| {
            let path = files.get(problem.file).map_or(&query, |file| &file.path);
            let lines = lines.get(problem.file).unwrap_or(&none);
            let placed = at(path, lines, problem.span, problem.code, problem.message);
            Problem { remedy: problem.remedy, ..placed }
        })
        .collect();
    placed.sort_by(|a, b| (&a.file, a.span, a.code).cmp(&(&b.file, b.span, b.code)));
    placed.dedup();
    placed
}

fn plan(
    files: &[File],
    modules: &[Module],
    resolved: &Resolved,
    queries: &[&str],
) -> Result<(Plan, Vec<Query>), Vec<Problem>> {
    let mut problems = Vec::new();
    let mut plan = Plan::of(resolved, &mut problems);
    let mut planned = Vec::new();
    for text in queries {
        let body = tollgate_rego_syntax::parse_query(text, Some(Dialect::V1))
            .map_err(|errors| syntax_problems(&"(query)".into(), text, errors))?;
        let (rule, wrong) = tollgate_rego_resolve::query(modules, &body);
        problems.extend(wrong);
        if problems.is_empty() {
            planned.push(plan.query(&rule, &mut problems));
        }
    }
    if problems.is_empty() { Ok((plan, planned)) } else { Err(placed(files, problems)) }
}

impl Program {
    /// The solutions of a query.
    ///
    /// # Errors
    /// The evaluation failed, or reached a limit.
    pub fn run(
        &self,
        query: usize,
        input: Option<&Value>,
        settings: &Settings,
    ) -> Result<Vec<Bindings>, Failure> {
        let arena = Arena::new(settings.limits.memory);
        let meter = Meter::new(settings.limits.steps);
        let Some(query) = self.queries.get(query) else { return Ok(Vec::new()) };
        self.solve(query, input.map(Val::of), Val::of(&self.data), &arena, meter, settings)
    }

    fn solve<'a>(
        &'a self,
        query: &'a Query,
        input: Option<Val<'a>>,
        data: Val<'a>,
        arena: &'a Arena,
        meter: Meter,
        settings: &Settings,
    ) -> Result<Vec<Bindings>, Failure> {
        let mut machine = Machine::<false>::new(&self.plan, arena, meter, settings.now)
            .with_input(input, &[])
            .with_base(Some(data));
        let found = machine.found(std::slice::from_ref(&query.definition));
        let line = |file: usize, span: Span| Some((file, position(self.lines.get(file)?, span.start).0));
        let found = found.map_err(|stop| {
            let place = machine.stopped.and_then(|(file, span)| line(file, span));
            Failure { place, ..Failure::of(stop) }
        })?;
        if let (true, Some(wrong)) = (settings.strict_errors, machine.wrong.first()) {
            let code = if wrong.is_type { "eval_type_error" } else { "eval_builtin_error" };
            let place = line(wrong.file, wrong.span);
            return Err(Failure { code, message: wrong.message.clone(), place });
        }
        let bindings = |value: &Val<'a>| {
            let values = value.as_array().map(|values| values.iter().collect()).unwrap_or_default();
            let values: Vec<Val<'a>> = values;
            let document = |value: &Val<'a>| {
                value.to_document().map_err(|why| match why {
                    Unprintable::TooDeep => Failure::of(Stop::Depth),
                    Unprintable::TooLong => Failure::of(Stop::Limit),
                })
            };
            let pair = |(name, value): (&Arc<str>, &Val<'a>)| Ok((name.clone(), document(value)?));
            query.names.iter().zip(&values).map(pair).collect()
        };
        found.iter().map(bindings).collect()
    }
}

impl Failure {
    fn of(stop: Stop) -> Self {
        let (code, message) = match stop {
            Stop::Limit => ("limit", "the limit on steps or memory is reached".to_owned()),
            Stop::Depth => ("limit", "rules nest too deep".to_owned()),
            Stop::Conflict(message) => ("eval_conflict_error", message),
            Stop::Recursion(name) => ("eval_conflict_error", format!("`{name}` needs its own value")),
            Stop::Pending(_) => ("pending", "`input` holds something that is not known yet".to_owned()),
        };
        Self { code, message, place: None }
    }
}
