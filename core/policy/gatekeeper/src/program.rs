//! The Rego of templates, compiled together and asked one by one.
//!
//! ```text
//! templates ──> modules in packages of their own ──compile──> Program
//! request, Namespace, inventory ──about──> Asking ──ask(kind, parameters)──> Found: violations, errors
//! ```
//! Where the compiler finds fault with a module, the place is that in the template's file. Where a template finds fault
//! with an object, it is judged again with its steps traced, so that the violation has its place in the object.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_rego::{Arena, Cause, Entry, Input, Limits, Tracing, Val, Wrong, WrongKind};
use tollgate_rego_syntax::tree::Span;
use tollgate_vocabulary::{Map, Value};

use crate::package::{ENTRY, ROOT};
use crate::problem::{Place, Problem};
use crate::review::{NamespaceFact, Review, ReviewError, Unready, review_val};
use crate::violation::{Violation, sorted};
use crate::{Source, Template};

/// All templates of an estate. Shared by all threads.
#[derive(Debug)]
pub struct Program {
    program: tollgate_rego::Program,
    /// the rule `violation` of each kind
    entries: BTreeMap<Arc<str>, Entry>,
    /// by index of the compiler's files, each with its template's kind
    sources: Vec<(Arc<str>, Source)>,
}

/// How templates are asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings {
    /// an error of a builtin is the constraint's error; else it is undefined and nothing more, as Gatekeeper has it
    pub strict: bool,
    /// what one constraint may take
    pub limits: Limits,
    /// the time that rules see, in nanoseconds since 1970-01-01T00:00:00Z
    pub now: i64,
}

/// What a template found for one constraint.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// sorted by message
    pub violations: Vec<Violation>,
    /// what went wrong in it; the violations of other bodies stand all the same
    pub errors: Vec<AskError>,
}

/// What can go wrong in a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// values in conflict, or an error of a builtin
    #[error("{message}")]
    Runtime {
        /// what went wrong
        message: String,
        /// where in the template
        place: Option<Place>,
    },
    /// the limit on steps and memory, or on depth
    #[error("the limit on {0} is reached")]
    Limit(&'static str),
    /// the template reads the Namespace object, which nobody has asked for yet
    #[error("the template reads the Namespace object, which is not known yet")]
    NeedsNamespace,
    /// what it gave is no violation
    #[error(transparent)]
    Shape(#[from] crate::ShapeError),
    /// the request is none
    #[error(transparent)]
    Review(#[from] ReviewError),
}

impl Program {
    /// Compiles templates.
    ///
    /// # Errors
    /// What the compiler finds fault with, at its place in the templates' files.
    pub fn compile<'t>(templates: impl IntoIterator<Item = &'t Template>) -> Result<Self, Vec<Problem>> {
        let (mut modules, mut sources, mut kinds) = (Vec::new(), Vec::new(), Vec::new());
        for template in templates {
            kinds.push(template.kind.clone());
            modules.extend(template.modules.iter().cloned());
            sources.extend(template.sources().map(|source| (template.kind.clone(), source.clone())));
        }
        let (resolved, problems) = tollgate_rego_resolve::resolve(&modules);
        let data = Value::Object(Map::default());
        let compiled = match problems.is_empty() {
            true => tollgate_rego::Program::of(&resolved, data),
            false => Err(problems),
        };
        let program = compiled.map_err(|problems| {
            let mut problems: Vec<Problem> =
                problems.into_iter().filter_map(|problem| placed(&sources, problem)).collect();
            problems.sort();
            problems.dedup();
            problems
        })?;
        let entry = |kind: Arc<str>| {
            let path = [ROOT, &kind, ENTRY, "violation"];
            let rules = resolved.rules.iter().enumerate();
            let is_violation = |path_of: &[Arc<str>]| path_of.iter().map(|name| &**name).eq(path);
            let rules: Vec<usize> =
                rules.filter(|(_, rule)| is_violation(&rule.path)).map(|(at, _)| at).collect();
            let entry = program.entry(&rules);
            (kind, entry)
        };
        let entries = kinds.into_iter().map(entry).collect();
        Ok(Self { program, entries, sources })
    }

    /// Ready to ask about a review, with an inventory ([`crate::Inventory::to_value`]). Values live in `arena`.
    ///
    /// # Errors
    /// The request cannot be reviewed, or the arena is full.
    pub fn about<'a>(
        &'a self,
        review: &Review<'a>,
        inventory: &'a Value,
        arena: &'a Arena,
        settings: Settings,
    ) -> Result<Asking<'a>, AskError> {
        let full = |_| AskError::Limit("memory");
        let shown = review_val(review, arena).map_err(|unready| match unready {
            Unready::Review(error) => AskError::Review(error),
            Unready::Full(reason) => full(reason),
        })?;
        let data = arena.object(vec![(Val::String("inventory"), Val::of(inventory))]).map_err(full)?;
        let missing = review.namespace == NamespaceFact::Missing && review.namespace_name().is_some();
        let object = review.object();
        Ok(Asking { program: self, review: shown, object, data, arena, settings, pending: pending(missing) })
    }

    fn place(&self, (file, span): (usize, Span)) -> Option<Place> {
        Some(self.sources.get(file)?.1.span(span.start as usize, span.end as usize))
    }
}

/// Questions about one review.
pub struct Asking<'a> {
    program: &'a Program,
    review: Val<'a>,
    /// where violations have their place
    object: Option<&'a Value>,
    data: Val<'a>,
    arena: &'a Arena,
    settings: Settings,
    pending: &'static [Vec<Arc<str>>],
}

impl<'a> Asking<'a> {
    /// What the template of a kind finds, with the parameters of a constraint. Of a kind that nobody knows nothing.
    #[must_use]
    pub fn ask(&self, kind: &str, parameters: &'a Value) -> Found {
        let mut found = Found::default();
        let Some(entry) = self.program.entries.get(kind) else { return found };
        let input =
            vec![(Val::String("review"), self.review), (Val::String("parameters"), Val::of(parameters))];
        let Ok(value) = self.arena.object(input) else {
            found.errors.push(AskError::Limit("memory"));
            return found;
        };
        let input = Input { value: Some(value), pending: self.pending, now: self.settings.now };
        let program = &self.program.program;
        let answer = program.session(input, self.arena, self.settings.limits).over(self.data).ask(entry);
        found.errors = answer.wrong.iter().filter_map(|wrong| self.error(kind, wrong)).collect();
        let causes = match self.object {
            // Asked once more, to learn where in the object each answer comes from.
            Some(object) if !answer.given.is_empty() => {
                let session =
                    program.tracing(input, self.arena, self.settings.limits, object).over(self.data);
                causes(session, entry, &answer.given)
            }
            _ => Vec::new(),
        };
        let mut violations = Vec::new();
        for (member, cause) in members(entry, &answer.given, causes) {
            match self.violation(&member, cause) {
                Ok(violation) => violations.push(violation),
                Err(error) => found.errors.push(error),
            }
        }
        found.violations = sorted(violations);
        found
    }

    fn violation(&self, member: &Val<'a>, cause: Option<Cause>) -> Result<Violation, AskError> {
        let value = member.to_document().map_err(|_| AskError::Limit("depth"))?;
        let mut violation = Violation::read(&value)?;
        if let Some(cause) = cause {
            violation.condition = cause.condition.and_then(|place| self.program.place(place));
            violation.path = cause.path;
        }
        Ok(violation)
    }

    fn error(&self, kind: &str, wrong: &Wrong) -> Option<AskError> {
        match &wrong.what {
            WrongKind::Runtime(_) if wrong.of_builtin && !self.settings.strict => None,
            WrongKind::Runtime(message) => {
                let place = wrong.place.and_then(|place| self.program.place(place));
                Some(AskError::Runtime { message: as_written(kind, message), place })
            }
            WrongKind::Limit => Some(AskError::Limit("steps and memory")),
            WrongKind::Depth => Some(AskError::Limit("depth")),
            WrongKind::Pending(_) => Some(AskError::NeedsNamespace),
        }
    }
}

/// The causes of what was given; none where judging again did not give the same.
fn causes<'a>(mut session: Tracing<'a>, entry: &Entry, given: &[Val<'a>]) -> Vec<Cause> {
    let (again, causes) = session.ask(entry);
    if again.given == given { causes } else { Vec::new() }
}

/// The members of `violation`, each with its cause: what bodies added, or the members of the one value that it is. As
/// Gatekeeper has it, those of an object are its keys.
fn members<'a>(entry: &Entry, given: &[Val<'a>], causes: Vec<Cause>) -> Vec<(Val<'a>, Option<Cause>)> {
    if entry.is_whole() {
        let of = |value: &Val<'a>| match (value.as_set(), value.as_object()) {
            (Some(set), _) => set.0.to_vec(),
            (_, Some(object)) => object.iter().map(|(key, _)| key).collect(),
            _ => vec![*value],
        };
        return given.iter().flat_map(of).map(|member| (member, None)).collect();
    }
    let mut causes = causes.into_iter();
    given.iter().map(|member| (*member, causes.next())).collect()
}

/// What nobody has learned yet.
fn pending(missing: bool) -> &'static [Vec<Arc<str>>] {
    static PATHS: std::sync::LazyLock<[Vec<Arc<str>>; 2]> = std::sync::LazyLock::new(|| {
        [vec!["review".into(), "namespaceObject".into()], vec!["review".into(), "_unstable".into()]]
    });
    if missing { &*PATHS } else { &[] }
}

/// What is said about rules of a template, by the names that the template has for them.
fn as_written(kind: &str, message: &str) -> String {
    let mut said = message.to_owned();
    for root in [format!("data.{ROOT}.{kind}."), format!("data[\"{ROOT}\"].{kind}.")] {
        said = said.replace(&format!("{root}{ENTRY}."), "").replace(&root, "data.");
    }
    said
}

/// A problem at its place in the template's file; where a file is meant that nobody knows, nothing.
fn placed(sources: &[(Arc<str>, Source)], problem: tollgate_rego_resolve::Problem) -> Option<Problem> {
    let (kind, source) = sources.get(problem.file)?;
    let (start, end) = (problem.span.start as usize, problem.span.end as usize);
    let place = source.span(start, end);
    if source.text.get(start..end).is_some_and(|text| text.starts_with("external_data")) {
        let message = "`external_data` asks a provider over the network, and no judgement waits for one";
        let remedy = "put what the provider would say into the parameters or the inventory";
        return Some(place.error("refused-builtin", message).mended_by(remedy));
    }
    let remedy = problem.remedy.map(|remedy| as_written(kind, &remedy));
    Some(place.error(problem.code, as_written(kind, &problem.message)).mended_if(remedy))
}

#[cfg(test)]
mod tests;
